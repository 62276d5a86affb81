from datetime import date
from decimal import Decimal

from shared.domain.business import BusinessRecord, LineItem, Transaction
from shared.domain.document import DocumentType
from shared.domain.extraction import extract
from shared.domain.validation import validate

INVOICE = """Talleres Aurora S.L.
C/ Mayor 5, 28013 Madrid
NIF: B12345674

FACTURA Nº: 2024/0117
Fecha de emisión: 03/04/2024
Fecha de vencimiento: 03/05/2024

Cliente: Librería El Faro, S.A.
CIF: A58818501
Avda. del Puerto 12, Valencia

Concepto Cantidad Precio Importe
Reparación de estanterías 2 450,00 900,00
Transporte 1 100,50 100,50
Base imponible: 1.000,50 €
IVA 21 %: 210,11 €
TOTAL A PAGAR: 1.210,61 €
Transferencia a ES91 2100 0418 4502 0005 1332
"""


def test_a_spanish_invoice_is_read_whole_and_every_field_knows_its_place() -> None:
    record = extract(INVOICE, DocumentType.INVOICE, "es")
    assert (record.number, record.issue_date, record.due_date) == ("2024/0117", date(2024, 4, 3), date(2024, 5, 3))
    assert (record.seller_name, record.seller_tax_id) == ("Talleres Aurora S.L.", "B12345674")
    assert (record.buyer_name, record.buyer_tax_id) == ("Librería El Faro, S.A.", "A58818501")
    assert (record.net, record.tax, record.total) == (Decimal("1000.50"), Decimal("210.11"), Decimal("1210.61"))
    assert (record.currency, record.iban) == ("EUR", "ES9121000418450200051332")
    assert [line.amount for line in record.lines] == [Decimal("900.00"), Decimal("100.50")]
    total = record.sources["total"]
    assert INVOICE[total.start : total.end] == "1.210,61"
    assert total.confidence > 0.9
    number = record.sources["number"]
    assert INVOICE[number.start : number.end] == "2024/0117"
    assert validate(record) == []


def test_the_labels_of_other_languages_are_known() -> None:
    german = extract(
        "Rechnung\nRechnungsnummer: RE-2024-55\nRechnungsdatum: 07.03.2024\nNettobetrag 100,00 EUR\n"
        "MwSt. 19 % 19,00 EUR\nGesamtbetrag 119,00 EUR\n",
        DocumentType.INVOICE,
        "de",
    )
    assert (german.number, german.issue_date, german.total) == ("RE-2024-55", date(2024, 3, 7), Decimal("119.00"))
    french = extract(
        "Facture n° 2022089\nDate : 28/11/2022\nTotal HT : 1 046,68 €\nTVA 20% : 209,34 €\nTotal TTC : 1 256,02 €\n",
        DocumentType.INVOICE,
        "fr",
    )
    assert (french.number, french.net, french.tax, french.total) == (
        "2022089",
        Decimal("1046.68"),
        Decimal("209.34"),
        Decimal("1256.02"),
    )
    english = extract(
        "INVOICE\nInvoice Number: 77-A\nInvoice Date: March 3, 2024\n"
        "Subtotal $1,000.00\nSales tax $80.00\nTotal due $1,080.00\n",
        DocumentType.INVOICE,
        "en",
    )
    assert (english.number, english.total, english.currency) == ("77-A", Decimal("1080.00"), "USD")


def test_two_rates_of_tax_are_added() -> None:
    text = "Base imponible 150,00\nIVA 21% 21,00\nIVA 10% 5,00\nTotal factura 176,00 €"
    record = extract(text, DocumentType.INVOICE, "es")
    assert (record.net, record.tax, record.total) == (Decimal("150.00"), Decimal("26.00"), Decimal("176.00"))


def test_what_the_paper_does_not_say_stays_empty() -> None:
    record = extract("Gracias por su compra. Vuelva pronto.", DocumentType.INVOICE, "es")
    assert record == BusinessRecord(kind=DocumentType.INVOICE)
    assert {finding.rule for finding in validate(record)} == {"required"}
    assert [finding.field for finding in validate(record)] == ["number", "issue_date", "total"]


