"""Who sells and who buys, on papers whose headings say so and on papers that leave it to letterhead and window."""

import pytest

from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType, Page
from shared.domain.extraction import extract
from tests.domain.papers import paper

LINES: list[str | list[tuple[float, str]]] = [
    [(50, "Description"), (450, "Qty"), (600, "Price"), (800, "Amount")],
    [(50, "Oak shelf"), (450, "2"), (600, "450.00"), (800, "900.00")],
    [(600, "Total"), (800, "900.00")],
]


def read(*rows: str | list[tuple[float, str]], language: str = "en") -> BusinessRecord:
    return extract([paper(*rows, *LINES)], DocumentType.INVOICE, language)


def test_a_name_at_the_head_is_confirmed_by_the_address_of_the_net() -> None:
    record = read(
        [(700, "Wholesale for bakers")],
        "Blue Kettle",
        "4 Mill Lane",
        "Leeds LS1 5AB",
        "Tel. 0113 000 0000 www.blue-kettle.example",
        "",
        "Invoice A-117",
    )
    assert (record.seller_name, record.seller_address) == ("Blue Kettle", "4 Mill Lane, Leeds LS1 5AB")


def test_a_name_at_the_head_that_nothing_else_speaks_for_is_not_taken() -> None:
    assert read("Wholesale for bakers", "Invoice A-117").seller_name is None


def test_another_name_in_the_address_of_the_net_is_a_reason_for_doubt() -> None:
    head = ["Blue Kettle", "4 Mill Lane", "Leeds LS1 5AB"]
    assert read(*head, "", "Questions? help@cooking-pots.example").seller_name is None


def test_the_buyers_address_of_the_net_confirms_nobody_else() -> None:
    record = read(
        "Wholesale for bakers", "", "Bill to", "Copper Pot", "4 Mill Lane", "Leeds LS1 5AB", "us@copperpot.example"
    )
    assert (record.seller_name, record.buyer_name) == (None, "Copper Pot")


def test_the_holder_of_the_account_and_the_foot_of_the_page_name_the_seller() -> None:
    rows = ["Factura A-117", *[""] * 50]
    foot = [
        "IBAN: ES91 2100 0418 4502 0005 1332, titular de la cuenta: FAROLERA",
        "FAROLERA",
        "CIF B12345674, Registro Mercantil",
    ]
    record = extract([paper(*rows, *foot)], DocumentType.INVOICE, "es")
    assert record.seller_name == "FAROLERA"
    assert record.sources["seller_name"].confidence < 0.9


def test_of_two_companies_without_any_sign_neither_is_the_seller() -> None:
    assert read("Copper Pot Ltd", "Blue Kettle Ltd", "Invoice A-117").seller_name is None


def test_a_company_that_may_be_half_a_name_is_not_taken() -> None:
    assert read("Grand Northern", "Assurance Company Ltd", "Invoice A-117").seller_name is None


@pytest.mark.parametrize(
    "name",
    [
        "Cazuelas del Norte S.A. de C.V.",
        "Cazuelas del Sur S.A.C.",
        "Ollas Andinas Cía. Ltda.",
        "Hervidores SpA",
        "Pentole Rosse S.r.l.",
        "Panelas do Porto, Unipessoal Lda.",
        "Topfwerk GmbH & Co. KG",
        "Garnki Sp. z o.o.",
        "Casseroles du Rhône SASU",
    ],
)
def test_the_only_company_of_a_paper_sells_whatever_its_country_calls_it(name: str) -> None:
    assert read(name, "Invoice A-117").seller_name == name


def test_who_is_addressed_without_a_heading_buys() -> None:
    record = read(
        [(600, "Blue Kettle Ltd")],
        [(600, "1 Harbour Road")],
        [(600, "Bristol BS1 4DJ")],
        "",
        [(50, "The Copper Pot")],
        [(50, "4 Mill Lane")],
        [(50, "Leeds LS1 5AB")],
        "",
        "Invoice A-117",
    )
    assert (record.seller_name, record.buyer_name) == ("Blue Kettle Ltd", "The Copper Pot")
    assert record.buyer_address == "4 Mill Lane, Leeds LS1 5AB"


