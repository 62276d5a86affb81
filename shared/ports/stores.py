"""The database as the app sees it: one transaction of one tenant, and what can be read and written in it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from shared.domain.document import Classification, Description, Document, Inspection, Member, Page, Scan, Stage
from shared.domain.runs import Project, Run
from shared.ports.batches import Batches, DeadLetters
from shared.ports.fleet import Activity, Fleet
from shared.ports.limits import Quotas
from shared.ports.records import Records
from shared.ports.studies import Codebook, Corpus, Theories


class Projects(Protocol):
    """Studies and their members."""

    async def create(self, project: Project, idempotency_key: str | None) -> Project:
        """Write the project, or give back the one that was created under the same key."""

    async def get(self, project_id: str, subject: str | None = None) -> Project:
        """The project; raises NotFound, also when `subject` is given and is no member."""


class Documents(Protocol):
    """Documents, their stages and pages."""

    async def register(self, document: Document) -> tuple[Document, bool]:
        """Write a new document, or find the one with the same bytes: (document, whether it is new).

        A known document that now comes nearer to an upload (or is one) lies no deeper than that from now on.
        """

    async def get(self, document_id: str, *, lock: bool = False) -> Document:
        """The document; raises NotFound. `lock` keeps other writers out until the transaction ends."""

    async def listing(
        self, project_id: str, *, status: str | None, type_: str | None, after: str | None, limit: int
    ) -> list[Document]:
        """A page of the project's documents by id, after the id given."""

    async def times_begun(self, document_id: str, stage: Stage) -> int:
        """How often the stage has begun in the document's life; retries of an attempt do not count."""

    async def retrying(self, document_id: str, stage: Stage, error_code: str, message: str) -> None:
        """The stage failed for now and will be tried again: the reason, as an event and on the row."""

    async def end(self, document_id: str, stage: str, status: str, error_code: str, message: str) -> None:
        """The document ends here: rejected, failed or needing review, with the reason."""

    async def progress(self, document_id: str, progress: int) -> None:
        """Progress within a stage; never goes back."""

    async def restart(self, document_id: str, resume: Stage | None = None) -> Document:
        """Back to `pending` with the next attempt number; with `resume` to go on from that stage, now and later.

        From the beginning it has no warnings: what is odd about it will be found again.
        """

    async def reread(self, document_id: str) -> Document | None:
        """Back to `pending` to read the pages that could not be read, and go on from there; None when it is not to be.

        It is to be for a document at rest that lacks pages, unless a theory has quoted it or a run is under way.
        """

    async def retyped(self, document_id: str, type_: str) -> None:
        """A person says what type the document is."""

    async def scanned(self, document_id: str, scan: Scan) -> None:
        """Keep what the virus scanner said."""

    async def inspected(self, document_id: str, inspection: Inspection, scan: Scan) -> None:
        """Keep what preprocess found out, and what the virus scanner said."""

    async def classified(self, document_id: str, classification: Classification, language: str) -> None:
        """Keep type and language."""

    async def described(self, document_id: str, description: Description) -> None:
        """Keep the metadata."""

    async def warn(self, document_id: str, warnings: Sequence[str]) -> None:
        """Add warnings that are not there yet."""

    async def withdraw(self, document_id: str, warnings: Sequence[str]) -> None:
        """Remove warnings that are no longer so."""

    async def replace_pages(self, document_id: str, pages: Sequence[Page], starts: Sequence[int]) -> None:
        """Keep the pages' places in the canonical text."""

    async def pages(self, document_id: str) -> list[dict[str, Any]]:
        """Rows of the pages, in order."""

    async def events(self, document_id: str) -> list[dict[str, Any]]:
        """The document's stage events, in order."""


