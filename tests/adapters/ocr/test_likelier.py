"""What the engine wavers over is settled by the page, and nothing else is touched."""

from __future__ import annotations

import pytest

from shared.adapters.ocr.amounts import decimal_mark, plausible
from shared.adapters.ocr.lexicon import language_of
from shared.adapters.ocr.likelier import likelier
from shared.adapters.ocr.lines import Char, Readings, ReadLine

SPANISH = "Según el acta acudieron veintiséis personas y quedó escrito también mañana después"
ENGLISH = "Somebody asked whether the reading room could stay open after the meeting on Tuesday"


def line(text: str, **doubts: float) -> ReadLine:
    """A line as it was read; `doubts` are spelled like `í4=0.3`: character 4 of the text may be í, that likely."""
    readings: dict[int, Readings] = {}
    for name, p in doubts.items():
        at = int(name[1:])
        readings[at] = (*readings.get(at, ((text[at], round(1 - p, 3)),)), (name[0], p))
    solid = [at for at, char in enumerate(text) if not char.isspace()]
    chars = tuple(
        Char(at / len(text), readings[at][0][1] if at in readings else 0.999, readings=readings.get(at, ()))
        for at in solid
    )
    return ReadLine(text, 0.98, chars)


def marked(text: str, at: int, mark: str, p: float) -> ReadLine:
    """As `line`, for a mark that cannot be spelled as a name."""
    found = line(text)
    index = len("".join(text[:at].split()))
    chars = list(found.chars)
    chars[index] = Char(chars[index].middle, 1 - p, readings=((text[at], 1 - p), (mark, p)))
    return ReadLine(text, 0.98, tuple(chars))


def read(page: str, *lines: ReadLine) -> list[str]:
    return [one.text for one in likelier([line(page), *lines])][1:]


def test_a_word_that_the_language_knows_goes_before_one_that_it_does_not() -> None:
    assert read(SPANISH, line("y todavia hoy", í7=0.09)) == ["y todavía hoy"]
    assert read(SPANISH, line("y todavía hoy", i7=0.4)) == ["y todavía hoy"]
    assert read(ENGLISH, line("in the fcont", r8=0.4)) == ["in the front"]


def test_a_short_word_that_is_none_is_rather_a_common_one() -> None:
    assert read(SPANISH, line("lo quc dijo", e5=0.3)) == ["lo que dijo"]
    assert read(ENGLISH, line("in thc front", e5=0.2)) == ["in the front"]
    assert read(ENGLISH, line("in thc front", y5=0.2)) == ["in thc front"]


def test_a_name_has_the_accent_and_the_capital_that_names_have() -> None:
    assert read(SPANISH, line("dijo iñigo", Í5=0.1)) == ["dijo Íñigo"]
    assert read(SPANISH, line("dijo Íñigo", i5=0.1)) == ["dijo Íñigo"]
    assert read(SPANISH, line("señora Galdiñez", í11=0.05)) == ["señora Galdíñez"]  # in no table: names in -ez
    assert read(SPANISH, line("señora Galdina", í11=0.05)) == ["señora Galdina"]


def test_a_foreign_accent_needs_little_to_go() -> None:
    assert read(ENGLISH, line("a loan répayment", e8=0.004)) == ["a loan repayment"]


def test_on_a_page_of_names_another_letter_must_be_likelier() -> None:
    assert read(ENGLISH, line("beyond the fcont", r12=0.02)) == ["beyond the front"]
    malay = f"{ENGLISH} Alam Selangor Seksyen Jalan Kuala Subang Bangsar"
    assert read(malay, line("beyond the fcont", r12=0.02)) == ["beyond the fcont"]
    assert read(malay, line("beyond the fcont", r12=0.2)) == ["beyond the front"]


def test_another_vowel_makes_another_word_too_soon() -> None:
    assert read(SPANISH, line("Páguese hoy", é1=0.04)) == ["Páguese hoy"]


def test_of_too_many_ways_the_likeliest_are_looked_at() -> None:
    wavers = {f"{letter}{at}": 0.015 for at, letter in enumerate("bcdfghj")}
    assert read(SPANISH, line("Tuberia nueva", í5=0.03, **wavers)) == ["Tubería nueva"]


def test_no_sentence_begins_with_a_small_letter() -> None:
    assert read(SPANISH, marked("la presión. pero no", 10, ",", 0.05)) == ["la presión, pero no"]
    for text, p in (("la presión. Pero no", 0.05), ("la presión. pero no", 0.01), ("pág. siete", 0.05)):
        assert read(SPANISH, marked(text, text.index("."), ",", p)) == [text]


def test_a_common_word_goes_before_a_rare_one_that_differs_by_an_accent() -> None:
    assert read(SPANISH, line("hacía frio allá", í8=0.2)) == ["hacía frío allá"]
    assert read(SPANISH, line("treinta dias", í9=0.14)) == ["treinta días"]


