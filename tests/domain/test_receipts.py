"""Receipts: what was paid, when, where, whatever the till calls it and the reader of pictures makes of it."""

from datetime import date
from decimal import Decimal

import pytest

from bench.evaluation.made_receipts import FIELDS, right
from bench.tills.receipts import receipt
from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType
from shared.domain.extraction import extract
from tests.domain.papers import paper

HEAD = [
    "HARBOUR LIGHT TRADING SDN BHD",
    "(123456-X)",
    "NO. 7, JALAN PERDANA 3,",
    "81200 JOHOR BAHRU",
    "TEL: 07-111 2222",
]


def read(*rows: str | list[tuple[float, str]], language: str = "en") -> BusinessRecord:
    return extract([paper(*rows)], DocumentType.RECEIPT, language)


def total_of(*rows: str) -> Decimal | None:
    return read(*HEAD, *rows).total


def test_a_receipt_is_read_whole_and_every_field_knows_its_place() -> None:
    record = read(
        *HEAD,
        "TAX INVOICE",
        "DATE : 12/02/2018 14:31",
        [(50, "TOTAL (EXCLUDING GST)"), (500, "28.58")],
        [(50, "GST 6%"), (500, "1.72")],
        [(50, "TOTAL (INCLUSIVE OF GST)"), (500, "30.30")],
        [(50, "CASH"), (500, "50.00")],
        [(50, "CHANGE"), (500, "19.70")],
    )
    assert (record.total, record.net, record.tax) == (Decimal("30.30"), Decimal("28.58"), Decimal("1.72"))
    assert record.issue_date == date(2018, 2, 12)
    assert record.seller_name == "HARBOUR LIGHT TRADING SDN BHD"
    assert record.seller_address == "NO. 7, JALAN PERDANA 3, 81200 JOHOR BAHRU"
    source = record.sources["total"]
    assert (source.page, source.confidence > 0.9) == (1, True)
    assert source.box is not None


def test_a_spanish_ticket_is_read_as_well() -> None:
    record = read(
        "CAFETERÍA LA ESQUINA S.L.",
        "C/ Mayor 12, 28013 Madrid",
        "NIF: B12345674",
        "Factura simplificada",
        "Fecha: 03/04/2024 10:15",
        [(50, "2 Café con leche"), (500, "3,20")],
        [(50, "TOTAL A PAGAR"), (500, "3,20 €")],
        [(50, "Efectivo"), (500, "5,00")],
        [(50, "Cambio"), (500, "1,80")],
        language="es",
    )
    assert (record.total, record.issue_date) == (Decimal("3.20"), date(2024, 4, 3))
    assert (record.seller_name, record.seller_tax_id) == ("CAFETERÍA LA ESQUINA S.L.", "B12345674")
    assert record.currency == "EUR"


def test_what_is_paid_and_given_back_is_not_the_total_but_speaks_for_it() -> None:
    assert total_of("TOTAL 13.00", "TOTAL 12.00", "CASH 20.00", "CHANGE 8.00") == Decimal("12.00")


def test_a_rounded_total_wins_over_the_one_before_rounding() -> None:
    assert total_of("TOTAL SALES (INCL GST) 177.22", "ROUNDING -.02", "ROUNDED TOTAL 177.20") == Decimal("177.20")
    assert total_of("TOTAL 177.22", "ROUNDING ADJ -0.02", "ROUNDING 177.20", "CASH 177.20") == Decimal("177.20")


@pytest.mark.parametrize(
    "line",
    ["SUB TOTAL 99.00", "TOTAL QTY: 3 99.00", "TOTAL TAX 99.00", "TOTAL (EXCL. GST) 99.00", "TOTAL DISCOUNT 99.00"],
)
def test_other_totals_are_not_the_total(line: str) -> None:
    assert total_of(line, "TOTAL 12.00") == Decimal("12.00")


def test_totals_of_the_table_of_taxes_are_left_to_it() -> None:
    assert total_of("TOTAL 12.00", "GST SUMMARY", "SR 6% 11.32 0.68", "TOTAL 11.32 0.68") == Decimal("12.00")


