"""The app's database for tests: migrated once a session, reached with the app's own role."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from shared.adapters.postgres import Database
from shared.domain import ids
from shared.domain.codebook import Passage
from shared.domain.document import Document
from shared.domain.runs import Project, Run
from shared.migrate import upgrade
from shared.ports import Transaction


@pytest.fixture(scope="session")
def migrated_url(postgres_url: str, postgres_owner_url: str) -> str:
    """The app's role on a database at the newest revision."""
    upgrade(postgres_owner_url)
    return postgres_url


@pytest.fixture(scope="session")
async def database(migrated_url: str) -> AsyncIterator[Database]:
    """The store that the app uses."""
    store = Database(migrated_url, size=4, overflow=4, timeout=20, recycle=300)
    yield store
    await store.close()


@pytest.fixture
async def study(database: Database) -> Study:
    """A new project of a new tenant."""
    return await Study.begin(database)


class Study:
    """A project of one tenant, and short ways to fill it."""

    def __init__(self, database: Database, project: Project) -> None:
        self.database, self.project = database, project
        self.tenant_id, self.project_id = project.tenant_id, project.project_id

    def tenant(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction in the name of the project's tenant."""
        return self.database.tenant(self.tenant_id)

    @classmethod
    async def begin(
        cls, database: Database, tenant_id: str | None = None, question: str = "", user: str = "ana"
    ) -> Study:
        """Create the project; its owner is `user`."""
        tenant_id = tenant_id or str(uuid.uuid4())
        project = Project(str(uuid.uuid4()), tenant_id, user, "Turnos", "es", question)
        async with database.tenant(tenant_id) as tx:
            return cls(database, await tx.projects.create(project, None))

    def draft(self, data: bytes = b"a document", name: str = "entrevista.txt") -> Document:
        """A document as registration drafts it."""
        sha256 = ids.content_hash(data)
        document_id = ids.document_id(self.project_id, sha256)
        return Document(
            document_id, self.tenant_id, self.project_id, name, sha256, len(data), "pending", "registered", 0, 0
        )

    async def document(self, data: bytes = b"a document", name: str = "entrevista.txt") -> Document:
        """A registered document."""
        async with self.tenant() as tx:
            return (await tx.documents.register(self.draft(data, name)))[0]

    async def read(self, document_id: str) -> Document:
        """The document as it stands."""
        async with self.tenant() as tx:
            return await tx.documents.get(document_id)

    async def run(self, request: dict[str, Any] | None = None, *, ttl: int = 900) -> Run:
        """A queued run that holds the project's lease."""
        run = Run(
            str(uuid.uuid4()), self.tenant_id, self.project_id, "theory", "queued", str(uuid.uuid4()),
            request=request or {}, created_by="ana",
        )  # fmt: skip
        async with self.tenant() as tx:
            assert await tx.runs.take_lease(self.project_id, run.run_id, run.token, ttl) is None
            await tx.runs.create(run)
        return run

    async def with_passages(self, *texts: str, data: bytes = b"a document", name: str = "a.txt") -> list[Passage]:
        """A document whose passages are these texts, one after another."""
        document = await self.document(data, name)
        passages = passages_of(document, *texts)
        async with self.tenant() as tx:
            await tx.corpus.replace_passages(document, passages)
        return passages


def passages_of(document: Document, *texts: str) -> list[Passage]:
    """Passages with these texts, one after another with a blank between."""
    result, at = [], 0
    for ordinal, text in enumerate(texts):
        result.append(passage(document, ordinal, at, text))
        at += len(text) + 1
    return result


def passage(document: Document, ordinal: int, start: int, text: str) -> Passage:
    """A passage that stands in its document as it is."""
    end = start + len(text)
    return Passage(
        ids.passage_id(document.document_id, start, end), document.document_id, ordinal, start, end, start, 1, "Ana",
        "es", text, text, [[0, start, end]],
    )  # fmt: skip
