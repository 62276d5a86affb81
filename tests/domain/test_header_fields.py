"""Fields of a bill that the paper does not print, or prints in a way that needs a second look."""

from datetime import date
from decimal import Decimal

import pytest

from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType
from shared.domain.extraction import extract
from tests.domain.papers import paper

HEAD = ["Blue Kettle Ltd", "Invoice A-117", "Invoice date: 14/03/2024"]
Rows = str | list[tuple[float, str]]


def read(*rows: Rows, language: str = "en") -> BusinessRecord:
    return extract([paper(*rows)], DocumentType.INVOICE, language)


@pytest.mark.parametrize(
    "terms",
    [
        "Payment within 30 days of the invoice date",
        "Terms: 30 days net",
        "Net 30 days",
        "Zahlbar innerhalb von 30 Tagen ohne Abzug",
        "Vencimiento a 30 días fecha factura",
        "Paiement à 30 jours",
        "Pagamento a 30 giorni",
    ],
)
def test_a_bill_that_names_days_is_due_by_them_less_surely_than_by_a_date(terms: str) -> None:
    record = read(*HEAD, terms)
    assert record.due_date == date(2024, 4, 13)
    assert record.sources["due_date"].confidence <= 0.6


@pytest.mark.parametrize(
    "terms",
    [
        "2 % Skonto bei Zahlung innerhalb von 10 Tagen",
        "Queries on payment within 30 days of this invoice please",
        "Payment 30 days from end of month",
        "Delivered within 30 days",
        "Payment within 30 days or payment within 60 days for members",
    ],
)
def test_other_days_are_not_taken_for_terms(terms: str) -> None:
    assert read(*HEAD, terms).due_date is None


def test_a_date_that_is_printed_wins_over_terms() -> None:
    assert read(*HEAD, "Due date: 20/03/2024", "Payment within 30 days").due_date == date(2024, 3, 20)


def test_a_british_postcode_says_that_the_day_comes_first() -> None:
    assert read("Blue Kettle Ltd", "4 Mill Lane, Leeds LS1 5AB", "Date: 06/12/2024").issue_date == date(2024, 12, 6)
    assert read("Blue Kettle Ltd", "4 Mill Lane", "Date: 06/12/2024").issue_date is None


def test_without_any_sign_of_money_the_country_of_all_parties_gives_the_currency_unsurely() -> None:
    record = read(*HEAD, "Customer: The Copper Pot", "Address: 4 Mill Lane, Leeds, LS1 5AB", "Total 12.00")
    assert (record.currency, record.sources["currency"].confidence <= 0.4) == ("GBP", True)
    assert (
        read(*HEAD, "Customer: The Copper Pot", "Address: 4 Mill Lane, Leeds, LS1 5AB", "Total €12.00").currency
        == "EUR"
    )
    assert read(*HEAD, "Total 12.00").currency is None


def test_a_dollar_is_the_dollar_or_peso_of_the_country() -> None:
    rows = ["Factura A-117", "Cliente: La Olla", "Domicilio: Calle 5, 06000 Ciudad de México, México", "Total $ 12.00"]
    assert read(*rows, language="es").currency == "MXN"


LINES: list[Rows] = [
    [(50, "Description"), (450, "Qty"), (600, "Price"), (800, "Amount")],
    [(50, "Oak shelf"), (450, "2"), (600, "450.00"), (800, "900.00")],
    [(50, "Transport"), (450, "1"), (600, "100.00"), (800, "100.00")],
    [(600, "Total"), (800, "1000.00")],
]


def test_where_no_tax_is_named_the_lines_that_make_the_total_are_the_net() -> None:
    record = read(*HEAD, *LINES)
    assert (record.net, record.tax) == (Decimal("1000.00"), None)
    assert record.sources["net"].confidence < 0.7


def test_where_a_tax_is_named_the_net_stays_open_unless_prices_are_said_to_be_without_it() -> None:
    assert read(*HEAD, *LINES, "Prices include VAT").net is None
    assert read(*HEAD, "All prices without VAT", *LINES).net == Decimal("1000.00")


def test_a_tax_of_nothing_leaves_the_total_as_the_net() -> None:
    assert read(*HEAD, [(600, "VAT"), (800, "0.00")], [(600, "Total"), (800, "1000.00")]).net == Decimal("1000.00")


def test_a_number_that_is_called_iban_and_is_none_is_read_for_validation_to_say_so() -> None:
    record = read(*HEAD, "IBAN: DE12 1234 4321 9876 00")
    assert (record.iban, record.sources["iban"].confidence <= 0.3) == ("DE1212344321987600", True)
    good = read(*HEAD, "IBAN: DE12 1234 4321 9876 00", "IBAN ES91 2100 0418 4502 0005 1332")
    assert good.iban == "ES9121000418450200051332"


def test_an_article_for_nothing_and_a_discount_without_percent_sign_are_lines() -> None:
    record = read(
        *HEAD,
        [(50, "Description"), (400, "Qty"), (550, "Price"), (680, "Disc."), (800, "Amount")],
        [(50, "Oak shelf"), (400, "2 pcs"), (550, "450.00"), (680, "10.00"), (800, "810.00")],
        [(50, "Leaflet"), (400, "5 pcs"), (550, "0.00"), (800, "0.00")],
        [(550, "Total"), (800, "810.00")],
    )
    shelf, leaflet = record.lines
    assert (shelf.quantity, shelf.discount, shelf.amount) == (Decimal(2), Decimal("90.00"), Decimal("810.00"))
    assert (leaflet.quantity, leaflet.amount) == (Decimal(5), Decimal("0.00"))
