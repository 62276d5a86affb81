"""Questions about one text: what the document is, which codes a fragment bears, where a quote really stands."""

from __future__ import annotations

import re
from datetime import date

from shared.adapters.model_analyst.asking import Asker
from shared.adapters.model_analyst.blocks import block, rows
from shared.adapters.model_analyst.forms import CodesForm, DescriptionForm, QuoteForm
from shared.adapters.model_analyst.parsing import parsed
from shared.adapters.model_analyst.questions import note, request
from shared.domain.analysis import Brief, Fragment, ProposedCode
from shared.domain.document import Description

MOST_CODES_A_FRAGMENT = 6
HEAD, TAIL = 24_000, 6_000  # characters of a long document that are enough to describe it


async def describe(asker: Asker, brief: Brief, text: str, language: str) -> Description:
    """A document's metadata from its beginning and its end."""
    values = {"document": block("DOCUMENT", ends(text)), "language": iso(language) or "?"}
    question = request("description", brief, DescriptionForm, values, max_tokens=2000)
    form = await asker.ask(brief, question, lambda answer: parsed(answer, DescriptionForm))
    return Description(
        title=form.title.strip(),
        language=iso(form.language) or language,
        summary=form.summary.strip(),
        date=_date(form.date),
        people=_distinct(form.people),
        organisations=_distinct(form.organisations),
        topics=_distinct(form.topics),
    )


async def code(asker: Asker, brief: Brief, fragment: Fragment) -> list[ProposedCode]:
    """Up to six codes; a code without label or quote is none."""
    speaker = fragment.speaker or note(brief.language, "unknown")
    values = {"speaker": block("SPEAKER", speaker), "fragment": block("FRAGMENT", fragment.text)}
    question = request("open_coding", brief, CodesForm, values)
    form = await asker.ask(brief, question, lambda answer: parsed(answer, CodesForm))
    proposed = [
        ProposedCode(one.label.strip(), one.definition.strip(), one.quote.strip(), one.rationale.strip())
        for one in form.codes
        if one.label.strip() and one.quote.strip()
    ]
    return list({(one.label.casefold(), one.quote): one for one in proposed}.values())[:MOST_CODES_A_FRAGMENT]


async def repair_quote(asker: Asker, brief: Brief, fragment: Fragment, wrong: ProposedCode) -> str | None:
    """The right words for a code whose quote does not resolve, or None."""
    faulty = rows([{"label": wrong.label, "definition": wrong.definition, "quote": wrong.quote}])
    values = {"fragment": block("FRAGMENT", fragment.text), "code": block("CODE", faulty)}
    question = request("quote_repair", brief, QuoteForm, values, max_tokens=1000)
    form = await asker.ask(brief, question, lambda answer: parsed(answer, QuoteForm))
    return (form.quote or "").strip() or None


def ends(text: str) -> str:
    """A text, or beginning and end of a long one with a line [...] between them."""
    if len(text) <= HEAD + TAIL:
        return text
    return f"{text[:HEAD]}\n[...]\n{text[-TAIL:]}"


def iso(language: str) -> str:
    """A two-letter code of a language, or nothing: what it says goes into a question outside of the fences."""
    found = re.match(r"[a-z]{2}(?![a-z])", language.strip().lower())
    return found.group() if found else ""


def _date(text: str | None) -> str | None:
    try:
        return date.fromisoformat((text or "").strip()[:10]).isoformat()
    except ValueError:
        return None


def _distinct(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
