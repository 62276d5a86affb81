"""Copies of a right record with one thing wrong, and the field that validation has to name."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from shared.domain.business import BusinessRecord
from shared.domain.countries import country

# Rates that were not in force in the years of the examples: once right or a misreading, by country and tax.
WRONG_RATES = {
    "AR": "18",
    "CO": "16",
    "DE": "16",
    "EL": "19",
    "ES": "18",
    "FR": "19.6",
    "IT": "20",
    "MX": "15",
    "PL": "22",
    "PT": "20",
}
WRONG_SURCHARGE, WRONG_WITHHELD = "4.3", "14"


@dataclass(frozen=True)
class Altered:
    """A copy, what was done to it, and the field that is wrong now."""

    kind: str
    field: str
    record: BusinessRecord


def altered_copies(record: BusinessRecord, seed: str) -> Iterator[Altered]:
    """All alterations that the record allows; the same seed gives the same ones."""
    rng = random.Random(seed)
    for make in (_tax_ids, _rates, _totals, _line_amounts, _tax_amounts, _dates):
        yield from make(record, rng)


def _tax_ids(record: BusinessRecord, rng: random.Random) -> Iterator[Altered]:
    """Three times another digit in another place, where the country's numbers have a check digit at all."""
    for party in ("seller", "buyer"):
        field, home = f"{party}_tax_id", country(getattr(record, f"{party}_country"))
        value = getattr(record, field) or ""
        if home is None:
            continue
        places = [place for place, char in enumerate(value) if char.isdigit()]
        for place in rng.sample(places, min(3, len(places))):
            digit = rng.choice([one for one in "0123456789" if one != value[place]])
            changed = value[:place] + digit + value[place + 1 :]
            yield Altered(f"digit of the {party}'s tax id", field, record.model_copy(update={field: changed}))


def _rates(record: BusinessRecord, rng: random.Random) -> Iterator[Altered]:
    """Another rate, with tax, total and what is due made to fit: only the rate itself can tell."""
    for index, row in enumerate(record.taxes):
        if not row.rate or row.base is None or row.amount is None:
            continue
        other = WRONG_SURCHARGE if row.kind == "RE" else WRONG_RATES[record.country or ""]
        percent = Decimal(WRONG_WITHHELD if row.withheld else other)
        amount = (row.base * percent / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        more = row.amount - amount if row.withheld else amount - row.amount
        rows = list(record.taxes)
        rows[index] = row.model_copy(update={"rate": percent, "amount": amount})
        column = "withheld" if row.withheld else "tax"
        update = {"taxes": tuple(rows), column: (getattr(record, column) or 0) + amount - row.amount}
        update |= {name: value + more for name in ("total", "due") if (value := getattr(record, name)) is not None}
        yield Altered("rate not in force", f"taxes.{index}.rate", record.model_copy(update=update))


def _totals(record: BusinessRecord, rng: random.Random) -> Iterator[Altered]:
    for _ in range(2):
        total = _misread(record.total or Decimal(0), rng)
        yield Altered("total", "total", record.model_copy(update={"total": total}))


def _line_amounts(record: BusinessRecord, rng: random.Random) -> Iterator[Altered]:
    for index in rng.sample(range(len(record.lines)), min(3, len(record.lines))):
        amount = _misread(record.lines[index].amount or Decimal(0), rng)
        lines = list(record.lines)
        lines[index] = lines[index].model_copy(update={"amount": amount})
        changed = record.model_copy(update={"lines": tuple(lines)})
        yield Altered("amount of a line", f"lines.{index}.amount", changed)


def _tax_amounts(record: BusinessRecord, rng: random.Random) -> Iterator[Altered]:
    for index, row in enumerate(record.taxes):
        if row.rate and row.amount:
            rows = list(record.taxes)
            rows[index] = row.model_copy(update={"amount": _misread(row.amount, rng)})
            changed = record.model_copy(update={"taxes": tuple(rows)})
            yield Altered("amount of a tax", f"taxes.{index}.amount", changed)


def _dates(record: BusinessRecord, rng: random.Random) -> Iterator[Altered]:
    """Due before it was issued; issued in fifty years; issued a century ago."""
    issued = record.issue_date or date.min
    due = issued - timedelta(days=rng.randint(1, 300))
    yield Altered("due before issue", "due_date", record.model_copy(update={"due_date": due}))
    for kind, years in (("issued in the future", 50), ("issued a century ago", -100)):
        day = issued.replace(year=issued.year + years, day=min(issued.day, 28))
        update: dict[str, object] = {"issue_date": day, "due_date": None}
        yield Altered(kind, "issue_date", record.model_copy(update=update))


def _misread(amount: Decimal, rng: random.Random) -> Decimal:
    """Another digit in one place, down to the tenths."""
    text = f"{amount:.2f}"
    places = [place for place, char in enumerate(text[:-1]) if char.isdigit()]
    place = rng.choice(places)
    digit = rng.choice([one for one in "0123456789" if one != text[place]])
    return Decimal(text[:place] + digit + text[place + 1 :])
