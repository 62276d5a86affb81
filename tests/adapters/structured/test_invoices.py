# mypy: disable-error-code="comparison-overlap"
# Decimals are compared with whole numbers here.
"""One invoice in each syntax becomes its record, with the place of every field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from shared.adapters.structured import StructuredReader
from shared.domain.business import BusinessRecord
from shared.domain.document import XML, DocumentType
from shared.domain.validation import validate
from tests.adapters.structured import invoices


async def read(xml: str) -> BusinessRecord:
    found = await StructuredReader().read(xml.encode(), XML)
    assert found is not None
    return found.record


async def test_a_cross_industry_invoice_is_read_whole() -> None:
    record = await read(invoices.CII)
    assert (record.number, record.issue_date, record.due_date) == ("R-2024-7", date(2024, 3, 10), date(2024, 4, 9))
    assert (record.seller_name, record.seller_tax_id) == ("Muebles Ibáñez GmbH", "DE136695976")
    assert record.seller_address == "Hafenweg 3, 20095, Hamburg"
    assert (record.buyer_name, record.country, record.currency) == ("Café Sol", "DE", "EUR")
    assert (record.line_total, record.net, record.tax, record.total) == (D("90"), D("95"), D("18.05"), D("113.05"))
    assert (record.prepaid, record.due, record.iban) == (D("13.05"), D("100"), "DE89370400440532013000")
    [line], [tax], [freight] = record.lines, record.taxes, record.adjustments
    assert (line.description, line.quantity, line.unit, line.unit_price) == ("Sillas de roble", 4, "C62", 25)
    assert (line.discount, line.amount, line.tax_rate) == (D("10.00"), D("90.00"), 19)
    assert (tax.kind, tax.category, tax.rate, tax.base, tax.amount) == ("VAT", "S", 19, D("95.00"), D("18.05"))
    assert (freight.amount, freight.charge, freight.reason) == (5, True, "Porte")
    assert validate(record) == []


async def test_every_field_says_where_it_stands() -> None:
    record = await read(invoices.CII)
    source = record.sources["total"]
    assert source.path is not None
    assert source.path.endswith("SpecifiedTradeSettlementHeaderMonetarySummation/ram:GrandTotalAmount")
    assert (source.reader, source.confidence) == ("structured", 1.0)
    assert "IncludedSupplyChainTradeLineItem[1]" in (record.sources["lines.0.amount"].path or "")
    assert record.confidence == 1.0


async def test_the_tax_is_that_in_the_currency_of_the_invoice() -> None:
    assert (await read(invoices.CII)).tax == D("18.05")


async def test_zugferd_1_has_other_names_and_notes_between_its_lines() -> None:
    record = await read(invoices.ZUGFERD_1)
    assert (record.number, record.total, record.tax) == ("77", D("11.90"), D("1.90"))
    assert [line.description for line in record.lines] == ["Brake cable"]
    assert record.origin is not None
    assert (record.origin.syntax, record.origin.version) == ("zugferd1", "ZUGFeRD 1")
    assert validate(record) == []


@pytest.mark.parametrize("kind", ["Invoice", "CreditNote"])
async def test_ubl_invoices_and_credit_notes_have_the_same_fields(kind: str) -> None:
    record = await read(invoices.ubl(kind))
    assert record.credit is (kind == "CreditNote")
    assert (record.number, record.issue_date, record.due_date) == ("INV-9", date(2024, 5, 2), date(2024, 6, 1))
    assert (record.seller_name, record.seller_tax_id) == ("Papelería Núñez, S.L.", "ESB12345674")
    assert (record.seller_country, record.buyer_country, record.buyer_name) == ("ES", "IE", "Dublin Books")
    assert (record.net, record.tax, record.total, record.due) == (D("18"), D("3.78"), D("21.78"), D("21.78"))
    assert [(line.description, line.quantity, line.amount) for line in record.lines] == [("Cuadernos", 8, 20)]
    assert [(one.amount, one.charge) for one in record.adjustments] == [(2, False)]
    assert validate(record) == []


@pytest.mark.parametrize("version", ["3.3", "4.0"])
async def test_a_cfdi_has_its_discount_and_what_is_withheld(version: str) -> None:
    record = await read(invoices.cfdi(version))
    assert (record.number, record.issue_date, record.country) == ("A-31", date(2024, 2, 29), "MX")
    assert (record.seller_tax_id, record.buyer_name) == ("EKU9003173C9", "Público en general")
    assert (record.line_total, record.net, record.tax) == (900, 900, 144)
    assert (record.withheld, record.total, record.currency) == (90, 954, "MXN")
    assert [(tax.kind, tax.rate, tax.withheld) for tax in record.taxes] == [("IVA", 16, False), ("ISR", None, True)]
    assert [(line.discount, line.amount, line.tax_rate) for line in record.lines] == [(100, 900, 16)]
    assert validate(record) == []


async def test_a_cfdi_of_kind_e_is_a_credit_note_and_of_kind_t_no_invoice() -> None:
    assert (await read(invoices.cfdi(kind="E"))).credit
    assert (await read(invoices.cfdi(kind="T"))).kind is DocumentType.OTHER


async def test_fatturapa_takes_what_is_withheld_off_the_total() -> None:
    record = await read(invoices.fatturapa())
    assert (record.number, record.issue_date, record.due_date) == ("12/A", date(2024, 1, 15), date(2024, 2, 15))
    assert (record.seller_name, record.seller_tax_id) == ("Niccolò Però", "IT00743110157")
    assert (record.buyer_name, record.buyer_tax_id) == ("Editrice Uno", "RSSMRA80A01H501U")
    assert (record.net, record.tax, record.withheld, record.total) == (100, 22, 20, 102)
    assert validate(record) == []


async def test_a_batch_of_invoices_in_one_file_is_refused_by_name() -> None:
    [finding] = validate(await read(invoices.fatturapa(bodies=3)))
    assert (finding.field, finding.value, finding.rule) == ("number", "3", "one_invoice")
    assert "suba cada una" in finding.message_es


async def test_facturae_is_read_with_its_series_and_its_irpf() -> None:
    record = await read(invoices.facturae())
    assert (record.number, record.issue_date, record.due_date) == ("F24-15", date(2024, 4, 5), date(2024, 5, 5))
    assert (record.seller_name, record.seller_tax_id) == ("Diseño Ágil, S.L.", "B12345674")
    assert (record.seller_country, record.seller_address) == ("ES", "Calle Luna 5, 28001, Madrid, Madrid")
    assert (record.net, record.tax, record.withheld, record.total) == (200, 42, 30, 212)
    assert [(tax.kind, tax.rate, tax.withheld) for tax in record.taxes] == [("IVA", 21, False), ("IRPF", 15, True)]
    assert [(line.discount, line.amount) for line in record.lines] == [(10, 200)]
    assert validate(record) == []


async def test_a_facturae_below_nothing_is_a_credit_note_with_positive_amounts() -> None:
    record = await read(invoices.facturae("-", "OR"))
    assert record.credit
    assert (record.net, record.tax, record.withheld, record.total) == (200, 42, 30, 212)
    assert (record.lines[0].quantity, record.lines[0].amount, record.taxes[0].base) == (4, 200, 200)


@pytest.mark.parametrize(
    ("old", "new", "field", "rule"),
    [
        ("20240310", "20240230", "issue_date", "date_exists"),
        ('format="102">20240310', 'format="610">202403', "issue_date", "date_format"),
        (">113.05<", ">113,05<", "total", "number"),
        (">113.05<", ">1e9<", "total", "number"),
        (">113.05<", ">NaN<", "total", "number"),
    ],
)
async def test_a_value_that_cannot_be_read_is_a_fault_with_its_place(old: str, new: str, field: str, rule: str) -> None:
    record = await read(invoices.CII.replace(old, new))
    finding = validate(record)[0]
    assert getattr(record, field) is None
    assert (finding.field, finding.rule) == (field, rule)
    assert finding.value in new
    assert finding.message
    assert finding.message_es


async def test_other_xml_has_no_record() -> None:
    assert await StructuredReader().read(b"<note><total>5</total></note>", XML) is None
