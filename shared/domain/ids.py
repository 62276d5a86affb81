"""Ids that derive from what they identify, so that doing a thing twice makes one thing."""

from __future__ import annotations

import hashlib
import uuid

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://theogen.dev/ids")


def derived(*parts: str) -> str:
    """A uuid5 of the parts; the order counts, and parts cannot run into each other."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(parts)))


def content_hash(data: bytes) -> str:
    """SHA-256 of the bytes as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def document_id(project_id: str, sha256: str) -> str:
    """The same bytes twice in a project are one document."""
    return derived("document", project_id, sha256)


def passage_id(document_id: str, start: int, end: int) -> str:
    """A passage is its characters `[start, end)` in its document."""
    return derived("passage", document_id, str(start), str(end))


def code_id(project_id: str, normalised_label: str) -> str:
    """The same idea in a project is one code; a later rename keeps the id."""
    return derived("code", project_id, normalised_label)


def category_id(project_id: str, normalised_label: str) -> str:
    """As for codes."""
    return derived("category", project_id, normalised_label)


def application_id(code_id: str, document_id: str, start: int, end: int, coder: str) -> str:
    """One coder's use of one code on one stretch of text."""
    return derived("application", code_id, document_id, str(start), str(end), coder)


def import_instance(document_id: str, attempt: int = 0) -> str:
    """The durable instance that imports a document; `attempt` counts restarts after a final failure."""
    return f"import-{document_id}" + (f"-{attempt}" if attempt else "")


def theory_instance(run_id: str) -> str:
    """The durable instance of a theory run."""
    return f"theory-{run_id}"


def coding_batch_instance(run_id: str, first: int) -> str:
    """The durable instance that codes the documents of a run from the `first` on, when these are many."""
    return f"code-{run_id}-from-{first}"


def coding_instance(run_id: str, document_id: str) -> str:
    """The durable instance that codes one document within a run."""
    return f"code-{run_id}-{document_id}"


def item_id(batch_id: str, key: str) -> str:
    """An item of a batch: a document by its id, or a blob by its name."""
    return derived("item", batch_id, key)


def dead_letter_id(tenant_id: str, request_id: str) -> str:
    """The same request given up twice is one dead letter."""
    return derived("dead-letter", tenant_id, request_id)


def replayed_run_id(dead_letter_id: str) -> str:
    """The run that a dead letter becomes when it is sent again, however often that is."""
    return derived("replayed-run", dead_letter_id)
