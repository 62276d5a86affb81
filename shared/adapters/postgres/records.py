"""Business records, and the tables that offices read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shared.domain.document import Document

if TYPE_CHECKING:
    import asyncpg


class PostgresRecords:
    """`Records` on tables `records`, `invoices`, `expenses` and `bank_transactions`."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def put(self, document: Document, kind: str, record: dict[str, Any]) -> None:
        """Extracted again replaces what was extracted before."""
        await self._db.execute(
            "insert into records (document_id, tenant_id, project_id, kind, record) values ($1, $2, $3, $4, $5) "
            "on conflict (document_id) do update set kind = excluded.kind, record = excluded.record, findings = '[]', "
            "updated_at = now()",
            document.document_id, self._tenant, document.project_id, kind, record,
        )  # fmt: skip

    async def findings(self, document_id: str, findings: list[dict[str, Any]]) -> None:
        """The result of validation."""
        await self._db.execute(
            "update records set findings = $3, updated_at = now() where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, findings,
        )  # fmt: skip

    async def get(self, document_id: str) -> dict[str, Any] | None:
        """The record as it stands."""
        row = await self._db.fetchrow(
            "select kind, record, findings from records where document_id = $1 and tenant_id = $2",
            document_id, self._tenant,
        )  # fmt: skip
        return dict(row) if row else None

    async def publish(self, document: Document, record: dict[str, Any]) -> None:
        """Into `bank_transactions`, `expenses` (receipts) or `invoices`, by the record's kind.

        What the document published before goes from all of them: its kind may have been another.
        """
        for table in ("invoices", "expenses", "bank_transactions"):
            await self._db.execute(f"delete from {table} where document_id = $1", document.document_id)
        if record["kind"] == "bank_statement":
            await self._publish_transactions(document, record)
        else:
            await self._publish_bill("expenses" if record["kind"] == "receipt" else "invoices", document, record)

    async def _publish_bill(self, table: str, document: Document, record: dict[str, Any]) -> None:
        await self._db.execute(
            f"insert into {table} (document_id, tenant_id, project_id, number, issue_date, due_date, seller, "
            "seller_tax_id, buyer, buyer_tax_id, currency, net, tax, total) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            document.document_id, self._tenant, document.project_id, record.get("number"), _date(record.get("issue_date")),
            _date(record.get("due_date")), record.get("seller_name"), record.get("seller_tax_id"),
            record.get("buyer_name"), record.get("buyer_tax_id"), record.get("currency"), _amount(record.get("net")), _amount(record.get("tax")),
            _amount(record.get("total")),
        )  # fmt: skip

    async def _publish_transactions(self, document: Document, record: dict[str, Any]) -> None:
        await self._db.executemany(
            "insert into bank_transactions (document_id, ordinal, tenant_id, project_id, booked_on, amount, currency, "
            "description) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                (
                    document.document_id, n, self._tenant, document.project_id, _date(t.get("date")),
                    _amount(t.get("amount")), record.get("currency"), t.get("description"),
                )
                for n, t in enumerate(record.get("transactions") or [])
            ],
        )  # fmt: skip


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _amount(value: str | None) -> Decimal | None:
    return Decimal(value) if value is not None else None
