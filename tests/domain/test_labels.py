import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.labels import LONGEST, clean_label, normalise_label


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Miedo al fracaso", "miedo al  Fracaso."),
        ("La soledad", "Soledad"),
        ("The fear of failure", "Fear of failure"),
        ("A sense of belonging", "Sense of belonging"),
        ("Emoción", "emociones"),
        ("Razón", "Razones"),
        ("Dificultad económica", "dificultades económicas"),
        ("Mujer trabajadora", "mujeres trabajadoras"),
        ("Voz propia", "voces propias"),
        ("Profesor", "profesores"),
        ("Red de apoyo", "redes de apoyo"),
        ("Attitude", "Attitudes"),
        ("Strategy", "strategies"),
        ("Support networks", "support network"),
        ("Process", "processes"),
        ("Interés", "intereses"),
        ("Noche", "noches"),
        ("Service", "services"),
        ("Score", "scores"),
        ("Coping-strategies", "coping strategy"),
        ("Imagen", "imágenes"),
        ("Papel", "papeles"),
    ],
)
def test_the_same_idea_has_one_form(one: str, other: str) -> None:
    assert normalise_label(one) == normalise_label(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("caso", "casa"),
        ("apoyo", "no apoyo"),
        ("con miedo", "sin miedo"),
        ("trust", "no trust"),
        ("año", "ano"),
        ("a veces", "veces"),
        ("care", "car"),
        ("antes", "ante"),
        ("celos", "celo"),
        ("pena", "pene"),
        ("goods", "good"),
        ("lo desconocido", "desconocido"),
        ("plane", "plan"),
        ("ethics", "ethic"),
        ("modo", "moda"),
        ("partes", "partos"),
    ],
)
def test_different_ideas_stay_apart(one: str, other: str) -> None:
    assert normalise_label(one) != normalise_label(other)


@given(st.text(max_size=60))
def test_normalising_does_not_fail_and_ignores_case_and_blanks(label: str) -> None:
    assert normalise_label(f"  {label} ") == normalise_label(label)


@pytest.mark.parametrize(
    ("label", "shown"),
    [("  “Miedo  al\nfracaso”. ", "Miedo al fracaso"), ("**Trust**", "Trust"), ("'Quoted.'", "Quoted"), ("...", "")],
)
def test_a_label_is_shown_without_trimmings(label: str, shown: str) -> None:
    assert clean_label(label) == shown


@given(st.text(max_size=300))
def test_a_shown_label_is_short_and_stays_as_it_is(label: str) -> None:
    shown = clean_label(label)
    assert len(shown) <= LONGEST
    assert clean_label(shown) == shown
