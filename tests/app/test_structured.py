"""Documents that carry their data as data, over HTTP: the record is the data's."""

from __future__ import annotations

from tests.adapters.structured import invoices, statements
from tests.support.app import RunningApp
from tests.support.carriers import pdf_with

PAGE = (
    "Rechnung R-2024-7", "Datum 10.03.2024", "Muebles Ibanez GmbH", "Zahlbar bis 09.04.2024",
    "4 Sillas de roble zu 25,00 EUR", "Gesamtbetrag 113,05 EUR", "Danke fuer Ihren Einkauf. " * 3,
)  # fmt: skip


async def test_a_pdf_with_an_invoice_inside_ends_with_its_record_from_the_xml(app: RunningApp) -> None:
    project_id = await app.create_project()
    pdf = pdf_with({"factur-x.xml": invoices.CII}, lines=PAGE)
    [document] = await app.import_files(project_id, ("rechnung.pdf", pdf))
    assert (document["status"], document["type"]) == ("completed", "invoice")
    [row] = await app.rows(
        "select number, seller, total, net, currency from invoices where project_id = $1", project_id
    )
    assert (row["number"], row["seller"], row["currency"]) == ("R-2024-7", "Muebles Ibáñez GmbH", "EUR")
    record = (await app.get(f"documents/{document['document_id']}"))["record"]["record"]
    assert (record["total"], record["due"], record["origin"]["syntax"]) == ("113.05", "100.00", "cii")
    assert record["sources"]["total"]["reader"] == "structured"


async def test_data_files_are_imported_and_broken_ones_are_held_or_refused(app: RunningApp) -> None:
    project_id = await app.create_project()
    documents = await app.import_files(
        project_id,
        ("factura.xml", invoices.facturae().encode()),
        ("movimientos.csv", statements.CSV_ES.encode()),
        ("enero.sta", statements.MT940.encode()),
        ("mal.xml", invoices.ubl().replace("21.78", "23.78", 1).encode()),
        ("bomba.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    )
    assert [one["status"] for one in documents] == ["completed", "completed", "completed", "needs_review", "rejected"]
    assert [one["type"] for one in documents[:3]] == ["invoice", "bank_statement", "bank_statement"]
    assert documents[-1]["error_code"] == "unsafe_xml"
    held = (await app.get(f"documents/{documents[3]['document_id']}"))["record"]
    assert {"total", "due"} & {finding["field"] for finding in held["findings"]}
    count = await app.value("select count(*) from bank_transactions where project_id = $1", project_id)
    assert count == 5
