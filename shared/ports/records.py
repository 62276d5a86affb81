"""Business records as the app sees them in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from shared.domain.business import BusinessRecord
from shared.domain.corrections import Correction
from shared.domain.document import Document
from shared.domain.waivers import Waiver


class Records(Protocol):
    """Business records, what people corrected in them, and the tables that offices read."""

    async def put(self, document: Document, kind: str, record: dict[str, Any]) -> None:
        """Keep the record that was extracted; a changed one has the next version."""

    async def findings(self, document_id: str, findings: list[dict[str, Any]]) -> None:
        """Keep what validation found."""

    async def get(self, document_id: str) -> dict[str, Any] | None:
        """kind, record, findings, version, published_at, updated_at; None when there is none."""

    async def correct(self, document: Document, record: BusinessRecord, corrections: Sequence[Correction]) -> None:
        """Keep the corrected record under the version that its corrections have, and the corrections."""

    async def corrections(self, document_id: str) -> list[Correction]:
        """All corrections, the oldest first."""

    async def waive(self, document_id: str, version: int, waivers: Sequence[Waiver]) -> None:
        """Keep that findings were accepted; the record then has this version."""

    async def waivers(self, document_id: str) -> list[Waiver]:
        """All findings that were accepted, the oldest first."""

    async def claim(self, document: Document, key: str | None) -> tuple[str, str] | None:
        """Hold this key, and no other: None, or (id, name) of the document in the project that holds it already."""

    async def publish(self, document: Document, record: dict[str, Any]) -> None:
        """Write the rows that offices read; the same document again replaces its own."""

    async def withdraw(self, document_id: str) -> None:
        """Take back what the document has published."""

    async def listing(
        self, project_id: str, *, kind: str | None, published: bool | None, after: str | None, limit: int
    ) -> list[dict[str, Any]]:
        """A page of the project's records by document. `published` false: those that wait for a person."""

    async def table(self, project_id: str, name: str, language: str = "en") -> tuple[list[str], list[dict[str, Any]]]:
        """Columns and rows of a table that offices read, or of all `records`; raises NotFound for any other.

        Findings are told in `language`.
        """
