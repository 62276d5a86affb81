"""The arithmetic of a statement: each running balance proves the movements before it, and tells a sign that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from shared.domain.labelled import Read
from shared.domain.statement_rows import Anchor, Entry, Movement

_MOST_OPEN = 8  # movements without a sign between two balances that are tried in all ways
_PROVEN, _SUMMED, _SIGNED, _OPEN, _CONTRADICTED = 0.95, 0.9, 0.6, 0.3, 0.4


@dataclass(frozen=True, slots=True)
class Proof:
    """Movements in the order of the paper with what is proven of them, and the balances before and after all."""

    movements: tuple[Movement, ...]
    opening: Read[Decimal] | None
    closing: Read[Decimal] | None


def proven(entries: Sequence[Entry]) -> Proof:
    """The movements with signs and confidence by the running balances; the newest may stand first or last."""
    opening, closing = _labelled(entries)
    up, upwards = _walk(list(entries), opening)
    down, downwards = _walk(list(reversed(entries)), opening)
    down.reverse()
    movements, running_up = (down, False) if downwards > upwards else (up, True)
    first, last = (movements[0], movements[-1]) if running_up else (movements[-1], movements[0])
    opening = opening or _before(first, max(upwards, downwards))
    if closing is None and last.balance is not None and max(upwards, downwards):
        closing = replace(last.balance, confidence=0.8)
    return Proof(tuple(_summed(movements, opening, closing)), opening, closing)


def _labelled(entries: Sequence[Entry]) -> tuple[Read[Decimal] | None, Read[Decimal] | None]:
    """The balances that are called so; what is carried forward before all movements opens, after all of them closes."""
    at = [index for index, entry in enumerate(entries) if isinstance(entry, Movement)]
    opening = closing = None
    for index, entry in enumerate(entries):
        if isinstance(entry, Movement):
            continue
        if opening is None and (entry.kind == "opening" or (entry.kind == "carried" and index < at[0])):
            opening = entry.balance
        elif entry.kind == "closing" or (entry.kind == "carried" and index > at[-1]):
            closing = entry.balance
    return opening, closing


def _walk(entries: Sequence[Entry], opening: Read[Decimal] | None) -> tuple[list[Movement], int]:
    """The movements in this order, and how many of them a balance proves."""
    running = opening.value if opening else None
    done: list[Movement] = []
    pending: list[Movement] = []
    count = 0
    for entry in entries:
        if isinstance(entry, Movement):
            pending.append(entry)
        elif entry.kind == "opening" and not done:
            running = entry.balance.value
            continue
        balance = entry.balance
        if balance is None:
            continue
        settled = _settled(pending, running, balance.value)
        count += sum(one.amount.confidence >= _SUMMED for one in settled)
        done, pending, running = [*done, *settled], [], balance.value
    return [*done, *_settled(pending, None, None)], count


def _settled(pending: Sequence[Movement], before: Decimal | None, after: Decimal | None) -> list[Movement]:
    if before is None or after is None:
        return [_sure(one, one.amount.value, _SIGNED if one.signed else _OPEN) for one in pending]
    moved = after - before
    if sum((one.amount.value for one in pending), Decimal(0)) == moved:
        return [_sure(one, one.amount.value, _PROVEN) for one in pending]
    open_ones = [index for index, one in enumerate(pending) if not one.signed]
    if len(pending) == 1 and abs(moved) == abs(pending[0].amount.value):
        return [_sure(pending[0], moved, 0.85 if pending[0].signed else _PROVEN)]
    if 0 < len(open_ones) <= _MOST_OPEN and (ways := _ways(pending, open_ones, moved)):
        return [_sure(one, value, _PROVEN) for one, value in zip(pending, ways, strict=True)]
    return [_sure(one, one.amount.value, _CONTRADICTED if one.signed else _OPEN) for one in pending]


def _ways(pending: Sequence[Movement], open_ones: Sequence[int], moved: Decimal) -> list[Decimal] | None:
    """The only choice of signs that makes the sum; None when there is none, or several."""
    found = []
    for signs in product((1, -1), repeat=len(open_ones)):
        values = [one.amount.value for one in pending]
        for index, sign in zip(open_ones, signs, strict=True):
            values[index] *= sign
        if sum(values, Decimal(0)) == moved:
            found.append(values)
    return found[0] if len(found) == 1 else None


def _sure(one: Movement, value: Decimal, confidence: float) -> Movement:
    return replace(one, amount=replace(one.amount, value=value, confidence=confidence))


def _before(first: Movement, proofs: int) -> Read[Decimal] | None:
    """The balance before the first movement, where its own balance is printed and others are proven."""
    if first.balance is None or not first.signed or not proofs:
        return None
    return replace(first.balance, value=first.balance.value - first.amount.value, confidence=0.6)


def _summed(
    movements: Sequence[Movement], opening: Read[Decimal] | None, closing: Read[Decimal] | None
) -> list[Movement]:
    """All movements surer where they lead from the opening to the closing balance."""
    total = sum((one.amount.value for one in movements), Decimal(0))
    if opening is None or closing is None or opening.value + total != closing.value:
        return list(movements)
    return [_sure(one, one.amount.value, max(one.amount.confidence, _SUMMED)) for one in movements]


def has_movements(entries: Sequence[Entry]) -> bool:
    """If anything was booked."""
    return any(not isinstance(entry, Anchor) for entry in entries)
