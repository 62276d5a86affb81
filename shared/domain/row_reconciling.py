"""Rows of rules and model made one list, and with the header's fields one record. Sums decide whose rows stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from shared.domain.business import BusinessRecord, LineItem, Source
from shared.domain.credits import turned
from shared.domain.proposals import Standing
from shared.domain.proposed_rows import RowValue, StandingRow, list_of
from shared.domain.reconciling import DOUBT, Place, Reconciled, less_sure, model_source, reconcile, surer
from shared.domain.row_sums import proves_itself, rows_fit

_ROW = ""  # the source of a whole row, among those of its cells
_PRODUCT = ("quantity", "unit_price")


@dataclass(frozen=True, slots=True)
class BothRead:
    """The record of both readings; `header` says what became of its fields.

    `differed` rows were read differently. `taken` of the model's rows are in the record; `left` are not, for with them
    nothing adds up, and without them neither.
    """

    header: Reconciled
    differed: int = 0
    taken: int = 0
    left: int = 0

    @property
    def record(self) -> BusinessRecord:
        """The record."""
        return self.header.record


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the record with its sources, and where it stands."""

    value: RowValue
    sources: dict[str, Source]
    start: int
    end: int
    by_model: bool = False


def reconcile_both(
    record: BusinessRecord, fields: Sequence[Standing], rows: Sequence[StandingRow], place: Place
) -> BothRead:
    """The record with the fields and rows that a model read and the paper says.

    A row that both read alike is surer, and each fills what the other left out. The rules' rows give way, or are added
    to, only where the record then adds up; where they have none, the model's are taken unless they break the sums.
    """
    own, read = _own_rows(record), _turned(record, rows)
    pairs = _pairs(own, read)
    theirs = {at: _settled(row, own[pairs[at]] if at in pairs else None, place) for at, row in enumerate(read)}
    seen_by = {index: read[at] for at, index in pairs.items()}
    kept = [_weighed(row, seen_by.get(index), place) for index, row in enumerate(own)]
    alone = [row for index, row in enumerate(kept) if index not in seen_by]
    tried = [kept] if not read else [kept, list(theirs.values()), [*theirs.values(), *alone]]
    done = [reconcile(_with_rows(record, each), fields, place) for each in tried]
    fit = [rows_fit(each.record) for each in done]
    # Rules first, then the model, then both together; what cannot be told is no reason to give rows up.
    best = next((at for at, fits in enumerate(fit) if fits), 1 if read and not own and fit[1] is None else 0)
    taken = sum(row.by_model for row in tried[best])
    new = len(read) - len(pairs)
    differed = sum(not _alike(own[index].value, read[at].value) for at, index in pairs.items())
    return BothRead(done[best], differed, taken, new if best == 0 and not fit[0] else 0)


def _own_rows(record: BusinessRecord) -> list[_Row]:
    name = list_of(record.kind)
    sources: defaultdict[int, dict[str, Source]] = defaultdict(dict)
    for field, source in record.sources.items():
        if match := re.fullmatch(rf"{name}\.(\d+)(?:\.(\w+))?", field):
            sources[int(match[1])][match[2] or _ROW] = source
    found = []
    for index, value in enumerate(getattr(record, name)):
        whole = sources[index].get(_ROW)
        start, end = (whole.start, whole.end) if whole else (None, None)
        found.append(_Row(value, sources[index], start or 0, end or 0))
    return found


def _turned(record: BusinessRecord, rows: Sequence[StandingRow]) -> list[StandingRow]:
    """The rows of a credit note without the minus that it prints, as the record has them."""
    lines = [row.value for row in rows if isinstance(row.value, LineItem)]
    if not record.credit or sum(line.amount or 0 for line in lines) >= 0:
        return list(rows)
    return [replace(row, value=turned(row.value)) if isinstance(row.value, LineItem) else row for row in rows]


def _pairs(own: Sequence[_Row], read: Sequence[StandingRow]) -> dict[int, int]:
    """By the index of a row that the model read, that of the rules' row that holds its amount's characters."""
    pairs: dict[int, int] = {}
    for at, row in enumerate(read):
        start = row.cells["amount"][0]
        index = next((i for i, one in enumerate(own) if one.start <= start < one.end), None)
        if index is not None and index not in pairs.values():
            pairs[at] = index
    return pairs


def _alike(one: RowValue, other: RowValue) -> bool:
    """Whether two readings of a row say the same where both say something; its words may be cut differently."""
    names = set(type(one).model_fields) - {"description"}
    both = ((getattr(one, name), getattr(other, name)) for name in names)
    return all(left == right for left, right in both if left is not None and right is not None)


def _settled(row: StandingRow, own: _Row | None, place: Place) -> _Row:
    """A row that the model read, as it is when the model's rows stand: the rules' own where they read the same."""
    if own is not None and _alike(own.value, row.value):
        return _weighed(own, row, place)
    sources = {_ROW: model_source(row.start, row.end, place, 1.0 if own is None else DOUBT)}
    return _Row(row.value, sources, row.start, row.end, by_model=True)


def _weighed(own: _Row, seen: StandingRow | None, place: Place) -> _Row:
    """A row of the rules, as it is when the rules' rows stand: surer or less sure, and filled from what was seen."""
    if seen is None:
        return own
    if not _alike(own.value, seen.value):
        return replace(own, sources=_each(own.sources, less_sure))
    missing = {name: getattr(seen.value, name) for name in seen.cells if getattr(own.value, name) is None}
    filled = own.value.model_copy(update=missing)
    if isinstance(filled, LineItem) and not proves_itself(filled):
        missing = {name: value for name, value in missing.items() if name not in _PRODUCT}
        filled = own.value.model_copy(update=missing)
    cells = {name: model_source(*seen.cells[name], place, 1.0) for name in missing}
    return replace(own, value=filled, sources=_each(own.sources, surer) | cells)


def _each(sources: dict[str, Source], weigh: Callable[[float], float]) -> dict[str, Source]:
    return {
        name: source.model_copy(update={"confidence": round(weigh(source.confidence), 2)})
        for name, source in sources.items()
    }


def _with_rows(record: BusinessRecord, rows: Sequence[_Row]) -> BusinessRecord:
    """The record with these rows in the order of the paper, each with its sources."""
    name = list_of(record.kind)
    ordered = sorted(rows, key=lambda row: row.start)
    sources = {field: source for field, source in record.sources.items() if not field.startswith(f"{name}.")}
    values = tuple(row.value for row in ordered)
    return record.model_copy(update={name: values, "sources": sources | dict(_named(name, ordered))})


def _named(name: str, rows: Sequence[_Row]) -> Iterator[tuple[str, Source]]:
    for index, row in enumerate(rows):
        for cell, source in row.sources.items():
            yield (f"{name}.{index}.{cell}" if cell else f"{name}.{index}"), source
