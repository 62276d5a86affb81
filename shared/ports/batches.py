"""Batches and dead letters in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from shared.domain.batches import Batch, Counts, Item, Selection
from shared.domain.dead_letters import DeadLetter, LetterFilter
from shared.domain.document import Document


class Batches(Protocol):
    """Batches and their items. What is told to begin is answered as documents and items that wait to be started."""

    async def create(self, batch: Batch) -> Batch:
        """Write an empty batch."""

    async def get(self, batch_id: str, *, lock: bool = False) -> Batch:
        """The batch with its number of items; raises NotFound. `lock` keeps others from adding meanwhile."""

    async def listing(self, subject: str, project_id: str | None, after: str | None, limit: int) -> list[Batch]:
        """Batches of the projects that `subject` is a member of, newest first, after the one given."""

    async def add_files(self, batch: Batch, drafts: Sequence[Document]) -> list[Document]:
        """Register files whose originals are stored; the same bytes are one document, and one that failed starts anew.

        Gives those that are pending.
        """

    async def add_documents(self, batch: Batch, document_ids: Sequence[str]) -> list[Document]:
        """Add documents of the batch's project; those that failed start anew. Gives those that are pending.

        Raises NotFound when one is not there.
        """

    async def add_blobs(self, batch: Batch, names: Sequence[str]) -> list[Item]:
        """Add blobs by their names in the project's part of `uploads`; gives those that are no documents yet."""

    async def add_refused(self, batch: Batch, refused: Sequence[tuple[str, str, str]]) -> None:
        """Add items that can be no documents: name, error's code, message."""

    async def names_under(self, project_id: str, prefix: str, at_most: int) -> list[str]:
        """Names of the project's documents that begin so."""

    async def known(self, batch_id: str, names: Sequence[str]) -> int:
        """How many of these names the batch has items of."""

    async def begin(self, batch_id: str) -> None:
        """The batch has its first items."""

    async def item(self, batch_id: str, item_id: str) -> Item:
        """The item; raises NotFound."""

    async def named(self, project_id: str, name: str) -> str | None:
        """The id of the document that came in last under this name."""

    async def admit(self, item: Item, document_id: str) -> None:
        """The item is this document."""

    async def refuse(self, item: Item, code: str, message: str) -> None:
        """The item can be no document."""

    async def touch(self, items: Sequence[str]) -> None:
        """These items have just been sent again."""

    async def counts(self, batch_id: str, window: float) -> Counts:
        """The batch counted, with the stages done in the last `window` seconds."""

    async def restart(self, batch_id: str, selection: Selection) -> tuple[list[Document], list[Item]]:
        """Make failed items pending again, corrected as the selection says; their dead letters count as replayed."""


class DeadLetters(Protocol):
    """Requests that were given up."""

    async def keep(self, letter: DeadLetter) -> None:
        """Write it, with what happened to its subject; one that is there is only seen again."""

    async def get(self, dead_letter_id: str, *, lock: bool = False) -> DeadLetter:
        """The letter; raises NotFound."""

    async def listing(self, wanted: LetterFilter, after: str | None, limit: int) -> list[DeadLetter]:
        """Newest first, after the one given."""

    async def settle(self, dead_letter_ids: Sequence[str], state: str, by: str) -> None:
        """Replayed or discarded; what is settled stays so."""

    async def restart_failed(self, subjects: Sequence[str]) -> list[Document]:
        """Make documents that failed pending again; those that did not fail are left alone and left out."""
