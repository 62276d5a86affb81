import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.sentences import main_speaker, sentences, turns


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "one",
    [
        "El Sr. Pérez y la Sra. Díaz vieron a la Dra. Ruiz ayer.",
        "Vive de cosas pequeñas, p. ej. de tejer, etc. y de vender.",
        "Costó 3.50 euros según el núm. 5 de la pág. 12.",
        "Mr. Smith has e.g. two dogs, i.e. pets.",
        "See No. 7 of the list by J. R. Brown.",
        "Bueno… pues eso creo.",
        "Trabajé en EE. UU. desde 1999.",
        "Dijo «¡basta!» y se fue.",
    ],
)
def test_abbreviations_initials_and_decimals_do_not_end_a_sentence(one: str) -> None:
    assert split(one) == [one]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¿Qué tal? ¡Bien! Me fui.", ["¿Qué tal?", "¡Bien!", "Me fui."]),
        ('Dijo: "No." Luego calló.', ['Dijo: "No."', "Luego calló."]),
        ("Compramos pan, etc. ¿Y tú?", ["Compramos pan, etc.", "¿Y tú?"]),
        ("No. But I tried.", ["No.", "But I tried."]),
        ("Y entonces... Nada.", ["Y entonces...", "Nada."]),
        ("Un título\n\nUna frase.", ["Un título", "Una frase."]),
        (
            "i felt calm. at first i did not know. then i did.",
            ["i felt calm.", "at first i did not know.", "then i did."],
        ),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@given(st.text(alphabet='aB. ?!…\n"¿1', max_size=80))
def test_sentences_hold_every_visible_character_once_and_in_order(text: str) -> None:
    assert "".join("".join(split(text)).split()) == "".join(text.split())


def test_turns_know_speaker_and_spoken_words() -> None:
    text = "S\n\nEntrevistadora: ¿Y?\nMaría (P1): [00:12:31] Bien.\n**Ana Díaz:** \\[00:04:01.06\\] Ya.\nMaría (P1): No"
    found = turns(text)
    assert [turn.speaker for turn in found] == ["Entrevistadora", "María (P1)", "Ana Díaz", "María (P1)"]
    assert [text[turn.spoken : turn.end] for turn in found] == ["¿Y?", "Bien.", "Ya.", "No"]
    assert text[found[2].start :].startswith("**Ana")


def test_a_time_code_before_the_label_is_part_of_the_turn_only() -> None:
    text = "[00:01:02] P: ¿Sí?\n[00:01:09] R: Claro que sí."
    found = turns(text)
    assert [text[turn.spoken : turn.end] for turn in found] == ["¿Sí?", "Claro que sí."]
    assert text[found[1].start :].startswith("[00:01:09]")


def test_labels_of_a_form_are_not_speakers() -> None:
    assert turns("Factura: 12\nFecha: 3 de mayo\nTotal: 20\nTotal: 30\nNota: gracias") == []
    assert turns("Dicho esto: nada.\nOtra cosa.") == []


def test_the_main_speaker_says_most() -> None:
    text = "Ana: ¿Y?\nLuis: Pues una respuesta larga.\nAna: Ya.\nLuis: Sí."
    assert main_speaker(turns(text), 0, len(text)) == "Luis"
    assert main_speaker([], 0, 3) is None
