"""Constant comparison: which codes are one idea."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence

from shared.adapters.model_analyst.asking import Asker
from shared.adapters.model_analyst.blocks import block, rows
from shared.adapters.model_analyst.forms import VerdictForm, VerdictsForm
from shared.adapters.model_analyst.likeness import Pair, alike
from shared.adapters.model_analyst.parsing import parsed
from shared.adapters.model_analyst.questions import request
from shared.adapters.model_analyst.shown import code_rows, ordered
from shared.domain.analysis import Brief, CodeInContext, Consolidation, Merge
from shared.domain.errors import Permanent

PAIRS_A_QUESTION = 40
QUESTIONS_AT_ONCE = 4

log = logging.getLogger(__name__)


async def consolidate(asker: Asker, brief: Brief, codes: Sequence[CodeInContext]) -> Consolidation:
    """Merges of codes that the model finds to be one idea. It sets nothing aside: rarity is no fault of a code."""
    known = ordered(codes)
    pairs, left_out = await asyncio.to_thread(alike, known)
    if left_out:
        log.warning("code_pairs_left_out", extra={"project_id": brief.project_id, "pairs": left_out})
    batches = [pairs[at : at + PAIRS_A_QUESTION] for at in range(0, len(pairs), PAIRS_A_QUESTION)]
    verdicts = await _all_verdicts(asker, brief, known, batches)
    return Consolidation(_merges(known, pairs, verdicts))


async def _all_verdicts(
    asker: Asker, brief: Brief, codes: Sequence[CodeInContext], batches: Sequence[Sequence[Pair]]
) -> dict[Pair, tuple[bool, int, str]]:
    """Every batch's verdicts. A batch that no model answers leaves its codes apart; the rest goes on.

    All are waited for even when one fails: their answers are in the ledger then, and the next attempt finds them.
    """
    gate = asyncio.Semaphore(QUESTIONS_AT_ONCE)

    async def one(batch: Sequence[Pair]) -> dict[Pair, tuple[bool, int, str]]:
        async with gate:
            return await _verdicts(asker, brief, codes, batch)

    outcomes = await asyncio.gather(*(one(batch) for batch in batches), return_exceptions=True)
    verdicts: dict[Pair, tuple[bool, int, str]] = {}
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    for failure in failures:
        if not isinstance(failure, Permanent) or len(failures) == len(batches):
            raise failure
        log.warning("code_pairs_not_compared", extra={"project_id": brief.project_id, "error": failure.code})
    for outcome in outcomes:
        if isinstance(outcome, dict):
            verdicts.update(outcome)
    return verdicts


async def _verdicts(
    asker: Asker, brief: Brief, codes: Sequence[CodeInContext], batch: Sequence[Pair]
) -> dict[Pair, tuple[bool, int, str]]:
    """One question: for each pair whether it is one idea, which code's label stays, and why."""
    places = sorted({at for pair in batch for at in pair})
    shorts = {at: f"C{number}" for number, at in enumerate(places, 1)}
    names = {f"P{number}": pair for number, pair in enumerate(batch, 1)}
    values = {
        "codes": block("CODES", code_rows({shorts[at]: codes[at] for at in places})),
        "pairs": block("PAIRS", rows({"id": n, "codes": [shorts[a], shorts[b]]} for n, (a, b) in names.items())),
    }
    question = request("constant_comparison", brief, VerdictsForm, values, max_tokens=6000)
    form = await asker.ask(brief, question, lambda answer: parsed(answer, VerdictsForm))
    return {
        names[verdict.pair.strip()]: (verdict.same, _kept(verdict, names[verdict.pair.strip()], shorts), verdict.reason)
        for verdict in form.verdicts
        if verdict.pair.strip() in names
    }


def _kept(verdict: VerdictForm, pair: Pair, shorts: dict[int, str]) -> int:
    """The position whose label stays; the first of the pair where the model names neither."""
    return next((at for at in pair if shorts[at] == verdict.keep.strip()), pair[0])


def _merges(
    codes: Sequence[CodeInContext], pairs: Sequence[Pair], verdicts: dict[Pair, tuple[bool, int, str]]
) -> tuple[Merge, ...]:
    """Groups of codes that are one idea. Two groups are not joined when any two of their codes were found different:
    a chain of likenesses must not overrule a comparison that was made."""
    group = {at: {at} for at in range(len(codes))}
    different = {pair for pair, (same, _, _) in verdicts.items() if not same}
    votes: Counter[int] = Counter()
    reasons: dict[int, list[str]] = {}
    for left, right in pairs:
        same, kept, reason = verdicts.get((left, right), (False, left, ""))
        one, other = group[left], group[right]
        if not same or any((min(a, b), max(a, b)) in different for a in one for b in other):
            continue
        votes[kept] += 1
        reasons.setdefault(left, []).append(reason.strip())
        if one is not other:
            one |= other
            group.update(dict.fromkeys(other, one))
    distinct = {id(members): members for members in group.values() if len(members) > 1}
    return tuple(_merge(codes, members, votes, reasons) for members in sorted(distinct.values(), key=min))


def _merge(
    codes: Sequence[CodeInContext], members: set[int], votes: Counter[int], reasons: dict[int, list[str]]
) -> Merge:
    """The label with the most votes stays, then the most used, then the first by alphabet."""
    by_rank = sorted(members, key=lambda at: (-votes[at], -len(codes[at].evidence), at))
    why = dict.fromkeys(reason for at in sorted(members) for reason in reasons.get(at, []) if reason)
    return Merge(codes[by_rank[0]].code_id, tuple(codes[at].code_id for at in sorted(by_rank[1:])), " ".join(why))
