"""Business records, what people change in them, and the tables that offices read."""

from __future__ import annotations

import asyncio
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.business import BusinessRecord
from shared.domain.corrections import Correction
from shared.domain.document import DocumentType
from shared.domain.errors import NotFound
from shared.domain.waivers import Waiver
from tests.support.database import Study

BILL = {
    "kind": "invoice", "number": "F-1", "issue_date": "2026-03-01", "due_date": None, "seller_name": "Ana SL",
    "seller_tax_id": None, "buyer_name": "Eva", "buyer_tax_id": None, "currency": "EUR", "net": "100.00",
    "tax": "21.00", "total": "121.00",
}  # fmt: skip
STATEMENT = {
    "kind": "bank_statement", "currency": "EUR",
    "transactions": [{"date": "2026-03-01", "amount": "-5.10", "description": "Café"}, {"amount": "7"}],
}  # fmt: skip


async def published(study: Study, *records: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    document = await study.document()
    for record in records:
        async with study.tenant() as tx:
            await tx.records.publish(document, record)
    async with study.database.tenant_connection(study.tenant_id) as db:
        return {
            table: [dict(found) for found in await db.fetch(f"select * from {table} order by 1, 2")]
            for table in ("invoices", "expenses", "bank_transactions")
        }


async def test_a_record_is_replaced_by_the_next_extraction_with_its_findings(study: Study) -> None:
    document = await study.document()
    async with study.tenant() as tx:
        assert await tx.records.get(document.document_id) is None
        await tx.records.put(document, "invoice", BILL)
        await tx.records.findings(document.document_id, [{"rule": "required"}])
        first = await tx.records.get(document.document_id)
        await tx.records.put(document, "receipt", {"kind": "receipt"})
        second = await tx.records.get(document.document_id)
    assert first is not None
    assert second is not None
    assert (first["kind"], first["record"], first["findings"]) == ("invoice", BILL, [{"rule": "required"}])
    assert (second["kind"], second["record"], second["findings"]) == ("receipt", {"kind": "receipt"}, [])
    assert (first["version"], second["version"]) == (1, 2)


async def test_an_invoice_published_twice_is_one_row_of_exact_amounts(study: Study) -> None:
    tables = await published(study, BILL, {**BILL, "total": "121.01"})
    [invoice] = tables["invoices"]
    assert (invoice["total"], invoice["net"]) == (Decimal("121.0100"), Decimal("100.0000"))
    assert (invoice["issue_date"], invoice["due_date"], invoice["currency"]) == (date(2026, 3, 1), None, "EUR")
    assert tables["expenses"] == tables["bank_transactions"] == []


async def test_a_statement_published_again_replaces_its_movements(study: Study) -> None:
    shorter = {**STATEMENT, "transactions": STATEMENT["transactions"][:1]}
    tables = await published(study, STATEMENT, shorter)
    [movement] = tables["bank_transactions"]
    assert (movement["amount"], movement["description"], movement["ordinal"]) == (Decimal("-5.1000"), "Café", 0)


async def test_a_document_whose_kind_was_corrected_leaves_no_row_in_the_wrong_table(study: Study) -> None:
    tables = await published(study, BILL, STATEMENT, {**BILL, "kind": "receipt"})
    assert {table: len(rows) for table, rows in tables.items()} == {
        "invoices": 0, "expenses": 1, "bank_transactions": 0,
    }  # fmt: skip


FULL = BILL | {
    "country": "ES", "credit": True, "seller_address": "C/ Mayor 5", "withheld": "15.00", "total": "106.00",
    "due": "106.00", "prepaid": "0", "rounding": "0.00", "iban": "ES91", "line_total": "100.00",
    "lines": [
        {"description": "Tornillos", "quantity": "3", "unit": "caja", "unit_price": "33.333333", "amount": "100.00",
         "tax_rate": "21"},
        {"description": "Regalo"},
    ],
    "taxes": [
        {"kind": "IVA", "rate": "21", "base": "100.00", "amount": "21.00"},
        {"kind": "IRPF", "rate": "15", "base": "100.00", "amount": "15.00", "withheld": True},
    ],
    "adjustments": [{"amount": "2.50", "charge": True, "reason": "Portes"}],
}  # fmt: skip


async def rows(study: Study, query: str, *arguments: Any) -> list[dict[str, Any]]:
    async with study.database.tenant_connection(study.tenant_id) as db:
        return [dict(row) for row in await db.fetch(query, *arguments)]


async def test_all_fields_of_an_invoice_are_published_with_its_lines_and_taxes_as_rows(study: Study) -> None:
    for _ in range(2):
        await published(study, FULL)
    [invoice] = await rows(study, "select * from invoices")
    assert (invoice["country"], invoice["credit"], invoice["withheld"]) == ("ES", True, Decimal("15.00"))
    assert (invoice["due"], invoice["prepaid"], invoice["seller_address"]) == (Decimal(106), 0, "C/ Mayor 5")
    lines = await rows(study, "select * from invoice_lines order by ordinal")
    assert [line["description"] for line in lines] == ["Tornillos", "Regalo"]
    assert (lines[0]["unit_price"], lines[0]["amount"], lines[1]["amount"]) == (Decimal("33.333333"), 100, None)
    taxes = await rows(study, "select kind, rate, amount, withheld from invoice_taxes order by ordinal")
    assert [tuple(tax.values()) for tax in taxes] == [("IVA", 21, 21, False), ("IRPF", 15, 15, True)]
    [adjustment] = await rows(study, "select amount, charge, reason from invoice_adjustments")
    assert tuple(adjustment.values()) == (Decimal("2.5"), True, "Portes")


async def test_what_was_published_can_be_taken_back(study: Study) -> None:
    document = await study.document()
    async with study.tenant() as tx:
        await tx.records.put(document, "invoice", FULL)
        await tx.records.publish(document, FULL)
        stored = await tx.records.get(document.document_id)
        assert stored is not None
        assert stored["published_at"] is not None
        await tx.records.withdraw(document.document_id)
        stored = await tx.records.get(document.document_id)
    assert stored is not None
    assert stored["published_at"] is None
    for table in ("invoices", "invoice_lines", "invoice_taxes", "invoice_adjustments"):
        assert await rows(study, f"select * from {table}") == []


async def test_a_movement_without_a_currency_has_that_of_its_statement(study: Study) -> None:
    movements = [
        {"date": "2026-03-01", "amount": "-5.10", "value_date": "2026-03-02", "counterparty": "Bar", "reference": "R1"},
        {"date": "2026-03-03", "amount": "7", "currency": "USD", "code": "NTRF"},
    ]
    statement = STATEMENT | {"iban": "ES91", "account": "1332", "country": "ES", "transactions": movements}
    await published(study, statement)
    first, second = await rows(study, "select * from bank_transactions order by ordinal")
    assert (first["currency"], first["iban"], first["value_date"]) == ("EUR", "ES91", date(2026, 3, 2))
    assert (first["counterparty"], first["reference"], second["currency"]) == ("Bar", "R1", "USD")
    assert (second["code"], second["account"]) == ("NTRF", "1332")


async def test_amounts_of_any_size_and_names_that_are_no_currency_reach_the_table(study: Study) -> None:
    tables = await published(study, {**BILL, "total": "123456789012345678.123456789", "currency": "EUROS"})
    assert tables["invoices"][0]["total"] == Decimal("123456789012345678.123456789")


async def test_corrections_and_waivers_are_on_record_with_their_versions(study: Study) -> None:
    document = await study.document()
    record = BusinessRecord(kind=DocumentType.INVOICE, total=Decimal("12.10"))
    async with study.tenant() as tx:
        await tx.records.put(document, "invoice", {"kind": "invoice", "total": "12.01"})
        await tx.records.correct(document, record, [Correction("total", "12.01", "12.10", "ana", 2)])
        waiver = Waiver("number", "required", "", "It needs one.", "Has none.", "eva")
        await tx.records.waive(document.document_id, 3, [waiver])
    async with study.tenant() as tx:
        stored = await tx.records.get(document.document_id)
        [correction] = await tx.records.corrections(document.document_id)
        [waived] = await tx.records.waivers(document.document_id)
    assert stored is not None
    assert (stored["version"], stored["record"]["total"]) == (3, "12.10")
    assert (correction.old, correction.new, correction.by, correction.version) == ("12.01", "12.10", "ana", 2)
    assert correction.at is not None
    assert (waived.reason, waived.by, waived.version) == ("Has none.", "eva", 3)


async def test_of_documents_that_claim_one_bill_at_once_exactly_one_gets_it(study: Study) -> None:
    documents = [await study.document(f"scan {n}".encode(), f"{n}.pdf") for n in range(6)]

    async def claim(n: int) -> tuple[str, str] | None:
        async with study.tenant() as tx:
            twin = await tx.records.claim(documents[n], "the bill")
            await asyncio.sleep(0.01)
            return twin

    twins = await asyncio.gather(*(claim(n) for n in range(6)))
    [holder] = [n for n, twin in enumerate(twins) if twin is None]
    assert {twin for twin in twins if twin} == {(documents[holder].document_id, f"{holder}.pdf")}
    assert await claim(holder) is None


async def test_a_claim_ends_when_the_document_is_another_bill_or_none(study: Study) -> None:
    one, two = await study.document(b"1"), await study.document(b"2")
    async with study.tenant() as tx:
        assert await tx.records.claim(one, "a") is None
        assert await tx.records.claim(two, "a") == (one.document_id, one.name)
        assert await tx.records.claim(one, "b") is None
        assert await tx.records.claim(two, "a") is None
        assert await tx.records.claim(two, None) is None
        assert await tx.records.claim(one, "a") is None


async def test_another_project_may_have_the_same_bill(study: Study) -> None:
    other = await Study.begin(study.database, study.tenant_id)
    for each in (study, other):
        async with each.tenant() as tx:
            assert await tx.records.claim(await each.document(), "a") is None


async def test_records_are_listed_page_by_page_published_and_waiting(study: Study) -> None:
    documents = [await study.document(bytes([n]), f"{n}.txt") for n in range(5)]
    async with study.tenant() as tx:
        for n, document in enumerate(documents):
            kind = "receipt" if n == 4 else "invoice"
            await tx.records.put(document, kind, {**BILL, "kind": kind})
        await tx.records.publish(documents[0], BILL)
        await tx.documents.end(documents[1].document_id, "validate", "needs_review", "needs_review", "Look.")

    async def listed(**wish: Any) -> list[str]:
        async with study.tenant() as tx:
            wish = {"kind": None, "published": None, "after": None, "limit": 100} | wish
            return [row["name"] for row in await tx.records.listing(study.project_id, **wish)]

    everything = await listed()
    assert sorted(everything) == ["0.txt", "1.txt", "2.txt", "3.txt", "4.txt"]
    assert await listed(published=True) == ["0.txt"]
    assert await listed(published=False) == ["1.txt"]
    assert await listed(kind="receipt") == ["4.txt"]
    after = next(document.document_id for document in documents if document.name == everything[1])
    assert await listed(after=after, limit=2) == everything[2:4]


@pytest.mark.parametrize(
    "table",
    ["records", "invoices", "expenses", "bank_transactions", "invoice_lines", "invoice_taxes", "invoice_adjustments"],
)
async def test_every_table_is_exported_with_the_names_of_its_documents(study: Study, table: str) -> None:
    bill = FULL | {"kind": "receipt"} if table == "expenses" else FULL
    document = await study.document()
    async with study.tenant() as tx:
        for record in (STATEMENT,) if table == "bank_transactions" else (bill,):
            await tx.records.put(document, str(record["kind"]), record)
            await tx.records.publish(document, record)
        columns, found = await tx.records.table(study.project_id, table)
    assert columns[:2] == ["document_id", "document"]
    assert found
    assert all(set(columns) <= set(row) for row in found)
    assert {row["document"] for row in found} == {document.name}


async def test_there_is_no_export_of_other_tables_nor_of_another_tenant(study: Study) -> None:
    await published(study, FULL)
    other = await Study.begin(study.database)
    async with other.tenant() as tx:
        assert (await tx.records.table(study.project_id, "invoices"))[1] == []
        with pytest.raises(NotFound):
            await tx.records.table(study.project_id, "model_calls")
        assert await tx.records.corrections(str(uuid.uuid4())) == []