class Stages(Protocol):
    """A document's stages. Those of the store are transactions of their own, those of a transaction happen with it."""

    async def begin(self, tenant_id: str, document_id: str, stage: Stage) -> Document | None:
        """Status and event: the stage runs. Gives the document as it was before; raises NotFound.

        None, and nothing is written, when the stage lies behind the document, or the document has failed.
        """

    async def finish(self, document: Document, stage: Stage, detail: dict[str, Any]) -> int | None:
        """The stage is done, if it still runs in the document's attempt: its duration in milliseconds, else None."""

    async def advance(self, document: Document, stage: Stage, progress: int) -> bool:
        """Progress within a stage, if it still runs in the document's attempt: whether it does."""


class Members(Protocol):
    """What lies in archives and e-mails."""

    async def put(self, parent: Document, member: Member, child_id: str | None) -> None:
        """Link the member to the document that it has become, or keep why it has not; the same again replaces it."""

    async def is_linked(self, parent_id: str, ordinal: int) -> bool:
        """Whether the member has become a document."""

    async def counts(self, parent_id: str) -> dict[str, int]:
        """`taken`: how many members were looked at so far; `documents`: different ones; `failed`: not taken out."""

    async def listing(self, parent_id: str, after: int, limit: int) -> list[dict[str, Any]]:
        """Members by ordinal, after the ordinal given, with the status and type of their documents."""

    async def parents(self, child_id: str) -> list[dict[str, Any]]:
        """The containers that a document lies in: document_id, name, path, ordinal. The first hundred."""

    async def out_of(self, root_id: str) -> tuple[int, int]:
        """How many documents came out of an upload so far, and their bytes."""


class Runs(Protocol):
    """Runs and the lease on a project."""

    async def create(self, run: Run) -> None:
        """Write a run."""

    async def get(self, run_id: str) -> Run:
        """The run; raises NotFound."""

    async def take_lease(self, project_id: str, run_id: str, token: str, ttl: int) -> tuple[str, bool] | None:
        """Take a free project's lease: None when taken, else (the run that holds it, whether its time is over)."""

    async def seize_lease(self, project_id: str, run_id: str, token: str, ttl: int, holder: str) -> bool:
        """Take the lease from `holder`, whose run is gone or silent; False when another was faster."""

    async def release_lease(self, project_id: str, token: str) -> None:
        """Give the lease back; does nothing when it is someone else's."""

    async def advance(self, run_id: str, token: str, step: str, progress: int, ttl: int) -> Run:
        """Renew the lease and note step and progress (never back). Raises LeaseLost when the token is stale."""

    async def pause(self, run_id: str, token: str, keep_for: int) -> None:
        """The run waits for a person; its lease is kept for so many seconds. Raises LeaseLost."""

    async def tokens_spent(self, run: Run) -> int:
        """Tokens of the project's model calls that were answered since the run was created."""

    async def finish(self, run_id: str, status: str, error_code: str | None = None, message: str | None = None) -> bool:
        """End a run that has not ended; releases its lease. False when it had ended before."""

    async def plan(self, run_id: str, documents: Sequence[str]) -> None:
        """Fix which documents the run studies."""


class Transaction(Protocol):
    """One transaction in the name of one tenant: all of it happens or none."""

    projects: Projects
    documents: Documents
    stages: Stages
    members: Members
    corpus: Corpus
    records: Records
    runs: Runs
    codebook: Codebook
    theories: Theories
    quotas: Quotas
    activity: Activity
    batches: Batches
    dead_letters: DeadLetters


class Store(Protocol):
    """The database."""

    fleet: Fleet
    stages: Stages

    def tenant(self, tenant_id: str) -> AbstractAsyncContextManager[Transaction]:
        """Begin a transaction that sees only this tenant's rows; commits at the end, rolls back on an error."""

    async def waiting_documents(self, older_than: float, at_most: int) -> list[dict[str, Any]]:
        """Documents of any tenant that have been pending for so many seconds: ids only."""

    async def waiting_runs(self, older_than: float, at_most: int) -> list[dict[str, Any]]:
        """Runs of any tenant that have been queued for so many seconds: ids only."""

    async def waiting_items(self, older_than: float, at_most: int) -> list[dict[str, Any]]:
        """Items of batches of any tenant that have waited for so many seconds to become documents: ids only."""

    async def ping(self) -> None:
        """Raises Unavailable when the database does not answer."""
