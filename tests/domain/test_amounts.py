from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.amounts import amounts, decimal_mark
from shared.domain.dates import dates, day_first
from shared.domain.identifiers import find_ibans, iban_is_valid, spanish_tax_id_is_valid


@pytest.mark.parametrize(
    ("text", "language", "value", "currency"),
    [
        ("Total: 1.234,56 €", "es", "1234.56", "EUR"),
        ("Total USD 1,234.56", "en", "1234.56", "USD"),
        ("€ 4.904,94", "nl", "4904.94", "EUR"),
        ("£4 355.86", "en", "4355.86", "GBP"),
        ("$ 1,234", "en", "1234", "$"),
        ("1.234 €", "es", "1234", "EUR"),
        ("-12,30", "es", "-12.30", None),
        ("12,30-", "de", "-12.30", None),
    ],
)
def test_amounts_are_read_as_their_language_writes_them(
    text: str, language: str, value: str, currency: str | None
) -> None:
    (found,) = amounts(text, decimal_mark(text, language))
    assert (found.value, found.currency) == (Decimal(value), currency)


def test_percentages_dates_and_numbers_of_things_are_no_amounts() -> None:
    assert [str(found.value) for found in amounts("IVA 21 % 3,00 el 12/05/2024 ref A12/34", ",")] == ["3.00"]


def test_a_quantity_before_a_price_is_not_a_thousand() -> None:
    assert [str(found.value) for found in amounts("3 125,00", ",")] == ["3", "125.00"]
    assert [str(found.value) for found in amounts("3 125,00", ",", blanks_group=True)] == ["3125.00"]


@given(st.decimals(0, 10**9, places=2), st.sampled_from([",", "."]))
def test_an_amount_reads_back_as_it_was_written(value: Decimal, mark: str) -> None:
    written = f"{value:,.2f}" if mark == "." else f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert [found.value for found in amounts(written, mark)] == [value]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a 20 de marzo de 2024", date(2024, 3, 20)),
        ("7. Mai 2014", date(2014, 5, 7)),
        ("Jan 1, 2022", date(2022, 1, 1)),
        ("le 1er août 2015", date(2015, 8, 1)),
        ("19 april 2014", date(2014, 4, 19)),
        ("2024-05-06", date(2024, 5, 6)),
        ("05/16/2024", date(2024, 5, 16)),
        ("03.04.24", date(2024, 4, 3)),
    ],
)
def test_dates_are_read_in_the_ways_people_write_them(text: str, expected: date) -> None:
    assert [found.value for found in dates(text, None)] == [expected]


def test_an_ambiguous_date_is_left_out_unless_the_text_tells() -> None:
    assert dates("03/04/2024", day_first("Invoice 03/04/2024", "en")) == []
    assert dates("03/04/2024", day_first("Factura 03/04/2024", "es"))[0].value == date(2024, 4, 3)
    assert dates("03/04/2024", day_first("03/04/2024 and 04/25/2024", "en"))[0].value == date(2024, 3, 4)
    assert dates("03/04/2024", day_first("03/04/2024 VAT 20% London UK", "en"))[0].value == date(2024, 4, 3)
    assert dates("30/02/2024", True) == []


def test_ibans_are_found_and_checked() -> None:
    text = "IBAN: ES91 2100 0418 4502 0005 1332 - BIC"
    ((iban, start, end),) = find_ibans(text)
    assert iban == "ES9121000418450200051332"
    assert text[start:end] == "ES91 2100 0418 4502 0005 1332"
    assert iban_is_valid(iban)
    assert not iban_is_valid(iban.replace("1332", "1333"))


@pytest.mark.parametrize("tax_id", ["12345678Z", "X1234567L", "A58818501", "B-12345674", "Q2826000H", "ESB58378431"])
def test_spanish_tax_ids_have_a_control_character(tax_id: str) -> None:
    assert spanish_tax_id_is_valid(tax_id)
    assert not spanish_tax_id_is_valid(tax_id[:-1] + ("A" if tax_id[-1] != "A" and tax_id[-1].isalpha() else "9"))
