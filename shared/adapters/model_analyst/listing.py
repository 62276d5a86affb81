"""Questions about the rows of a paper: lines of a bill, movements of an account, part by part.

No answer has to be long: a part has so few rows that they fit, and a part whose answer is cut off all the same is asked
about in halves. What is cut off is never taken for the whole.
"""

from __future__ import annotations

import asyncio

from shared.adapters.model_analyst.asking import Asker
from shared.adapters.model_analyst.blocks import block
from shared.adapters.model_analyst.forms import LinesForm, MovementsForm
from shared.adapters.model_analyst.parsing import parsed
from shared.adapters.model_analyst.questions import note, request
from shared.adapters.model_analyst.reading import iso
from shared.domain.amounts import amounts, decimal_mark
from shared.domain.analysis import Brief
from shared.domain.document import PAGE_BREAK, DocumentType
from shared.domain.errors import Truncated
from shared.domain.proposed_rows import ROWS, ProposedRow, ProposedRows

MOST_LINES, MOST_CHARACTERS = 30, 3_000  # of a part
MOST_PARTS = 24  # of a paper: about seven hundred rows
HEAD = 600  # characters of a paper's beginning that are shown with its later parts, for the headings of its columns
ASKED_AT_ONCE = 4
_MAX_TOKENS = 6_000


async def rows(asker: Asker, brief: Brief, text: str, kind: DocumentType, language: str) -> ProposedRows:
    """The rows of the paper's parts that hold amounts, in order; the parts beyond the limit are counted."""
    parts = _worth_asking(parts_of(text), decimal_mark(text, language))
    asked = parts[:MOST_PARTS]
    found: list[ProposedRow] = []
    for at in range(0, len(asked), ASKED_AT_ONCE):
        questions = (_part(asker, brief, text[:HEAD], part, kind, language) for part in asked[at : at + ASKED_AT_ONCE])
        # What is under way is waited for also when one fails: its answer is paid for, and is there the next time.
        for answer in await asyncio.gather(*questions, return_exceptions=True):
            if isinstance(answer, BaseException):
                raise answer
            found += answer
    return ProposedRows(tuple(found), len(parts) - len(asked))


def parts_of(text: str) -> list[str]:
    """The text in parts of whole lines; a part ends with its page."""
    parts: list[str] = []
    for page in text.split(PAGE_BREAK):
        part: list[str] = []
        for line in page.splitlines(keepends=True):
            if part and (len(part) >= MOST_LINES or sum(map(len, part)) + len(line) > MOST_CHARACTERS):
                parts.append("".join(part))
                part = []
            part.append(line)
        parts.append("".join(part))
    return [part for part in parts if part.strip()]


def _worth_asking(parts: list[str], mark: str) -> list[str]:
    """Parts with money in them; with any number, where a paper writes money without decimals and signs."""
    numbers = [amounts(part, mark) for part in parts]
    plain = not any(one.exact for found in numbers for one in found)
    return [
        part
        for part, found in zip(parts, numbers, strict=True)
        if any(one.is_money for one in found) or (plain and found)
    ]


async def _part(
    asker: Asker, brief: Brief, head: str, part: str, kind: DocumentType, language: str
) -> list[ProposedRow]:
    try:
        return await _asked(asker, brief, head, part, kind, language)
    except Truncated:
        lines = part.splitlines(keepends=True)
        if len(lines) < 2:
            raise
    half = len(lines) // 2
    upper = await _part(asker, brief, head, "".join(lines[:half]), kind, language)
    return upper + await _part(asker, brief, head, "".join(lines[half:]), kind, language)


async def _asked(
    asker: Asker, brief: Brief, head: str, part: str, kind: DocumentType, language: str
) -> list[ProposedRow]:
    prompt, form = _QUESTIONS[kind]
    values = {
        "kind": kind.value,
        "language": iso(language) or "?",
        "beginning": note(brief.language, "nothing") if part.startswith(head) else block("BEGINNING", head),
        "part": block("PART", part),
    }
    question = request(prompt, brief, form, values, max_tokens=_MAX_TOKENS)
    answer = await asker.ask(brief, question, lambda text: parsed(text, form))
    found = (ProposedRow(row.quote.strip(), _cells(row.model_dump(), kind)) for row in answer.rows)
    return [row for row in found if row.quote and row.cells]


_Table = type[LinesForm] | type[MovementsForm]
_QUESTIONS: dict[DocumentType, tuple[str, _Table]] = {
    DocumentType.INVOICE: ("lines", LinesForm),
    DocumentType.RECEIPT: ("lines", LinesForm),
    DocumentType.BANK_STATEMENT: ("movements", MovementsForm),
}


def _cells(row: dict[str, str], kind: DocumentType) -> dict[str, str]:
    return {name: row[name].strip() for name in ROWS[kind] if row.get(name, "").strip()}