def test_an_mt940_statement_is_read_and_its_sums_meet() -> None:
    text = (
        ":20:REF1\n:25:111/222\n:28C:7/1\n:60F:C240301EUR1000,00\n:61:2403050305DR250,50NTRF//1\n:86:Alquiler\nmarzo\n"
        ":61:2403100310C100,NTRF//2\n:86:Ingreso\n:62F:C240331EUR849,50\n-\n"
    )
    record = extract(text, DocumentType.BANK_STATEMENT, "es")
    assert (record.opening_balance, record.closing_balance) == (Decimal("1000.00"), Decimal("849.50"))
    assert [(one.date, one.amount, one.description) for one in record.transactions] == [
        (date(2024, 3, 5), Decimal("-250.50"), "Alquiler marzo"),
        (date(2024, 3, 10), Decimal("100"), "Ingreso"),
    ]
    assert (record.currency, record.issue_date) == ("EUR", date(2024, 3, 31))
    assert validate(record) == []


def test_a_plain_statement_is_read() -> None:
    text = (
        "Extracto de cuenta\nSaldo anterior: 500,00 €\n01/03/2024 02/03/2024 Recibo luz -45,20 454,80\n"
        "05/03/2024 Nómina 1.200,00 1.654,80\nSaldo final: 1.654,80 €\n"
    )
    record = extract(text, DocumentType.BANK_STATEMENT, "es")
    assert [one.amount for one in record.transactions] == [Decimal("-45.20"), Decimal("1200.00")]
    assert record.transactions[0].description == "Recibo luz"
    assert validate(record) == []


def rules(**fields: object) -> set[str]:
    whole = {"number": "1", "issue_date": date(2024, 3, 1), "total": Decimal("121.00")}
    return {one.rule for one in validate(BusinessRecord.model_validate({"kind": "invoice", **whole, **fields}))}


def test_broken_rules_are_named() -> None:
    assert rules() == set()
    assert rules(net=Decimal(100), tax=Decimal(20)) == {"net_plus_tax"}
    assert rules(due_date=date(2024, 2, 1)) == {"due_after_issue"}
    assert rules(due_date=date(2034, 2, 1)) == {"due_within_a_year"}
    assert rules(currency="EURO") == {"iso_4217"}
    assert rules(iban="ES9121000418450200051333") == {"iban_check_digits"}
    assert rules(seller_tax_id="B12345675") == {"tax_id_check_digit"}
    assert rules(seller_tax_id="DE123456789") == {"tax_id_check_digit"}
    assert rules(seller_tax_id="DE111111125") == set()


def test_a_total_is_what_net_and_tax_make_and_balances_must_meet() -> None:
    line = LineItem(description="a", quantity=Decimal(1), unit_price=Decimal(50), amount=Decimal(50))
    assert rules(net=Decimal(100), tax=Decimal("20.99")) == set()
    assert rules(net=Decimal(100), tax=Decimal("20.96")) == {"net_plus_tax"}
    assert rules(net=Decimal(100), tax=Decimal("20.96"), lines=(line, line)) == {"net_plus_tax"}
    movement = Transaction(date=date(2024, 3, 1), amount=Decimal(5))
    record = BusinessRecord(
        kind=DocumentType.BANK_STATEMENT,
        opening_balance=Decimal(1),
        closing_balance=Decimal(7),
        transactions=(movement,),
    )
    assert [finding.rule for finding in validate(record)] == ["balances_meet"]


def test_a_record_survives_json() -> None:
    record = extract(INVOICE, DocumentType.INVOICE, "es")
    assert BusinessRecord.model_validate_json(record.model_dump_json()) == record


def test_words_have_plain_spaces_however_they_were_typeset() -> None:
    line = LineItem(description="Oak\u00a0shelf,\n  2\u2009m")
    record = BusinessRecord(kind=DocumentType.INVOICE, seller_name="Taxi\u00a0TX\u00a0GmbH", lines=(line,))
    assert (record.seller_name, record.lines[0].description) == ("Taxi TX GmbH", "Oak shelf, 2 m")
