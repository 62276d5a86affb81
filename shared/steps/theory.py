"""From codes to a theory: planning, constant comparison, axial and selective coding, theory, publication.

Each step renews the run's lease in the transaction that writes its result, so a run that was overtaken writes nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from functools import wraps
from typing import Any

from shared.domain.analysis import Brief, CodeInContext, ProposedProposition, ProposedTheory
from shared.domain.codebook import grounded, settled
from shared.domain.document import BUSINESS_TYPES, COMPLETED, DocumentType
from shared.domain.errors import LeaseLost, MalformedAnswer, NothingCoded, NothingToStudy
from shared.domain.runs import COMPLETED as RUN_COMPLETED
from shared.domain.runs import FAILED, STEPS, Run, RunFailureJob, RunJob
from shared.ports import Analyst, Owner, Ports, Taxonomy, Transaction, VectorRecord
from shared.steps.events import log_event
from shared.steps.outcomes import Outcome, outcome_of
from shared.steps.search import codes_collection
from shared.steps.terms import brief_of, check_budget

EMBED_BATCH = 256


@dataclass(frozen=True, slots=True)
class Study:
    """What a step of a run knows at its start."""

    run: Run
    brief: Brief
    documents: list[str]
    analyst: Analyst

    @property
    def coder(self) -> str:
        """Under whose name the codings of this run are kept."""
        return self.analyst.identity.coder(self.brief)


Body = Callable[[RunJob, Study, Ports], Awaitable[Outcome]]
Step = Callable[[Any, Ports], Awaitable[Outcome]]


def step(name: str) -> Callable[[Body], Step]:
    """Make a step of a body: the run advances to `name` before it, errors become outcomes.

    A run that is completed has every step behind it: its lease is gone because it has ended, not because it was lost.
    """

    def frame(body: Body) -> Step:
        async def run(job: RunJob, ports: Ports) -> Outcome:
            async with ports.store.tenant(job.tenant_id) as tx:
                try:
                    row = await advance(job, name, tx, ports)
                except LeaseLost:
                    row = await tx.runs.get(job.run_id)
                    if row.status != RUN_COMPLETED:
                        raise
                    return {"before": True, "theory_id": row.theory_id}
                await check_budget(row, tx)
                project = await tx.projects.get(job.project_id)
            documents = list(row.request.get("documents", []))
            return await body(job, Study(row, brief_of(row, project), documents, ports.analyst_of(row)), ports)

        @wraps(body)
        async def guarded(job: RunJob, ports: Ports) -> Outcome:
            return await outcome_of(run(job, ports))

        return guarded

    return frame


async def advance(job: RunJob, name: str, tx: Transaction, ports: Ports) -> Run:
    """Renew the lease; raises LeaseLost."""
    return await tx.runs.advance(job.run_id, job.token, name, STEPS[name], ports.limits.lease_ttl)


@step("planning")
async def plan_theory(job: RunJob, study: Study, ports: Ports) -> Outcome:
    """Fix which documents are studied: those named, else all interviews, else all texts that are no business papers."""
    wanted = set(study.run.request.get("document_ids") or [])
    async with ports.store.tenant(job.tenant_id) as tx:
        done = [d async for d in _completed(job.project_id, tx) if d.page_count != 0]  # an archive has no text
        chosen = (
            [d for d in done if d.document_id in wanted]
            if wanted
            else (
                [d for d in done if d.type == DocumentType.INTERVIEW]
                or [d for d in done if d.type not in BUSINESS_TYPES]
            )
        )
        counts = await tx.corpus.counts([d.document_id for d in chosen])
        sizes = {d.document_id: counts.get(d.document_id, 0) for d in chosen}
        if not any(sizes.values()):
            raise NothingToStudy
        await tx.runs.plan(job.run_id, list(sizes))
        await advance(job, "planning", tx, ports)
    # The longest first: interviews that are coded side by side then take about as long as each other.
    plan = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    return {"documents": [[document_id, size] for document_id, size in plan]}


async def _completed(project_id: str, tx: Transaction) -> Any:
    after: str | None = None
    while page := await tx.documents.listing(project_id, status=COMPLETED, type_=None, after=after, limit=500):
        for document in page:
            yield document
        after = page[-1].document_id


@step("consolidating")
async def consolidate_codebook(job: RunJob, study: Study, ports: Ports) -> Outcome:
    """Constant comparison over the codebook; merges and codes set aside go on record."""
    async with ports.store.tenant(job.tenant_id) as tx:
        codes = await tx.codebook.in_context(study.documents, study.coder, merged=False)
    if not codes:
        raise NothingCoded
    codes = await _with_vectors(codes, Owner(job.tenant_id, job.project_id), ports)
    known = {code.code_id for code in codes}
    result = settled(await study.analyst.consolidate(study.brief, codes), known)
    async with ports.store.tenant(job.tenant_id) as tx:
        await advance(job, "consolidating", tx, ports)
        await tx.codebook.consolidate(study.run, result, sorted(known))
    merged = sum(len(merge.merged) for merge in result.merges)
    return {"codes": len(known) - merged - len(result.set_aside), "merged": merged, "set_aside": len(result.set_aside)}


@step("syncing")
async def sync_taxonomy(job: RunJob, study: Study, ports: Ports) -> Outcome:
    """The active codebook to the vector index and the graph, in batches."""
    return await _sync(job, study, ports)


@step("axial_coding")
async def relate_categories(job: RunJob, study: Study, ports: Ports) -> Outcome:
    """Categories and their relations, each on codes and quotes that exist."""
    codes = await _active_codes(job, study, ports)
    axial = grounded(await study.analyst.categorise(study.brief, codes), codes)
    if not axial.categories:
        raise MalformedAnswer("The analyst found no category that rests on the codebook.")
    async with ports.store.tenant(job.tenant_id) as tx:
        await advance(job, "axial_coding", tx, ports)
        await tx.codebook.categorise(study.run, axial)
        await tx.theories.memo(study.run, "axial_coding", axial.memo)
    return {"categories": len(axial.categories), "relations": len(axial.relations)}


@step("selective_coding")
async def choose_core(job: RunJob, study: Study, ports: Ports) -> Outcome:
    """The core category."""
    codes = await _active_codes(job, study, ports)
    async with ports.store.tenant(job.tenant_id) as tx:
        axial = await tx.codebook.axial(job.run_id)
    core = await study.analyst.choose_core(study.brief, axial, codes)
    if core.category not in {category.label for category in axial.categories}:
        core = replace(core, category=axial.categories[0].label)
    async with ports.store.tenant(job.tenant_id) as tx:
        await advance(job, "selective_coding", tx, ports)
        await tx.codebook.set_core(study.run, core)
        await tx.theories.memo(study.run, "selective_coding", core.storyline)
    return {}


@step("theorising")
async def write_theory(job: RunJob, study: Study, ports: Ports) -> Outcome:
    """Propositions with the quotes for and against them; what cites nothing that exists is dropped."""
    codes = await _active_codes(job, study, ports)
    async with ports.store.tenant(job.tenant_id) as tx:
        axial, core = await tx.codebook.axial(job.run_id), await tx.codebook.core(job.run_id)
    theory = _proven(await study.analyst.theorise(study.brief, axial, core, codes), codes)
    async with ports.store.tenant(job.tenant_id) as tx:
        await advance(job, "theorising", tx, ports)
        await tx.theories.put(
            study.run, theory, study.brief.language, {**asdict(study.analyst.identity), "coder": study.coder}
        )
        await tx.theories.memo(study.run, "theorising", theory.memo)
    return {"propositions": len(theory.propositions)}


@step("publishing")
async def publish_theory(job: RunJob, study: Study, ports: Ports) -> Outcome:
    """The taxonomy once more, now with categories and relations; the theory becomes the run's result."""
    from shared.domain import ids

    theory_id = ids.derived("theory", job.run_id)
    await _sync(job, study, ports)
    async with ports.store.tenant(job.tenant_id) as tx:
        await advance(job, "publishing", tx, ports)
        coverage = await tx.theories.coverage(study.run, study.coder)
        await tx.theories.complete(study.run, theory_id, coverage)
        await tx.runs.finish(job.run_id, RUN_COMPLETED)
    log_event("theory_completed", run=job.run_id, tenant=job.tenant_id, theory=theory_id)
    return {"theory_id": theory_id}