@pytest.mark.parametrize(
    ("page", "doubtful"),
    [
        (SPANISH, line("y todavia hoy")),  # the engine is sure
        (SPANISH, line("y todavia hoy", á8=0.3)),  # no better word
        (SPANISH, line("la casa nueva", p3=0.4)),  # both are words: another letter stays out
        (ENGLISH, line("TEO AND SONS", D2=0.4)),  # so short a name is soon another word
        (SPANISH, line("escriba a maria@correo.es", í14=0.3)),  # an address
        (SPANISH, line("TELEFONO 2", É3=0.1)),  # capitals without accents on this page
        (ENGLISH.replace("o", "0"), line("todavia", í5=0.3)),  # no language that is known
        ("Die Versammlung begann gestern pünktlich nach dem Abendessen und dauerte lange", line("fur uns", ü1=0.4)),
    ],
)
def test_what_the_page_does_not_settle_stays_as_it_was_read(page: str, doubtful: ReadLine) -> None:
    assert read(page, doubtful) == [doubtful.text]


def test_digits_stay_as_they_were_read() -> None:
    doubtful = line("año 1978 y l0 más", á4=0.3, o12=0.4)
    assert read(SPANISH, doubtful) == [doubtful.text]


def test_a_letter_that_the_language_lacks_is_the_less_likely_one() -> None:
    assert read(SPANISH, line("señor Nüñoz", ú7=0.42)) == ["señor Núñoz"]
    assert read(SPANISH, line("con vergüenza", ú8=0.1)) == ["con vergüenza"]


def test_what_was_chosen_against_the_reading_is_less_sure() -> None:
    [_, chosen] = likelier([line(SPANISH), line("y todavia hoy", í7=0.09)])
    assert chosen.chars[6].confidence == 0.09
    assert len(chosen.chars) == len("ytodavíahoy")


def test_the_amounts_of_a_page_tell_its_decimal_mark() -> None:
    amounts = [line(text) for text in ("16.007,76", "2.331,49", "8.107,96", "553,88")]
    assert read(SPANISH, *amounts, marked("889.32", 3, ",", 0.02))[-1] == "889,32"
    english = [line(text) for text in ("16,007.76", "2,331.49", "8,107.96", "44.20", "1.15", "63.60")]
    assert read(ENGLISH, *english, marked("889,32", 3, ".", 0.2))[-1] == "889.32"


def test_a_mark_before_an_amount_may_be_a_minus() -> None:
    assert read(SPANISH, marked("saldo .258,78", 6, "-", 0.2)) == ["saldo -258,78"]
    assert read(SPANISH, marked("saldo .50", 6, "-", 0.2)) == ["saldo .50"]
    assert read(SPANISH, line("saldo .258,78")) == ["saldo .258,78"]


def test_of_two_ways_to_mark_an_amount_one_must_be_clear() -> None:
    both = line("1.260.50")
    for first, second, expected in ((0.3, 0.001, "1,260.50"), (0.3, 0.2, "1.260.50"), (0.0, 0.3, "1.260,50")):
        readings = {1: ((".", 1 - first), (",", first)), 5: ((".", 1 - second), (",", second))}
        chars = [Char(0, 0.9, readings=readings.get(at, ())) for at, _ in enumerate(both.chars)]
        assert plausible("1.260.50", chars, None) == expected


def test_a_number_with_two_decimal_marks_makes_no_sense() -> None:
    assert read(SPANISH, marked("25.216.80", 6, ",", 0.38)) == ["25.216,80"]
    assert read(SPANISH, line("25.216.80")) == ["25.216.80"]


@pytest.mark.parametrize("number", ["14.02.2025", "1.234.567", "3.5", "192.168.1.10", "40.55"])
def test_numbers_that_are_no_doubtful_amounts_stay(number: str) -> None:
    assert plausible(number, [Char(0, 0.9) for _ in number], ",") == number


def test_worn_commas_tell_more_than_points() -> None:
    worn = [("7.087.50", marked("7.087.50", 5, ",", 0.3).chars) for _ in range(4)]
    assert decimal_mark(worn) == ","
    assert decimal_mark([("7.50", marked("7.50", 1, ",", 0.3).chars)]) is None
    assert decimal_mark([("44.20", line("44.20").chars)] * 5) == "."


def test_the_mark_of_thousands_tells_the_decimal_one() -> None:
    faint = [("7.087.50", marked("7.087.50", 5, ",", 0.03).chars) for _ in range(3)]
    assert decimal_mark(faint) == ","
    english = [("7.087.50", marked("7.087.50", 1, ",", 0.03).chars) for _ in range(3)]
    assert decimal_mark(english) == "."


def test_a_page_of_few_or_foreign_words_has_no_language() -> None:
    assert language_of(SPANISH.split()) == ("es", 0.9)
    assert language_of(ENGLISH.split()) == ("en", 1.0)
    assert language_of(["casa", "mesa"]) is None
    assert language_of(["Rechnungsbetrag", "Umsatzsteuer", "Zahlungsziel", "Lieferung", "Menge", "Einzelpreis"]) is None
