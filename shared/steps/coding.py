"""Open coding: each passage once a coder, every quote verified before anything is stored."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from shared.domain import ids
from shared.domain.analysis import Brief, Fragment, ProposedCode
from shared.domain.codebook import Application, Code, Passage, PassageCoding
from shared.domain.document import PAGE_BREAK, page_starts
from shared.domain.errors import ModelUnusable, Permanent, Transient
from shared.domain.labels import clean_label, normalise_label
from shared.domain.quotes import Resolution, resolve
from shared.domain.runs import CodingJob, Run, open_coding_progress
from shared.domain.text import View, page_of
from shared.ports import Analyst, Ports, Transaction
from shared.steps.outcomes import Outcome, outcome_of, retry
from shared.steps.reading import load_text
from shared.steps.terms import brief_of, check_budget


@dataclass(frozen=True, slots=True)
class Source:
    """The document that quotes are verified against: its canonical text and where its pages begin."""

    project_id: str
    coder: str
    text: str
    page_starts: list[int]


@dataclass(slots=True)
class CodedPassage:
    """What came of one passage: verified codes and applications, and the count of quotes by fate."""

    passage: Passage
    codes: list[Code] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    proposed: int = 0
    verified: int = 0
    repaired: int = 0
    dropped: int = 0
    not_covered: str | None = None


async def code_passages(job: CodingJob, ports: Ports) -> Outcome:
    """Code a range of a document's passages, several at once.

    A passage that was coded before is left alone, so a second run of the activity asks nobody. What is finished when
    another passage has to wait (a busy provider) is stored first. Blocked passages are recorded as not covered.
    """
    return await outcome_of(_code_passages(job, ports))


async def _code_passages(job: CodingJob, ports: Ports) -> Outcome:
    async with ports.store.tenant(job.tenant_id) as tx:
        run = await tx.runs.get(job.run_id)
        analyst, brief = ports.analyst_of(run), brief_of(run, await tx.projects.get(job.project_id))
        coder = analyst.identity.coder(brief)
        await _advance(job, coder, tx, ports)
        await check_budget(run, tx)
        document = await tx.documents.get(job.document_id)
        waiting = await tx.codebook.uncoded(job.document_id, job.first, job.last, coder)
    if not waiting:
        return {"coded": 0}
    text = await load_text(document, ports)
    source = Source(job.project_id, coder, text, page_starts(text.split(PAGE_BREAK)))
    gate = asyncio.Semaphore(ports.limits.fragment_concurrency)

    async def one(passage: Passage) -> CodedPassage:
        async with gate:
            return await _code_passage(passage, source, brief, analyst)

    results = await asyncio.gather(*(one(passage) for passage in waiting), return_exceptions=True)
    coded = [result for result in results if isinstance(result, CodedPassage)]
    async with ports.store.tenant(job.tenant_id) as tx:
        await _advance(job, coder, tx, ports)
        await _store(run, coded, coder, analyst, tx)
        await _advance(job, coder, tx, ports)
    for result in results:
        if isinstance(result, Transient) and coded:
            return {**retry(result), "progressed": True}
        if isinstance(result, BaseException):
            raise result
    return {"coded": len(coded), "quotes": sum(len(c.applications) for c in coded)}


async def _advance(job: CodingJob, coder: str, tx: Transaction, ports: Ports) -> None:
    """Renew the lease and note progress by passages coded in the whole run."""
    run = await tx.runs.get(job.run_id)
    coded, total = await tx.codebook.coded_count(run.request.get("documents", []), coder)
    progress = open_coding_progress(coded, total)
    await tx.runs.advance(job.run_id, job.token, "open_coding", progress, ports.limits.lease_ttl)


async def _store(run: Run, coded: list[CodedPassage], coder: str, analyst: Analyst, tx: Transaction) -> None:
    codes = {code.code_id: code for result in coded for code in result.codes}
    applications = [application for result in coded for application in result.applications]
    who = (coder, analyst.identity.model, analyst.identity.prompt_version)
    await tx.codebook.add(run, who, list(codes.values()), applications)
    codings = [
        PassageCoding(
            c.passage.passage_id, c.passage.document_id, c.not_covered, c.proposed, c.verified, c.repaired, c.dropped
        )
        for c in coded
    ]
    await tx.codebook.covered(run, coder, codings)


async def _code_passage(passage: Passage, source: Source, brief: Brief, analyst: Analyst) -> CodedPassage:
    """Ask the analyst and keep what can be proven.

    Errors that are not the passage's own pass through: transient ones, and a model that cannot be asked anything.
    """
    result = CodedPassage(passage)
    fragment = Fragment(passage.passage_id, passage.document_id, passage.text, passage.language, passage.speaker)
    try:
        proposals = await analyst.code(brief, fragment)
    except ModelUnusable:
        raise
    except Permanent as error:
        result.not_covered = error.code
        return result
    view = View.from_plain({"text": passage.text, "runs": passage.runs})
    for proposal in proposals:
        result.proposed += 1
        resolution, repaired = await _verify(proposal, fragment, view, brief, analyst)
        if resolution is None or not normalise_label(proposal.label):
            result.dropped += 1
            continue
        result.repaired += repaired
        result.verified += not repaired
        _keep(result, proposal, resolution, source)
    return result


async def _verify(
    proposal: ProposedCode, fragment: Fragment, view: View, brief: Brief, analyst: Analyst
) -> tuple[Resolution | None, bool]:
    """Where the quote stands in the document, and whether it took a repair; None when it stands nowhere."""
    found = resolve(proposal.quote, view)
    if found is not None:
        return found, False
    try:
        repaired = await analyst.repair_quote(brief, fragment, proposal)
    except ModelUnusable:
        raise
    except Permanent:
        return None, False
    return (resolve(repaired, view) if repaired else None), True


def _keep(result: CodedPassage, proposal: ProposedCode, found: Resolution, source: Source) -> None:
    """The code and its application; the quote kept is the document's own text at the place that was found."""
    normalised = normalise_label(proposal.label)
    code_id = ids.code_id(source.project_id, normalised)
    passage = result.passage
    result.codes.append(Code(code_id, clean_label(proposal.label), normalised, proposal.definition.strip()))
    result.applications.append(
        Application(
            ids.application_id(code_id, passage.document_id, found.start, found.end, source.coder),
            code_id,
            passage.document_id,
            passage.passage_id,
            found.start,
            found.end,
            page_of(found.start, source.page_starts),
            source.text[found.start : found.end],
            found.kind,
            proposal.rationale.strip(),
        )
    )
