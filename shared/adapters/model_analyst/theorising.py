"""Selective coding and theory: the core category, and propositions with what speaks for and against them."""

from __future__ import annotations

from collections.abc import Sequence

from shared.adapters.model_analyst.asking import Asker
from shared.adapters.model_analyst.blocks import block, rows
from shared.adapters.model_analyst.forms import CoreForm, PropositionForm, TheoryForm
from shared.adapters.model_analyst.parsing import parsed
from shared.adapters.model_analyst.questions import note, request, with_note
from shared.adapters.model_analyst.relating import left_out
from shared.adapters.model_analyst.shown import Shown, show
from shared.domain.analysis import (
    AxialCoding,
    Brief,
    CodeInContext,
    CoreChoice,
    ProposedProposition,
    ProposedTheory,
)
from shared.domain.errors import MalformedAnswer, NothingToStudy


async def choose_core(asker: Asker, brief: Brief, axial: AxialCoding, codes: Sequence[CodeInContext]) -> CoreChoice:
    """The core category. An answer that names a category that is not there is malformed."""
    if not axial.categories:
        raise NothingToStudy("There are no categories among which a core could be chosen.")
    shown = show(axial.categories, codes)

    def read(answer: str) -> CoreChoice:
        form = parsed(answer, CoreForm)
        category = shown.categories.get(form.category.strip())
        if category is None:
            raise MalformedAnswer("The model chose a category that does not exist (category: give one of the ids)")
        return CoreChoice(category.label, form.rationale.strip(), form.storyline.strip())

    question = request("selective_coding", brief, CoreForm, _structure(brief, shown, axial), max_tokens=4000)
    return await asker.ask(brief, question, read)


async def theorise(
    asker: Asker, brief: Brief, axial: AxialCoding, core: CoreChoice, codes: Sequence[CodeInContext]
) -> ProposedTheory:
    """Propositions that rest on quotes which were shown; what was not shown is said in the memo."""
    shown = show(axial.categories, codes)
    heart = {"category": shown.category_id(core.category), "rationale": core.rationale, "storyline": core.storyline}
    values = _structure(brief, shown, axial) | {
        "core": block("CORE", rows([heart])),
        "evidence": block("EVIDENCE", shown.evidence_rows()),
    }
    question = request("theory", brief, TheoryForm, values, max_tokens=8000)
    form = await asker.ask(brief, question, lambda answer: parsed(answer, TheoryForm))
    propositions = (_proposition(one, shown) for one in form.propositions)
    return ProposedTheory(
        title=form.title.strip(),
        summary=form.summary.strip(),
        propositions=tuple(one for one in propositions if one is not None),
        memo=with_note(form.memo, left_out(brief, shown)),
    )


def _structure(brief: Brief, shown: Shown, axial: AxialCoding) -> dict[str, str]:
    relations = shown.relation_rows(axial) or note(brief.language, "nothing")
    return {
        "categories": block("CATEGORIES", shown.category_rows()),
        "relations": block("RELATIONS", relations),
    }


def _proposition(one: PropositionForm, shown: Shown) -> ProposedProposition | None:
    """The proposition with what its ids stand for; None where nothing supports it.

    A quote named on both sides counts against: the doubt is the safer reading.
    """
    against = shown.applications(one.contradicting)
    supporting = tuple(piece for piece in shown.applications(one.supporting) if piece not in against)
    known = (shown.categories[short.strip()] for short in one.categories if short.strip() in shown.categories)
    statement = one.statement.strip()
    if not supporting or not statement:
        return None
    return ProposedProposition(statement, tuple(dict.fromkeys(c.label for c in known)), supporting, against)
