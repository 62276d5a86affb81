"""Rules and model reconciled: agreement makes a reading surer, disagreement less sure, and sums decide about money."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from shared.domain.business import BusinessRecord, Source
from shared.domain.document import Classification, DocumentType
from shared.domain.identifiers import compact, iban_is_valid
from shared.domain.proposals import BALANCES, IDENTIFIERS, MONEY, Standing, Value
from shared.domain.row_sums import CENT, movements_meet

MODEL_ALONE = 0.6  # how sure a value is that only the model read
DOUBT = 0.6  # what a disagreement leaves of the confidence

Place = Callable[[int, int], tuple[int | None, tuple[float, float, float, float] | None, float]]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The record of both readings, and the fields in which they agreed, differed, and which only the model read."""

    record: BusinessRecord
    agreed: tuple[str, ...]
    differed: tuple[str, ...]
    added: tuple[str, ...]


def reconcile(record: BusinessRecord, read: Sequence[Standing], place: Place) -> Reconciled:
    """The record with what a model read and the paper says; `place` gives page, box and the reader's confidence.

    A value of the rules is only given up for one that makes the sums fit where its own does not, or for an IBAN whose
    check digits are right where its own are not. A missing value is filled unless that breaks the sums.
    """
    proposed = {one.field: one for one in read}
    chosen = _chosen(record, proposed)
    values: dict[str, Any] = {}
    sources = dict(record.sources)
    agreed, differed, added = [], [], []
    for field, one in proposed.items():
        own = getattr(record, field)
        if own is None:
            if chosen.get(field) is not None:
                values[field], sources[field] = one.value, model_source(one.start, one.end, place, 1.0)
                added.append(field)
        elif same(field, own, one.value):
            agreed.append(field)
            _weigh(sources, field, surer)
        else:
            differed.append(field)
            if chosen.get(field) == own:
                _weigh(sources, field, less_sure)
            else:
                values[field], sources[field] = one.value, model_source(one.start, one.end, place, DOUBT)
    settled = record.model_copy(update=values | {"sources": sources})
    return Reconciled(settled, tuple(agreed), tuple(differed), tuple(added))


def settle_type(rules: Classification, model: DocumentType) -> Classification:
    """The type after a model was asked, for rules were unsure. Rules that name a type keep it, surer or less sure."""
    sign = f"the model says {model.value}"
    if model is rules.type:
        return Classification(rules.type, round(1 - (1 - rules.confidence) / 2, 2), (*rules.signs, sign))
    if rules.type is DocumentType.OTHER:
        return Classification(model, MODEL_ALONE, (*rules.signs, sign))
    return Classification(rules.type, round(rules.confidence * DOUBT, 2), (*rules.signs, sign))


def same(field: str, one: Value, other: Value) -> bool:
    """Whether two readings of a field mean the same; a name may have its legal form or not."""
    if not isinstance(one, str) or not isinstance(other, str):
        return one == other
    if field in IDENTIFIERS:
        return compact(one).removeprefix("ES") == compact(other).removeprefix("ES")
    left, right = _words(one), _words(other)
    return bool(left and right) and (f" {left} " in f" {right} " or f" {right} " in f" {left} ")


def fits(values: Mapping[str, Any], record: BusinessRecord) -> bool | None:
    """Whether amounts add up; None where too few are known to tell."""
    if record.kind is DocumentType.BANK_STATEMENT:
        opening, closing = values.get("opening_balance"), values.get("closing_balance")
        if opening is None or closing is None or not record.transactions:
            return None
        return movements_meet(opening, record.transactions, closing)
    net, tax, total = (values.get(name) for name in ("net", "tax", "total"))
    if net is None or tax is None or total is None:
        return None
    off = net + tax - (values.get("withheld") or 0) + (record.rounding or 0) - total
    return bool(abs(off) <= CENT)


def _chosen(record: BusinessRecord, proposed: Mapping[str, Standing]) -> dict[str, Any]:
    """Field and value of what the record shall say: of all mixtures of both readings the one whose sums fit."""
    own = {field: getattr(record, field) for field in (*MONEY, *BALANCES, *proposed)}
    for field, one in proposed.items():
        if field not in MONEY and field not in BALANCES and own[field] is None:
            own[field] = one.value
    iban = proposed.get("iban")
    if iban and own["iban"] and not iban_is_valid(own["iban"]) and iban_is_valid(str(iban.value)):
        own["iban"] = iban.value
    # The first of the best: what keeps most of the rules' values, then what fills most of the gaps.
    return max(_mixtures(record, own, proposed), key=lambda mixture: mixture[0])[1]


def _mixtures(
    record: BusinessRecord, own: dict[str, Any], proposed: Mapping[str, Standing]
) -> Iterator[tuple[tuple[int, int, int], dict[str, Any]]]:
    """Each way to mix the money of both readings, with its rank: the sums, values kept, gaps filled."""
    fields = [field for field in (*MONEY, *BALANCES) if field in proposed]
    for take in product((False, True), repeat=len(fields)):
        taken = [field for field, yes in zip(fields, take, strict=True) if yes]
        mixture = own | {field: proposed[field].value for field in taken}
        replaced = sum(own[field] is not None and own[field] != mixture[field] for field in taken)
        verdict = {True: 2, None: 1, False: 0}[fits(mixture, record)]
        if replaced and verdict < 2:
            continue
        yield (verdict, -replaced, sum(own[field] is None for field in taken)), mixture


def model_source(start: int, end: int, place: Place, weight: float) -> Source:
    """Where only a model read something, and how sure that is."""
    page, box, sure = place(start, end)
    confidence = round(MODEL_ALONE * weight * sure, 2)
    return Source(start=start, end=end, page=page, box=box, reader="model", confidence=confidence)


def surer(sure: float) -> float:
    """How sure it is when another reader says the same: half of what was in doubt still is."""
    return 1 - (1 - sure) / 2


def less_sure(sure: float) -> float:
    """How sure it is when another reader says otherwise."""
    return sure * DOUBT


def _weigh(sources: dict[str, Source], field: str, weigh: Callable[[float], float]) -> None:
    if field in sources:
        sure = round(weigh(sources[field].confidence), 2)
        sources[field] = sources[field].model_copy(update={"confidence": sure})


def _words(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.findall(r"\w+", "".join(char for char in plain if not unicodedata.combining(char))))
