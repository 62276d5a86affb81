"""The tables that offices read: what goes into them from a record, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shared.domain.document import Document, DocumentType
from shared.domain.errors import NotFound

if TYPE_CHECKING:
    import asyncpg

Convert = Callable[[Any], Any]


def _as_is(value: Any) -> Any:
    return value


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _amount(value: str | None) -> Decimal | None:
    return Decimal(value) if value is not None else None


# Column: (field of the record or of the row of its list, how its plain value becomes the column's).
Columns = Mapping[str, tuple[str, Convert]]

_BILL: Columns = {
    "number": ("number", _as_is),
    "issue_date": ("issue_date", _date),
    "due_date": ("due_date", _date),
    "country": ("country", _as_is),
    "credit": ("credit", bool),
    "seller": ("seller_name", _as_is),
    "seller_tax_id": ("seller_tax_id", _as_is),
    "seller_address": ("seller_address", _as_is),
    "seller_country": ("seller_country", _as_is),
    "buyer": ("buyer_name", _as_is),
    "buyer_tax_id": ("buyer_tax_id", _as_is),
    "buyer_address": ("buyer_address", _as_is),
    "buyer_country": ("buyer_country", _as_is),
    "currency": ("currency", _as_is),
    "prices_include_tax": ("prices_include_tax", bool),
    "line_total": ("line_total", _amount),
    "net": ("net", _amount),
    "tax": ("tax", _amount),
    "withheld": ("withheld", _amount),
    "rounding": ("rounding", _amount),
    "total": ("total", _amount),
    "prepaid": ("prepaid", _amount),
    "due": ("due", _amount),
    "iban": ("iban", _as_is),
    "account": ("account", _as_is),
}
_LINE: Columns = {
    "description": ("description", _as_is),
    "quantity": ("quantity", _amount),
    "unit": ("unit", _as_is),
    "unit_price": ("unit_price", _amount),
    "discount": ("discount", _amount),
    "amount": ("amount", _amount),
    "tax_rate": ("tax_rate", _amount),
}
_TAX: Columns = {
    "kind": ("kind", _as_is),
    "category": ("category", _as_is),
    "rate": ("rate", _amount),
    "base": ("base", _amount),
    "amount": ("amount", _amount),
    "withheld": ("withheld", bool),
}
_ADJUSTMENT: Columns = {"amount": ("amount", _amount), "charge": ("charge", bool), "reason": ("reason", _as_is)}
_MOVEMENT: Columns = {
    "booked_on": ("date", _date),
    "value_date": ("value_date", _date),
    "amount": ("amount", _amount),
    "currency": ("currency", _as_is),
    "description": ("description", _as_is),
    "reference": ("reference", _as_is),
    "counterparty": ("counterparty", _as_is),
    "code": ("code", _as_is),
    "balance": ("balance", _amount),
    "iban": ("iban", _as_is),
    "account": ("account", _as_is),
    "country": ("country", _as_is),
}
_PARTS: dict[str, tuple[str, Columns]] = {
    "invoice_lines": ("lines", _LINE),
    "invoice_taxes": ("taxes", _TAX),
    "invoice_adjustments": ("adjustments", _ADJUSTMENT),
}
WRITTEN = ("invoices", "expenses", "bank_transactions", *_PARTS)
_EXPORTED: dict[str, Columns] = {
    "invoices": _BILL,
    "expenses": _BILL,
    "bank_transactions": _MOVEMENT,
    **{table: columns for table, (_, columns) in _PARTS.items()},
}
_STATEMENT_FIELDS = ("currency", "iban", "account", "country")


async def write(db: asyncpg.Connection, tenant: str, document: Document, record: dict[str, Any]) -> None:
    """The rows of a record; nothing of this document is there yet."""
    if record["kind"] == DocumentType.BANK_STATEMENT:
        shared = {name: record.get(name) for name in _STATEMENT_FIELDS}
        rows = [
            {**shared, **{name: value for name, value in movement.items() if value is not None}}
            for movement in record.get("transactions") or []
        ]
        await _insert_rows(db, "bank_transactions", tenant, document, _MOVEMENT, rows)
        return
    table = "expenses" if record["kind"] == DocumentType.RECEIPT else "invoices"
    await _insert(db, table, ("document_id", "tenant_id", "project_id"), _BILL, [
        (document.document_id, tenant, document.project_id, *_values(_BILL, record))
    ])  # fmt: skip
    for part, (field, columns) in _PARTS.items():
        await _insert_rows(db, part, tenant, document, columns, record.get(field) or [])


async def read(
    db: asyncpg.Connection, tenant: str, project_id: str, name: str, language: str = "en"
) -> tuple[list[str], list[dict[str, Any]]]:
    """Columns and rows of a table of the project, with the names of the documents; NotFound for other tables.

    Findings are told in `language`.
    """
    if name == "records":
        return await _read_records(db, tenant, project_id, language)
    if name not in _EXPORTED:
        raise NotFound("There is no such table.")
    own = list(_EXPORTED[name])
    ordinal = [] if name in {"invoices", "expenses"} else ["ordinal"]
    columns = ["document_id", "document", *ordinal, *own]
    chosen = ", ".join(f"t.{column}" for column in [*ordinal, *own])
    rows = await db.fetch(
        f"select t.document_id, d.name as document, {chosen} from {name} t join documents d using (document_id) "
        f"where t.project_id = $1 and t.tenant_id = $2 order by t.document_id{', t.ordinal' if ordinal else ''}",
        project_id, tenant,
    )  # fmt: skip
    return columns, [dict(row) for row in rows]


async def _read_records(
    db: asyncpg.Connection, tenant: str, project_id: str, language: str
) -> tuple[list[str], list[dict[str, Any]]]:
    """All invoices and receipts, published and waiting, with their status."""
    bill = {column: field for column, (field, _) in _BILL.items()}
    chosen = ", ".join(f"r.record->>'{field}' as {column}" for column, field in bill.items())
    rows = await db.fetch(
        f"select r.document_id, d.name as document, d.status, r.kind, r.version, {chosen}, "
        "(select string_agg(coalesce(nullif(f->>$4, ''), f->>'message'), ' ') from jsonb_array_elements(r.findings) f) as findings "
        "from records r join documents d using (document_id) "
        "where r.project_id = $1 and r.tenant_id = $2 and r.kind = any($3::text[]) order by r.document_id",
        project_id, tenant, [DocumentType.INVOICE.value, DocumentType.RECEIPT.value],
        "message_es" if language == "es" else "message",
    )  # fmt: skip
    found = [{**row, **_typed(row)} for row in map(dict, rows)]
    return ["document_id", "document", "status", "kind", "version", *bill, "findings"], found


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """Amounts as numbers, so that they are exported as such."""
    return {column: _amount(row[column]) for column, (_, convert) in _BILL.items() if convert is _amount}


def _values(columns: Columns, plain: Mapping[str, Any]) -> list[Any]:
    return [convert(plain.get(field)) for field, convert in columns.values()]


async def _insert_rows(
    db: asyncpg.Connection,
    table: str,
    tenant: str,
    document: Document,
    columns: Columns,
    rows: Iterable[dict[str, Any]],
) -> None:
    keys = ("document_id", "ordinal", "tenant_id", "project_id")
    values = [
        (document.document_id, n, tenant, document.project_id, *_values(columns, row)) for n, row in enumerate(rows)
    ]
    await _insert(db, table, keys, columns, values)


async def _insert(
    db: asyncpg.Connection, table: str, keys: tuple[str, ...], columns: Columns, rows: list[tuple[Any, ...]]
) -> None:
    names = [*keys, *columns]
    places = ", ".join(f"${n}" for n in range(1, len(names) + 1))
    await db.executemany(f"insert into {table} ({', '.join(names)}) values ({places})", rows)
