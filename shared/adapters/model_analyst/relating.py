"""Axial coding: categories first, then how they are related."""

from __future__ import annotations

from collections.abc import Sequence

from shared.adapters.model_analyst.asking import Asker
from shared.adapters.model_analyst.blocks import block
from shared.adapters.model_analyst.forms import CategoriesForm, RelationForm, RelationsForm
from shared.adapters.model_analyst.parsing import parsed
from shared.adapters.model_analyst.questions import note, request, with_note
from shared.adapters.model_analyst.shown import MOST_CODES, Shown, code_rows, most_used, numbered, show
from shared.domain.analysis import (
    AxialCoding,
    Brief,
    CodeInContext,
    ProposedCategory,
    ProposedRelation,
    RelationKind,
)

_KINDS = {kind.value for kind in RelationKind}


async def categorise(asker: Asker, brief: Brief, codes: Sequence[CodeInContext]) -> AxialCoding:
    """Categories and relations. What the model did not get to see is said in the memo."""
    if not codes:
        return AxialCoding(())
    categories, memo = await _categories(asker, brief, codes)
    if len(categories) < 2:
        return AxialCoding(categories, (), memo)
    shown = show(categories, codes)
    values = {
        "categories": block("CATEGORIES", shown.category_rows()),
        "evidence": block("EVIDENCE", shown.evidence_rows()),
    }
    question = request("axial_relations", brief, RelationsForm, values, max_tokens=8000)
    form = await asker.ask(brief, question, lambda answer: parsed(answer, RelationsForm))
    relations = [relation for one in form.relations if (relation := _relation(one, shown)) is not None]
    once = {(one.source, one.target, one.kind): one for one in reversed(relations)}
    return AxialCoding(categories, tuple(reversed(once.values())), with_note(memo, form.memo, left_out(brief, shown)))


def left_out(brief: Brief, shown: Shown) -> str:
    """A sentence on quotes that were not shown, or nothing."""
    if len(shown.evidence) >= shown.all_quotes:
        return ""
    return note(brief.language, "quotes", shown=len(shown.evidence), all=shown.all_quotes)


async def _categories(
    asker: Asker, brief: Brief, codes: Sequence[CodeInContext]
) -> tuple[tuple[ProposedCategory, ...], str]:
    chosen = numbered("C", most_used(codes, MOST_CODES))
    question = request(
        "axial_coding", brief, CategoriesForm, {"codes": block("CODES", code_rows(chosen))}, max_tokens=8000
    )
    form = await asker.ask(brief, question, lambda answer: parsed(answer, CategoriesForm))
    left = len(codes) - len(chosen)
    said = note(brief.language, "codes", shown=len(chosen), all=len(codes), left=left) if left else ""
    return _filled(form, chosen), with_note(form.memo, said)


def _filled(form: CategoriesForm, chosen: dict[str, CodeInContext]) -> tuple[ProposedCategory, ...]:
    """Categories with the codes behind their ids: unknown ids dropped, a code only where it was put first,
    two categories of one label joined, and none without codes."""
    free = {short: code.code_id for short, code in chosen.items()}
    found: dict[str, ProposedCategory] = {}
    for one in form.categories:
        label = one.label.strip()
        code_ids = tuple(free.pop(short.strip()) for short in dict.fromkeys(one.codes) if short.strip() in free)
        if not label or not code_ids:
            continue
        earlier = found.get(label.casefold())
        if earlier is None:
            found[label.casefold()] = ProposedCategory(label, one.definition.strip(), code_ids)
        else:
            joined = earlier.code_ids + code_ids
            found[label.casefold()] = ProposedCategory(earlier.label, earlier.definition, joined)
    return tuple(found.values())


def _relation(one: RelationForm, shown: Shown) -> ProposedRelation | None:
    """The relation with what its ids stand for; None where it rests on nothing or relates nothing."""
    source, target = shown.categories.get(one.source.strip()), shown.categories.get(one.target.strip())
    applications = shown.applications(one.evidence)
    statement = one.statement.strip()
    if source is None or target is None or source is target:
        return None
    if one.kind not in _KINDS or not applications or not statement:
        return None
    return ProposedRelation(source.label, target.label, RelationKind(one.kind), statement, applications)
