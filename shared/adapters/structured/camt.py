"""CAMT.052, 053 and 054 of ISO 20022: account reports, statements and notices. Paths to fields, for every version."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from shared.adapters.structured.mapping import Node, Reading, at
from shared.adapters.structured.statement import Part, joined
from shared.adapters.structured.values import day, iban, number, upper
from shared.domain.business import BusinessRecord, Origin, Transaction
from shared.domain.markup import Markup

_STATEMENTS = "/c:Document/*/*[self::c:Stmt or self::c:Rpt or self::c:Ntfctn]"
_BOOKED = "c:Sts='BOOK' or c:Sts/c:Cd='BOOK' or not(c:Sts)"


def read(root: Node, markup: Markup) -> tuple[BusinessRecord, Reading]:
    """All statements of the file as one record, and the reading that it came from."""
    reading = Reading(root, {"c": markup.namespace})
    parts: list[Part] = []
    already = 0
    for place, node in enumerate(reading.all(_STATEMENTS), start=1):
        parts.append(_statement(reading, node, f"{_STATEMENTS}[{place}]", already))
        already += len(parts[-1].transactions)
    pending = len(reading.all(f"{_STATEMENTS}/c:Ntry[not({_BOOKED})]"))
    origin = Origin(
        syntax="camt", version=markup.namespace.rpartition(":")[2], type_code=markup.namespace.rpartition(":")[2][:8],
        facts={"pending": str(pending)} if pending else {},
    )  # fmt: skip
    return joined(parts, origin, reading.sources, reading.faults), reading


HEADER = (
    at("number", "c:LglSeqNb", "c:ElctrncSeqNb", "c:Id"),
    at("iban", "c:Acct/c:Id/c:IBAN", read=iban),
    at("account", "c:Acct/c:Id/c:IBAN", "c:Acct/c:Id/c:Othr/c:Id", "c:Acct/c:Id/c:PrtryAcct/c:Id"),
    at("buyer_name", "c:Acct/c:Ownr/c:Nm", "c:Acct/c:Ownr/c:Pty/c:Nm"),
    at("currency", "c:Acct/c:Ccy", "c:Bal/c:Amt/@Ccy", "c:Ntry/c:Amt/@Ccy", read=upper),
)


def _balance(codes: tuple[str, ...], which: str) -> tuple[Any, ...]:
    kinds = [f"c:Bal[c:Tp/c:CdOrPrtry/c:Cd='{code}']" for code in codes]
    days = [f"{kind}/c:Dt/c:{form}" for kind in kinds for form in ("Dt", "DtTm")]
    return (
        at(f"{which}_balance", *(f"{kind}/c:Amt" for kind in kinds), read=_signed),
        at(f"{which}_date", *days, read=day),
    )


def _signed(value: str, node: Any) -> Decimal:
    """Money that leaves, or a balance below nothing, is marked as debit beside its amount."""
    debit = (node.getparent().findtext("{*}CdtDbtInd") or "").strip() == "DBIT"
    return -number(value) if debit else number(value)


BALANCES = (*_balance(("OPBD", "PRCD"), "opening"), *_balance(("CLBD",), "closing"))
_DETAILS = "c:NtryDtls/c:TxDtls"
ENTRY = (
    at("date", "c:BookgDt/c:Dt", "c:BookgDt/c:DtTm", "c:ValDt/c:Dt", "c:ValDt/c:DtTm", read=day),
    at("value_date", "c:ValDt/c:Dt", "c:ValDt/c:DtTm", read=day),
    at("amount", "c:Amt", read=_signed),
    at("currency", "c:Amt/@Ccy", read=upper),
    at("description", f"{_DETAILS}/c:RmtInf", f"{_DETAILS}/c:AddtlTxInf", "c:AddtlNtryInf",
       read=lambda value, node: value[:300]),
    at("reference", f"{_DETAILS}/c:Refs/c:EndToEndId", "c:AcctSvcrRef", "c:NtryRef"),
    at("payer", f"{_DETAILS}/c:RltdPties/c:Dbtr//c:Nm"),
    at("payee", f"{_DETAILS}/c:RltdPties/c:Cdtr//c:Nm"),
    at("code", "c:BkTxCd/c:Prtry/c:Cd", "c:BkTxCd/c:Domn/c:Fmly/c:SubFmlyCd"),
)  # fmt: skip


def _statement(reading: Reading, node: Node, base: str, already: int) -> Part:
    values = reading.take((*HEADER, *BALANCES), node, base=f"{base}/")
    entries: list[Transaction] = []
    for n, entry in enumerate(reading.few(f"c:Ntry[{_BOOKED}]", node), start=1):
        prefix = f"transactions.{already + len(entries)}."
        made = _make_entry(**reading.take(ENTRY, entry, prefix, f"{base}/c:Ntry[{n}]/"))
        if made is not None:
            entries.append(made)
    return Part(values, tuple(entries), base)


def _make_entry(
    amount: Decimal | None = None, date: date | None = None, payer: str = "", payee: str = "", **rest: Any
) -> Transaction | None:
    """The other side is who paid when money comes in, and who was paid when it leaves."""
    if amount is None or date is None:
        return None
    other = payee if amount < 0 else payer
    return Transaction(date=date, amount=amount, counterparty=other or None, **rest)