@pytest.mark.parametrize("amount", ["31.O0", "31 .00", "31. 00", "RM31.00", "3l.00"])
def test_misread_amounts_are_mended(amount: str) -> None:
    assert total_of(f"TOTAL {amount}") == Decimal("31.00")


def test_a_total_that_nothing_calls_so_is_unsure() -> None:
    record = read(*HEAD, "TEA 4.00", "CASH 10.00", "CHANGE 6.00")
    assert record.total == Decimal("4.00")
    assert record.sources["total"].confidence <= 0.5


def test_a_reader_that_is_unsure_makes_the_field_unsure() -> None:
    sure, unsure = (
        extract([paper(*HEAD, "TOTAL 4.00", confidence=c)], DocumentType.RECEIPT, "en").sources["total"].confidence
        for c in (1.0, 0.6)
    )
    assert unsure < sure


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("23/01/201818:46", date(2018, 1, 23)),
        ("28-12-1718:52", date(2017, 12, 28)),
        ("27MAR2018", date(2018, 3, 27)),
        ("09 APR 18", date(2018, 4, 9)),
        ("I2/O2/2018", date(2018, 2, 12)),
        ("12 -02 -2018", date(2018, 2, 12)),
        ("2018-02-12T10:00", date(2018, 2, 12)),
        ("3 de abril de 2024", date(2024, 4, 3)),
        ("5 settembre 2023", date(2023, 9, 5)),
    ],
)
def test_dates_are_read_in_many_writings(written: str, meant: date) -> None:
    assert read(*HEAD, f"DATE: {written}", "TOTAL 4.00").issue_date == meant


def test_the_date_of_the_sale_wins_over_the_date_of_expiry() -> None:
    assert read(*HEAD, "EXPIRY: 01/01/2030", "12/02/2018 14:30", "TOTAL 4.00").issue_date == date(2018, 2, 12)


def test_a_date_that_could_be_two_is_less_sure() -> None:
    clear, open_ = (
        read("CORNER SHOP", "1 High Street", f"DATE {d}", "TOTAL 4.00").sources["issue_date"].confidence
        for d in ("14/02/2018", "03/02/2018")
    )
    assert open_ < clear


def test_a_title_and_a_name_written_over_the_shop_are_not_the_shop() -> None:
    record = read("TAX INVOICE", "JOHN SMITH", "SUNRISE STATIONERY SHOP", "12 MAIN STREET, 50000 ANYTOWN", "TOTAL 4.00")
    assert record.seller_name == "SUNRISE STATIONERY SHOP"


def test_a_name_that_runs_over_two_lines_is_one() -> None:
    record = read("NORTHERN HARDWARE (CITY", "CENTRE) SDN BHD", "LOT 5, JALAN BESAR, 45600 TOWN", "TOTAL 4.00")
    assert record.seller_name == "NORTHERN HARDWARE (CITY CENTRE) SDN BHD"


def test_a_misread_legal_form_is_put_right_and_a_registration_number_is_no_part_of_the_name() -> None:
    record = read("SUPER CASH & CARRY SON 8HD (590150-A)", "NO. 1 JALAN EURO 1, 40150 SHAH ALAM", "TOTAL 4.00")
    assert record.seller_name == "SUPER CASH & CARRY SDN BHD"


def test_a_receipt_without_anything_gives_no_fields() -> None:
    assert extract("", DocumentType.RECEIPT, "en").sources == {}
    assert read("thank you").total is None


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        (["TEA 3.00", "TOTAL", "12.00"], "12.00"),
        (["TOTAL RM 12.00 CASH RM 20.00 CHANGE RM 8.00"], "12.00"),
        (["TOTAL12.00", "CASH20.00", "CHANGE8.00"], "12.00"),
        (["TOTAL:RM12.00CASH:RM20.00"], "12.00"),
        (["TOTAL RM12.0O"], "12.00"),
        (["TTL 12.00", "CASH 20.00", "CHG 8.00"], "12.00"),
        (["TOTAL 11.98", "ROUND. ADJ. 0.02", "NET 12.00"], "12.00"),
        (["TOTAL (INCLUSIVE GST) 12.02", "ROUNDING -0.02", "TOTAL AMOUNT 12.00"], "12.00"),
        (["JUMLAH BESAR 12.00", "TUNAI 20.00", "BAKI 8.00"], "12.00"),
        (["SUBTOTAL 10.34", "IVA 16% 1.66", "TOTAL M.N. 12.00", "PROPINA SUGERIDA 10% 1.20"], "12.00"),
        (["OP. GRAVADA S/ 10.17", "IGV 18% S/ 1.83", "IMPORTE TOTAL S/ 12.00", "VUELTO 8.00"], "12.00"),
    ],
)
def test_totals_are_found_in_the_ways_of_many_tills(rows: list[str], total: str) -> None:
    assert total_of(*rows) == Decimal(total)


