"""What the tests of the steps share: a study in the real database, and everything else in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.domain import ids
from shared.domain.document import Document
from shared.domain.runs import CodingJob, ImportJob, PagesJob, Run, RunJob
from shared.steps import business, corpus, intake, reading
from tests.support.database import Study, database, migrated_url, study
from tests.support.fakes import Fakes, fakes

__all__ = ["database", "migrated_url", "study"]

Outcome = dict[str, Any]
Step = Callable[[Any, Any], Awaitable[Outcome]]

# The activities of an import, in order.
WAY: dict[str, Step] = {
    "preprocess_document": intake.preprocess_document,
    "read_pages": reading.read_pages,
    "assemble_text": reading.assemble_text,
    "classify_document": business.classify_document,
    "extract_record": business.extract_record,
    "validate_record": business.validate_record,
    "publish_document": business.publish_document,
    "chunk_document": corpus.chunk_document,
    "describe_document": corpus.describe_document,
    "embed_document": corpus.embed_document,
}


@pytest.fixture
def outside(study: Study) -> Fakes:
    """The outside in memory around the study's database."""
    return fakes(study.database)


class Import:
    """One document on its way through the stages."""

    def __init__(self, study: Study, outside: Fakes, document: Document) -> None:
        self.study, self.outside, self.document_id = study, outside, document.document_id
        self.ids = (study.tenant_id, study.project_id, document.document_id)

    @classmethod
    async def of(cls, study: Study, outside: Fakes, *pages: str) -> Import:
        """Register a document whose reader finds these pages."""
        outside.reader.texts = list(pages) or outside.reader.texts
        data = "\f".join(outside.reader.texts).encode()
        document, _ = await intake.register_document(study.tenant_id, study.project_id, "a.txt", data, outside.ports)
        return cls(study, outside, document)

    async def step(self, name: str) -> Outcome:
        """Run one activity's step."""
        job = ImportJob(*self.ids)
        if name == "read_pages":
            job = PagesJob(*self.ids, 1, len(self.outside.reader.texts))
        return await WAY[name](job, self.outside.ports)

    async def until(self, last: str) -> Outcome:
        """Run all steps up to this one; gives its outcome."""
        for name in WAY:
            outcome = await self.step(name)
            if name == last:
                break
        return outcome

    async def row(self) -> Document:
        return await self.study.read(self.document_id)

    async def events(self) -> list[str]:
        async with self.study.tenant() as tx:
            return [event["status"] for event in await tx.documents.events(self.document_id)]


@pytest.fixture
async def document(study: Study, outside: Fakes) -> Import:
    """A text of two pages."""
    return await Import.of(study, outside, "Nadie me avisó del cambio.", "Me enfadé mucho aquel día.")


class TheoryRun:
    """A run over interviews whose passages are given as text."""

    def __init__(self, study: Study, outside: Fakes, run: Run, documents: dict[str, list[str]]) -> None:
        self.study, self.outside, self.run, self.documents = study, outside, run, documents
        self.job = RunJob(study.tenant_id, study.project_id, run.run_id, run.token)

    @classmethod
    async def over(cls, study: Study, outside: Fakes, *interviews: list[str], **request: Any) -> TheoryRun:
        """Interviews that are completed, with one passage a text, and a run that has planned to study them."""
        documents = {}
        for number, texts in enumerate(interviews):
            document_id = await completed_interview(study, outside, f"{number}.txt", texts)
            documents[document_id] = texts
        run = await study.run({**request, "documents": list(documents)})
        return cls(study, outside, run, documents)

    def coding(self, document: int = 0, first: int = 0, last: int = 99) -> CodingJob:
        job = self.job
        return CodingJob(
            job.tenant_id, job.project_id, job.run_id, job.token, list(self.documents)[document], first, last
        )

    async def row(self) -> Run:
        async with self.study.tenant() as tx:
            return await tx.runs.get(self.run.run_id)

    async def rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        async with self.study.database.tenant_connection(self.study.tenant_id) as db:
            return [dict(row) for row in await db.fetch(query, *arguments)]

    async def taken_over(self) -> None:
        """Another run takes the project."""
        async with self.study.tenant() as tx:
            other = ids.derived("another run", self.run.run_id)
            assert await tx.runs.seize_lease(self.study.project_id, other, other, 900, self.run.run_id)


async def completed_interview(
    study: Study, outside: Fakes, name: str, texts: list[str], type_: str = "interview"
) -> str:
    """A completed document of this type whose text is these passages, a blank apart."""
    text = " ".join(texts)
    passages = await study.with_passages(*texts, data=text.encode() + name.encode(), name=name)
    document_id = passages[0].document_id if passages else (await study.document(name.encode(), name)).document_id
    outside.blobs.files["documents", f"{study.tenant_id}/{document_id}/text.txt"] = text.encode()
    async with study.database.tenant_connection(study.tenant_id) as db:
        await db.execute(
            "update documents set status = 'completed', type = $2 where document_id = $1", document_id, type_
        )
    return document_id
