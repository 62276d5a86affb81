"""Days: none in the future, none absurd, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from shared.domain.findings import Case, Finding, finding

_LONGEST_TERM = timedelta(days=366)
# Today is another day on the other side of the earth.
_TIME_ZONES = timedelta(days=1)
EARLIEST = date(1980, 1, 1)


def dates(case: Case) -> Iterator[Finding]:
    """The record's own days and those of its movements."""
    record = case.record
    for field in ("issue_date", "opening_date", "closing_date"):
        yield from _plausible(case, field, getattr(record, field))
    yield from _due(case)
    opening, closing = record.opening_date, record.closing_date
    if opening and closing and closing < opening:
        yield finding("closing_date", closing, "closing_after_opening", opening=opening)
    end = closing or record.issue_date or opening
    for index, movement in enumerate(record.transactions):
        if end and abs(movement.date - end) > _LONGEST_TERM:
            yield finding(f"transactions.{index}.date", movement.date, "movement_in_period", closing=end)


def _plausible(case: Case, field: str, day: date | None) -> Iterator[Finding]:
    if day is None:
        return
    if case.today and day > case.today + _TIME_ZONES:
        yield finding(field, day, "not_in_the_future", today=case.today)
    elif day < EARLIEST and not case.confirmed(field):
        yield finding(field, day, "date_is_plausible", earliest=EARLIEST)


def _due(case: Case) -> Iterator[Finding]:
    record = case.record
    issued, due = record.issue_date, record.due_date
    if due is None or issued is None:
        return
    if due < issued:
        yield finding("due_date", due, "due_after_issue", issued=issued)
    elif due - issued > _LONGEST_TERM and not case.confirmed("due_date"):
        yield finding("due_date", due, "due_within_a_year", issued=issued)
