"""Invoices on paper: amounts that prove each other, columns, blocks side by side."""

from datetime import date
from decimal import Decimal

from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType, Page
from shared.domain.extraction import extract
from tests.domain.papers import paper


def read(*pages: Page, language: str = "es") -> BusinessRecord:
    return extract(list(pages), DocumentType.INVOICE, language)


FACTURA = paper(
    [(50, "Talleres Aurora S.L."), (600, "Factura nº: 2024/117")],
    [(50, "C/ Mayor 5"), (600, "Fecha: 03/04/2024")],
    "28013 Madrid",
    "NIF: B12345674",
    "",
    [(50, "Cliente"), (600, "Dirección de envío")],
    [(50, "Librería El Faro, S.A."), (600, "Almacén Norte")],
    [(50, "Avda. del Puerto 12"), (600, "Polígono 3")],
    [(50, "46021 Valencia"), (600, "08001 Barcelona")],
    [(50, "España")],
    [(50, "CIF: A58818501")],
    "",
    [(50, "Concepto"), (450, "Cantidad"), (600, "Precio"), (700, "Dto."), (800, "Importe")],
    [(50, "Estantería de roble"), (450, "2"), (600, "450,00"), (700, "10%"), (800, "810,00")],
    [(50, "Transporte"), (450, "1"), (600, "190,00"), (800, "190,00")],
    "",
    [(600, "Base imponible"), (800, "1.000,00")],
    [(600, "IVA 21 % 1.000,00"), (800, "210,00")],
    [(600, "IRPF 15 % 1.000,00"), (800, "-150,00")],
    [(600, "Total"), (800, "1.060,00 €")],
    [(600, "Anticipo"), (800, "60,00 €")],
    [(600, "Total a pagar"), (800, "1.000,00 €")],
    [(50, "Vencimiento")],
    [(50, "03/05/2024")],
)


def test_amounts_that_add_up_are_found_with_what_is_withheld_and_prepaid() -> None:
    record = read(FACTURA)
    assert (record.net, record.tax, record.withheld) == (Decimal("1000.00"), Decimal("210.00"), Decimal("150.00"))
    assert (record.total, record.prepaid, record.due) == (Decimal("1060.00"), Decimal("60.00"), Decimal("1000.00"))
    assert record.currency == "EUR"
    assert record.sources["total"].confidence > 0.9


def test_the_tax_summary_has_a_row_a_rate_and_says_what_is_withheld() -> None:
    taxes = {tax.kind: tax for tax in read(FACTURA).taxes}
    assert (taxes["IVA"].rate, taxes["IVA"].base, taxes["IVA"].amount) == (
        Decimal(21),
        Decimal("1000.00"),
        Decimal("210.00"),
    )
    assert (taxes["IRPF"].withheld, taxes["IRPF"].amount) == (True, Decimal("150.00"))


def test_lines_are_read_with_quantity_price_and_discount_and_add_up() -> None:
    record = read(FACTURA)
    first, second = record.lines
    assert (first.description, first.quantity, first.unit_price) == (
        "Estantería de roble",
        Decimal(2),
        Decimal("450.00"),
    )
    assert (first.discount, first.amount, second.amount) == (Decimal("90.00"), Decimal("810.00"), Decimal("190.00"))
    assert record.line_total == Decimal("1000.00")
    assert record.sources["lines.0"].confidence > 0.9


def test_parties_side_by_side_are_kept_apart() -> None:
    record = read(FACTURA)
    assert (record.seller_name, record.seller_tax_id) == ("Talleres Aurora S.L.", "B12345674")
    assert (record.buyer_name, record.buyer_tax_id) == ("Librería El Faro, S.A.", "A58818501")
    assert record.buyer_address == "Avda. del Puerto 12, 46021 Valencia, España"
    assert record.buyer_country == "ES"


def test_a_value_under_its_label_is_found_by_its_column() -> None:
    assert read(FACTURA).due_date == date(2024, 5, 3)
    table = paper(
        [(50, "Invoice No."), (300, "Invoice Date"), (550, "Due Date")],
        [(50, "AB-1234"), (300, "14/03/2024"), (550, "28/03/2024")],
        "Total: £12.00",
    )
    record = read(table, language="en")
    assert (record.number, record.issue_date, record.due_date) == ("AB-1234", date(2024, 3, 14), date(2024, 3, 28))


def test_totals_in_a_table_are_read_from_their_columns_and_the_sum_is_taken() -> None:
    table = paper(
        [(50, "Nettobetrag"), (300, "MwSt-Betrag"), (550, "MwSt-%"), (750, "Endbetrag")],
        [(50, "100,00"), (300, "19,00"), (550, "19,0"), (750, "119,00")],
        [(50, "200,00"), (300, "14,00"), (550, "7,0"), (750, "214,00")],
        [(50, "300,00"), (300, "33,00"), (750, "333,00")],
    )
    record = read(table, language="de")
    assert (record.net, record.tax, record.total) == (Decimal("300.00"), Decimal("33.00"), Decimal("333.00"))
    assert {tax.rate for tax in record.taxes} == {Decimal("19.0"), Decimal("7.0")}


def test_amounts_that_do_not_add_up_are_not_sure() -> None:
    record = read(paper("Factura 7", "Base imponible 100,00", "Cuota IVA 21,00", "Total factura 130,00 €"))
    assert record.total == Decimal("130.00")
    assert record.sources["total"].confidence < 0.8


def test_the_currency_is_what_the_paper_names() -> None:
    assert read(paper("Währung: CHF", "Summe 10,00"), language="de").currency == "CHF"
    assert read(paper("Lines EUR 10.00", "Lines USD 11.00"), language="en").currency is None


def test_the_words_of_more_languages_are_known() -> None:
    italian = read(
        paper("Fattura n. 12 del 05/03/2024", "Imponibile 100,00", "IVA 22% 22,00", "Totale fattura 122,00"),
        language="it",
    )
    assert (italian.number, italian.issue_date, italian.total) == ("12", date(2024, 3, 5), Decimal("122.00"))
    dutch = read(
        paper("Factuurnummer: 88-1", "Exclusief BTW 100,00", "BTW 21% 21,00", "Te betalen 121,00"), language="nl"
    )
    assert (dutch.number, dutch.net, dutch.due) == ("88-1", Decimal("100.00"), Decimal("121.00"))
    portuguese = read(
        paper("Fatura nº 55/2024", "Total ilíquido 100,00", "IVA 23% 23,00", "Total a pagar 123,00"), language="pt"
    )
    assert (portuguese.number, portuguese.net, portuguese.total) == ("55/2024", Decimal("100.00"), Decimal("123.00"))


def test_sources_lead_to_page_and_place() -> None:
    record = read(paper("Factura nº: 77"), paper("Total factura 130,00 €", number=2))
    source = record.sources["total"]
    assert source.page == 2
    assert source.box is not None


def test_a_text_without_places_is_read_by_its_lines() -> None:
    record = read(Page(1, "Factura nº\n2024-9\nTotal a pagar\n15,00 €\n", "native"))
    assert (record.number, record.total) == ("2024-9", Decimal("15.00"))
    assert record.sources["total"].box is None
