"""SWIFT MT940 with the dialects of the banks, by the library mt-940: tags to fields."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from shared.adapters.structured.statement import Part, joined
from shared.domain.business import BusinessRecord, Fault, Origin, Source, Transaction
from shared.domain.document import DocumentType
from shared.domain.errors import TooLarge
from shared.domain.identifiers import compact, iban_is_valid
from shared.domain.remarks import Remark

_MOVEMENT = re.compile(r"^:61:(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)", re.MULTILINE)
_FORM = re.compile(r":61:\d{6}(?:\d{4})?R?[CD][A-Z]?\s?[\d,]{1,15}(?:[A-Z]|$|\s)")
# A credit that is taken back leaves, a debit that is taken back comes in. (The library only looks at the last letter.)
_LEAVES = {"D": True, "RC": True, "C": False, "RD": False}
_MOST = 50_000
_LONGEST = 300  # characters of a description


def read(text: str) -> tuple[BusinessRecord, list[str]]:
    """All statements of the file as one record, and what is worth knowing about it. Raises TooLarge."""
    parts: list[Part] = []
    sources: dict[str, Source] = {}
    faults: list[Fault] = []
    warnings: list[str] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    written = list(_MOVEMENT.finditer(text))
    if len(written) > _MOST:
        raise TooLarge(f"The statement has more than {_MOST} movements. Split it and upload its parts.")
    count = 0
    statements = _statements(text)
    if statements is None:
        return _unreadable(text), []
    for number, statement in enumerate(statements, start=1):
        transactions = []
        for one in statement.transactions:
            made = _transaction(one.data)
            if made is None:
                continue
            shown = written[count] if count < len(written) else None
            _note(made, shown, count, sources, warnings)
            transactions.append(made)
            count += 1
        parts.append(_part(statement.data, tuple(transactions), number, sources))
    if count != len(written):
        message = f"{len(written)} movements are written and {count} could be read: correct field :61: of the others."
        spanish = f"Hay {len(written)} movimientos escritos y se leyeron {count}: corrija el campo :61: de los demás."
        value = str(len(written))
        faults.append(
            Fault(field="transactions", value=value, rule="movements_read", message=message, message_es=spanish)
        )
    return joined(parts, Origin(syntax="mt940"), sources, faults), warnings


def _statements(text: str) -> Sequence[Any] | None:
    """The library's statements, or None when a field is so wrong that it gives up."""
    import mt940

    logging.getLogger("mt940").setLevel(logging.CRITICAL)  # it would write fields of people's accounts to the log
    try:
        # As a stream: a text by itself could be taken for the path of a file.
        return mt940.parse_statements(io.StringIO(text))
    except (ValueError, KeyError, TypeError, ArithmeticError, RuntimeError):
        return None


def _unreadable(text: str) -> BusinessRecord:
    """A record without sources, so that the text is read by rules, and what keeps the data from being read."""
    wrong = next((line for line in re.findall(r"^:61:.*", text, re.MULTILINE) if not _FORM.match(line)), "")
    fault = Fault(
        field="transactions",
        value=wrong[:80],
        rule="readable_field",
        message="The MT940 statement cannot be read as data: a field does not have its form. Export it again.",
        message_es="El extracto MT940 no se puede leer como datos: un campo no tiene su forma. Expórtelo de nuevo.",
    )
    return BusinessRecord(kind=DocumentType.BANK_STATEMENT, origin=Origin(syntax="mt940", faults=(fault,)))


def _part(data: dict[str, Any], transactions: tuple[Transaction, ...], number: int, sources: dict[str, Source]) -> Part:
    values: dict[str, Any] = {}
    account = str(data.get("account_identification") or "").strip()
    if account:
        values["account"] = account
        pieces = (account, *account.split("/"))
        valid = next((piece for piece in pieces if iban_is_valid(piece)), None)
        values |= {"iban": compact(valid)} if valid else {}
    if data.get("statement_number"):
        values["number"] = "/".join(
            str(data[name]) for name in ("statement_number", "sequence_number") if data.get(name)
        )
    for which, tag in (("opening", "60"), ("closing", "62")):
        for form in ("final", "intermediate"):
            balance = data.get(f"{form}_{which}_balance")
            if balance is not None and f"{which}_balance" not in values:
                values |= _balance(balance, which)
                sources.setdefault(f"{which}_balance", _source(f":{tag}{form[0].upper()}:[{number}]"))
                sources.setdefault(f"{which}_date", _source(f":{tag}{form[0].upper()}:[{number}]"))
    for name, tag in (("account", "25"), ("iban", "25"), ("number", "28C"), ("currency", "60F")):
        if name in values:
            sources.setdefault(name, _source(f":{tag}:[{number}]"))
    return Part(values, transactions, f":20:[{number}]")


def _balance(balance: Any, which: str) -> dict[str, Any]:
    """A balance whose currency is no currency was cut wrong by its bank: its amount means nothing."""
    currency = str(balance.amount.currency or "")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        return {}
    amount = Decimal(balance.amount.amount)
    return {f"{which}_balance": amount, f"{which}_date": _day(balance.date), "currency": currency}


def _transaction(data: dict[str, Any]) -> Transaction | None:
    amount = data.get("amount")
    if amount is None or data.get("date") is None:
        return None
    status, value = str(data.get("status")), abs(Decimal(amount.amount))
    value_date = _day(data["date"])
    booked = _day(data["entry_date"]) if data.get("entry_date") else value_date
    words = [data.get(name) for name in ("posting_text", "purpose", "additional_purpose")]
    if not any(words):
        words = [data.get("transaction_details") or data.get("non_swift_text"), data.get("extra_details")]
    reference = next((data[name] for name in ("customer_reference", "bank_reference")
                      if data.get(name) and data[name] != "NONREF"), None)  # fmt: skip
    currency = str(amount.currency) if re.fullmatch(r"[A-Z]{3}", str(amount.currency)) else None
    return Transaction(
        date=booked, value_date=value_date, currency=currency, reference=reference,
        amount=-value if _LEAVES.get(status, False) else value,
        description=" ".join(" ".join(str(word) for word in words if word).split())[:_LONGEST],
        counterparty=data.get("applicant_name") or data.get("recipient_name"),
        code=(data.get("id") or "").strip() or None,
    )  # fmt: skip


def _note(
    made: Transaction, shown: re.Match[str] | None, number: int, sources: dict[str, Source], warnings: list[str]
) -> None:
    """Where a movement stands; and its value date, when that is a day that banks count with and calendars do not."""
    path = f":61:[{number + 1}]"
    for name in ("date", "amount"):
        sources[f"transactions.{number}.{name}"] = _source(path)
    if shown is None or made.value_date is None:
        return
    if int(shown["day"]) != made.value_date.day:
        sources[f"transactions.{number}.value_date"] = _source(path, 0.6)
        said = f"{shown['day']}.{shown['month']}.{shown['year']}"
        warnings.append(Remark("no_such_day", n=number + 1, said=said, day=made.value_date.isoformat()))


def _source(path: str, confidence: float = 1.0) -> Source:
    return Source(path=path, reader="structured", confidence=confidence)


def _day(value: Any) -> date:
    return date(value.year, value.month, value.day)
