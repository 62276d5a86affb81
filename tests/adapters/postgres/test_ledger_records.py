"""Model calls, and business records."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.adapters.postgres import PostgresLedger
from shared.domain.analysis import ModelAnswer, ModelCall, Usage
from tests.support.database import Study


@pytest.fixture
def call(study: Study) -> ModelCall:
    return ModelCall(uuid.uuid4().hex, study.tenant_id, study.project_id, "open_coding", "gpt", "p-1", "0" * 64)


@pytest.fixture
def ledger(study: Study) -> PostgresLedger:
    return PostgresLedger(study.database)


async def row(study: Study, call: ModelCall) -> dict[str, Any]:
    async with study.database.tenant_connection(study.tenant_id) as db:
        found = await db.fetchrow("select state, attempts, error_code from model_calls where key = $1", call.key)
    assert found is not None
    return dict(found)


ANSWER = ModelAnswer('{"codes": []}', "gpt-2026", Usage(10, 5, 2), "westeurope")


async def test_an_answer_is_found_once_it_is_stored(ledger: PostgresLedger, call: ModelCall) -> None:
    assert await ledger.find(call.tenant_id, call.key) is None
    await ledger.begin(call)
    assert await ledger.find(call.tenant_id, call.key) is None
    await ledger.finish(call, ANSWER)
    assert await ledger.find(call.tenant_id, call.key) == ANSWER
    assert await ledger.find(str(uuid.uuid4()), call.key) is None


async def test_the_first_answer_stays(ledger: PostgresLedger, call: ModelCall, study: Study) -> None:
    await ledger.begin(call)
    await ledger.finish(call, ANSWER)
    await ledger.begin(call)
    await ledger.finish(call, replace(ANSWER, text="another"))
    await ledger.fail(call, "timeout")
    assert await ledger.find(call.tenant_id, call.key) == ANSWER
    assert await row(study, call) == {"state": "answered", "attempts": 1, "error_code": None}


async def test_failures_and_attempts_are_on_record(ledger: PostgresLedger, call: ModelCall, study: Study) -> None:
    await ledger.begin(call)
    await ledger.fail(call, "rate_limit")
    assert await row(study, call) == {"state": "failed", "attempts": 1, "error_code": "rate_limit"}
    await ledger.begin(call)
    await ledger.finish(call, ANSWER)
    assert await row(study, call) == {"state": "answered", "attempts": 2, "error_code": None}


async def test_an_answer_with_nul_is_kept(ledger: PostgresLedger, call: ModelCall) -> None:
    await ledger.begin(call)
    await ledger.finish(call, replace(ANSWER, text="a\x00b \ud83d"))
    found = await ledger.find(call.tenant_id, call.key)
    assert found is not None
    assert found.text == "ab \ufffd"


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
    assert first == {"kind": "invoice", "record": BILL, "findings": [{"rule": "required"}]}
    assert second == {"kind": "receipt", "record": {"kind": "receipt"}, "findings": []}


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