async def fail_run(job: RunFailureJob, ports: Ports) -> Outcome:
    """The run ends with this error; one that has ended stays as it is."""
    async with ports.store.tenant(job.tenant_id) as tx:
        ended = await tx.runs.finish(job.run_id, FAILED, job.error, job.message)
    if ended:
        log_event("theory_failed", run=job.run_id, tenant=job.tenant_id, error=job.error)
    return {"status": "done"}


async def _active_codes(job: RunJob, study: Study, ports: Ports) -> list[CodeInContext]:
    async with ports.store.tenant(job.tenant_id) as tx:
        codes = await tx.codebook.in_context(study.documents, study.coder, merged=True)
    return await _with_vectors(codes, Owner(job.tenant_id, job.project_id), ports)


async def _with_vectors(codes: list[CodeInContext], owner: Owner, ports: Ports) -> list[CodeInContext]:
    result = []
    for start in range(0, len(codes), EMBED_BATCH):
        batch = codes[start : start + EMBED_BATCH]
        vectors = await ports.embedder.embed([code.label for code in batch], owner)
        result += [replace(code, vector=tuple(vector)) for code, vector in zip(batch, vectors, strict=True)]
    return result


def _proven(theory: ProposedTheory, codes: list[CodeInContext]) -> ProposedTheory:
    """The theory without evidence that does not exist, and without propositions that nothing supports."""
    known = {evidence.application_id for code in codes for evidence in code.evidence}

    def cited(applications: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(a for a in dict.fromkeys(applications) if a in known)

    kept = []
    for proposition in theory.propositions:
        supporting = cited(proposition.supporting)
        against = tuple(a for a in cited(proposition.contradicting) if a not in supporting)
        if supporting:
            kept.append(ProposedProposition(proposition.statement, proposition.categories, supporting, against))
    return replace(theory, propositions=tuple(kept))


async def _sync(job: RunJob, study: Study, ports: Ports) -> Outcome:
    async with ports.store.tenant(job.tenant_id) as tx:
        rows = await tx.codebook.taxonomy_rows(job.project_id, job.run_id)
    await ports.graph.ensure()
    await ports.graph.sync(Taxonomy(job.tenant_id, job.project_id, **rows))
    await _index_codes(job, rows["codes"], ports)
    return {"codes": len(rows["codes"]), "categories": len(rows["categories"])}


async def _index_codes(job: RunJob, codes: list[dict[str, Any]], ports: Ports) -> None:
    collection = codes_collection(ports.embedder.name)
    payload = {"tenant_id": job.tenant_id, "project_id": job.project_id}
    owner = Owner(job.tenant_id, job.project_id)
    await ports.vectors.ensure(collection, ports.embedder.dimensions)
    await ports.vectors.delete(collection, payload)  # codes that were merged or set aside meanwhile go
    for start in range(0, len(codes), EMBED_BATCH):
        batch = codes[start : start + EMBED_BATCH]
        vectors = await ports.embedder.embed([code["label"] for code in batch], owner)
        await ports.vectors.upsert(
            collection, [VectorRecord(code["id"], v, payload) for code, v in zip(batch, vectors, strict=True)]
        )