def test_of_two_addresses_without_a_seller_neither_buys_unless_one_is_greeted() -> None:
    first = ["The Copper Pot", "4 Mill Lane", "Leeds LS1 5AB", ""]
    assert read(*first, "Corner House", "9 Low Street", "York YO1 7HH").buyer_name is None
    assert read(*first, "Mrs", "Jane Doe", "9 Low Street", "York YO1 7HH").buyer_name == "Mrs Jane Doe"


def test_the_window_of_an_envelope_may_begin_left_of_the_senders_line() -> None:
    record = read(
        [(120, "Topfwerk GmbH - Bahnweg 3 - 12345 Musterort"), (700, "Topfwerk GmbH")],
        [(60, "Gasthaus zur Linde"), (700, "Bahnweg 3")],
        [(60, "Lindenallee 7"), (700, "12345 Musterort")],
        [(60, "54321 Beispielstadt"), (700, "USt-ID: DE136695976")],
        "Kunde: 22",
        language="de",
    )
    assert (record.seller_name, record.buyer_name) == ("Topfwerk GmbH", "Gasthaus zur Linde")
    assert (record.buyer_address, record.seller_tax_id) == ("Lindenallee 7, 54321 Beispielstadt", "DE136695976")


def test_the_block_of_a_heading_ends_at_the_next_column() -> None:
    record = read(
        "Blue Kettle Ltd",
        [(50, "Delivery address"), (550, "The Copper Pot")],
        [(50, "Back door"), (550, "4 Mill Lane")],
        [(50, "York YO1 7HH"), (550, "Leeds LS1 5AB")],
    )
    assert (record.buyer_name, record.buyer_address) == ("The Copper Pot", "4 Mill Lane, Leeds LS1 5AB")


@pytest.mark.parametrize("heading", ["Señor(es):", "Receptor", "To:", "Datos de facturación", "Para:", "Guest name:"])
def test_buyers_are_headed_in_many_words(heading: str) -> None:
    assert (
        read("Blue Kettle Ltd", "", heading, "The Copper Pot", "4 Mill Lane, Leeds LS1 5AB").buyer_name
        == "The Copper Pot"
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("VAT-ID: DE136695976", "DE136695976"),
        ("RUC: 20100070970", "20100070970"),
        ("RUT: 76.086.428-5", "760864285"),
        ("R.F.C. ABC010203XY9", "ABC010203XY9"),
        ("P. IVA IT00743110157", "IT00743110157"),
        ("NIF ES-B12345674", "ESB12345674"),
    ],
)
def test_tax_ids_of_many_countries_are_the_sellers(written: str, meant: str) -> None:
    assert read("Blue Kettle Ltd", written).seller_tax_id == meant


def test_pages_without_places_are_read_as_before() -> None:
    text = "Blue Kettle Ltd\nInvoice A-117\nBill to:\nThe Copper Pot\n4 Mill Lane\nLeeds LS1 5AB\n"
    record = extract([Page(1, text, "native")], DocumentType.INVOICE, "en")
    assert (record.seller_name, record.buyer_name) == ("Blue Kettle Ltd", "The Copper Pot")


def test_a_senders_line_whose_marks_the_reader_lost_is_cut_after_the_legal_form() -> None:
    record = read(
        "Topfwerk GmbH Bahnweg 3 12345 Musterort",
        "Gasthaus zur Linde",
        "Lindenallee 7",
        "54321 Beispielstadt",
        "",
        "",
        "USt.-ld.-Nr.: DE136695976",
        language="de",
    )
    assert (record.seller_name, record.buyer_name) == ("Topfwerk GmbH", "Gasthaus zur Linde")
    assert (record.seller_address, record.seller_tax_id) == ("Bahnweg 3 12345 Musterort", "DE136695976")
