"""Several statements of one file as one record: a chain of one account, or what keeps it from being one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from shared.domain.business import BusinessRecord, Fault, Origin, Source, Transaction
from shared.domain.document import DocumentType

_BALANCES = ("opening_balance", "opening_date", "closing_balance", "closing_date")


@dataclass(frozen=True, slots=True)
class Part:
    """One statement: its fields by name, its movements, and where it stands in the data."""

    values: dict[str, Any]
    transactions: tuple[Transaction, ...]
    path: str


def joined(parts: Sequence[Part], origin: Origin, sources: dict[str, Source], faults: list[Fault]) -> BusinessRecord:
    """The record of all parts. Its balances are those of the whole chain, and none where the parts make no chain."""
    values: dict[str, Any] = {}
    for part in parts:
        values = part.values | values
        faults += _own_balance(part)
    accounts = {account for part in parts if (account := part.values.get("account"))}
    if len(accounts) > 1:
        faults.append(_several(accounts))
        for name in _BALANCES:
            values.pop(name, None)
            sources.pop(name, None)
    elif parts:
        faults += _gaps(parts)[:1]
        values |= {name: parts[-1].values.get(name) for name in ("closing_balance", "closing_date")}
    if values.get("closing_date"):
        values["issue_date"] = values["closing_date"]
        if "closing_date" in sources:
            sources["issue_date"] = sources["closing_date"]
    transactions = tuple(one for part in parts for one in part.transactions)
    origin = origin.model_copy(update={"faults": tuple(faults)})
    return BusinessRecord(
        kind=DocumentType.BANK_STATEMENT, transactions=transactions, sources=sources, origin=origin, **values
    )


def _several(accounts: set[str]) -> Fault:
    return Fault(
        field="account", value=", ".join(sorted(accounts)), rule="one_account",
        message=f"The file holds statements of {len(accounts)} accounts: upload each account in a file of its own.",
        message_es=f"El archivo contiene extractos de {len(accounts)} cuentas: suba cada cuenta en su propio archivo.",
    )  # fmt: skip


def _own_balance(part: Part) -> list[Fault]:
    opening, closing = part.values.get("opening_balance"), part.values.get("closing_balance")
    if opening is None or closing is None:
        return []
    expected = opening + sum((one.amount for one in part.transactions), Decimal(0))
    if expected == closing:
        return []
    number = part.values.get("number") or part.path
    message = f"In statement {number} the opening balance and the movements make {expected}: something is missing."
    spanish = f"En el extracto {number} el saldo inicial y los movimientos dan {expected}: falta algo."
    return [
        Fault(field="closing_balance", value=str(closing), rule="balances_meet", message=message, message_es=spanish)
    ]


def _gaps(parts: Sequence[Part]) -> list[Fault]:
    faults = []
    for before, after in pairwise(parts):
        closed, opened = before.values.get("closing_balance"), after.values.get("opening_balance")
        if closed is not None and opened is not None and closed != opened:
            message = f"A statement closes with {closed} and the next opens with {opened}: one between is missing."
            spanish = f"Un extracto cierra con {closed} y el siguiente abre con {opened}: falta uno entre ellos."
            faults.append(
                Fault(
                    field="opening_balance",
                    value=str(opened),
                    rule="statements_follow",
                    message=message,
                    message_es=spanish,
                )
            )
    return faults
