"""Sentences, turns and phrases, without the encoder."""

import pytest

from shared.adapters.offline_analyst.lexicon import lexicon_for
from shared.adapters.offline_analyst.phrases import phrases
from shared.adapters.offline_analyst.sentences import spoken_sentences, turns


def labels(sentence: str, language: str) -> set[str]:
    return {phrase.label for phrase in phrases(sentence, lexicon_for(language))}


@pytest.mark.parametrize(
    ("sentence", "language", "label"),
    [
        ("I felt watched by everybody.", "en", "feeling watched"),
        ("I lost the trust of my team.", "en", "losing the trust"),
        ("We had to hide our notes.", "en", "having to hide our notes"),
        ("I couldn't ask for help.", "en", "not being able to ask for help"),
        ("She never trusted the new office.", "en", "never trusting the office"),
        ("There was a sense of loss.", "en", "sense of loss"),
        ("I had a fear of falling.", "en", "fear of falling"),
        ("You make yourself small.", "en", "making oneself small"),
        ("I am not a parcel.", "en", "not being a parcel"),
        ("Me siento vigilada en el trabajo.", "es", "sentirse vigilada"),
        ("Perdí la confianza en ellos.", "es", "perder la confianza"),
        ("Tengo que esconder mis notas.", "es", "tener que esconder mis notas"),
        ("No podía descansar nunca.", "es", "no poder descansar"),
        ("Había una falta de tiempo.", "es", "falta de tiempo"),
        ("Tenía miedo a equivocarme.", "es", "miedo a equivocarse"),
        ("Yo no soy un paquete.", "es", "no ser un paquete"),
        ("Nunca confié en la oficina.", "es", "nunca confiar en la oficina"),
    ],
)
def test_a_phrase_that_reads_like_a_code_is_found(sentence: str, language: str, label: str) -> None:
    assert label in labels(sentence, language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("It was a long time ago and that was a good thing.", "en"),
        ("I was good at that kind of thing.", "en"),
        ("Hace mucho tiempo de esa cosa y fue algo bueno.", "es"),
        ("Fue una buena cosa para todo el mundo.", "es"),
    ],
)
def test_empty_words_make_no_label(sentence: str, language: str) -> None:
    assert labels(sentence, language) == set()


def test_names_never_stand_in_a_label() -> None:
    assert not any("Ana" in label or "ana" in label.split() for label in labels("I missed the help of Ana Ruiz.", "en"))


def test_sentences_are_exact_spans_and_abbreviations_do_not_end_them() -> None:
    text = "Rosa: El Sr. Gómez vino tarde. «¡Qué rabia!», pensé... y me fui. Luego lloré."
    found = spoken_sentences(text, lexicon_for("es"))
    assert all(text[s.start : s.end] == s.text for s in found)
    assert found[0].text == "El Sr. Gómez vino tarde."
    assert found[-1].text == "Luego lloré."
    assert {s.speaker for s in found} == {"Rosa"}


@pytest.mark.parametrize(
    "text",
    ["**Ana Ruiz:** hello there\n\n**Tom:** hi", "Ana Ruiz: hello there\nTom: hi", "- Ana Ruiz: hello there. Tom: hi"],
)
def test_turns_are_told_by_their_names(text: str) -> None:
    assert [turn.speaker for turn in turns(text, lexicon_for("en"))] == ["Ana Ruiz", "Tom"]


def test_a_colon_in_a_sentence_is_no_turn() -> None:
    assert [turn.speaker for turn in turns("Note: the thing is: we lost.", lexicon_for("en"))] == [None]