@pytest.mark.parametrize(
    "written",
    [
        "TUE29 DEC 2020 09:19",
        "DATE29/12/20",
        "29/12/'20",
        "DATE 20201229",
        "29 DIS 2020",
        "29-Dec-20 9:12PM",
        "[29-12-20 19:54]",
    ],
)
def test_dates_that_are_glued_to_words_or_written_without_marks_are_read(written: str) -> None:
    assert read(*HEAD, written, "TOTAL 4.00").issue_date == date(2020, 12, 29)


@pytest.mark.parametrize(
    ("head", "name", "address"),
    [
        (
            ["AMBER LAKE TRADING", "SDN BHD ROC NO. : 510022-K", "NO 5-G, JLN PERMATA,", "43000 KAJANG, SELANGOR D.E."],
            "AMBER LAKE TRADING SDN BHD",
            "NO 5-G, JLN PERMATA, 43000 KAJANG, SELANGOR D.E.",
        ),
        (
            ["KLINIK JADE RIVER (607415 A)", "TEL: 03-1234 5678", "12, JALAN BAYU,", "86100 JOHOR BAHRU"],
            "KLINIK JADE RIVER",
            "12, JALAN BAYU, 86100 JOHOR BAHRU",
        ),
        (
            ["EVER", "EVERBRIGHT ENTERPRISE SDN BHD", "COREG NO: 175972-A", "NO 29O, JALAN BAYU, 50000 KUALA LUMPUR"],
            "EVERBRIGHT ENTERPRISE SDN BHD",
            "NO 290, JALAN BAYU, 50000 KUALA LUMPUR",
        ),
        (
            ["THE CEDAR SHOP", "12 JALAN BAYU", "53300 KUALA LUMPUR", "CEDAR MALL BRANCH", "BUSINESS HOURS 9-5"],
            "THE CEDAR SHOP",
            "12 JALAN BAYU 53300 KUALA LUMPUR",
        ),
        (
            ["BAR LA MIMOSA SAC", "R.U.C. N° 20756560301", "AV. SAN JUAN 63 - LINCE - LIMA", "BOLETA DE VENTA"],
            "BAR LA MIMOSA SAC",
            "AV. SAN JUAN 63 - LINCE - LIMA",
        ),
        (
            [
                "FARMACIA EL NOGAL S.A. DE C.V.",
                "R.F.C. FAR010203AB1",
                "CALLE SOL NO. 16",
                "COL. ROMA",
                "44104 GUADALAJARA, JALISCO",
            ],
            "FARMACIA EL NOGAL S.A. DE C.V.",
            "CALLE SOL NO. 16 COL. ROMA 44104 GUADALAJARA, JALISCO",
        ),
    ],
)
def test_names_and_addresses_are_told_from_registrations_titles_and_branches(
    head: list[str], name: str, address: str
) -> None:
    record = read(*head, "RECEIPT", "12/03/2018 14:31", "TOTAL 4.00")
    assert (record.seller_name, record.seller_address) == (name, address)


@pytest.mark.parametrize("language", ["en", "es"])
def test_made_up_receipts_of_many_tills_are_read_clean_and_worn(language: str) -> None:
    found = [right(receipt(seed, language, worn)) for seed in range(1000, 1060) for worn in (False, True)]
    shares = {field: sum(field in one for one in found) / len(found) for field in FIELDS}
    assert min(shares["total"], shares["date"]) >= 0.98
    assert min(shares["company"], shares["address"]) >= 0.95
