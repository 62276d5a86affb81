"""What cannot be done for whoever asks."""

from __future__ import annotations

from shared.domain.errors.kinds import Permanent


class InvalidRequest(Permanent):
    """The request is not valid."""

    code = "invalid_request"


class UnknownDocuments(Permanent):
    """Some of the documents that were named are not in this project, or not completed."""

    code = "unknown_documents"

    def __init__(self, fields: list[dict[str, str]] | None = None) -> None:
        """`fields`: for each such document its id as `document_id`, and `problem`."""
        super().__init__()
        self.fields = fields or []


class Unauthorised(Permanent):
    """Sign in to do this."""

    code = "unauthorised"


class Forbidden(Permanent):
    """Your role does not allow this."""

    code = "forbidden"


class NotFound(Permanent):
    """There is no such thing here."""

    code = "not_found"


class Conflict(Permanent):
    """This cannot be done while something else is under way."""

    code = "conflict"


class StorageFull(Permanent):
    """The tenant's storage is full. Remove documents, or have the limit raised."""

    code = "storage_full"


class QueryEmpty(Permanent):
    """The query is empty. Say what to search for."""

    code = "query_empty"


class QueryTooLong(Permanent):
    """The query is too long."""

    code = "query_too_long"


class UnknownFinding(Permanent):
    """The record has no such finding."""

    code = "unknown_finding"


class VersionMismatch(Permanent):
    """Somebody else has changed this meanwhile. Read it again, then decide."""

    code = "version_mismatch"


class CorrectionRefused(Permanent):
    """The correction cannot be taken."""

    code = "correction_refused"

    def __init__(self, fields: list[dict[str, str]]) -> None:
        """`fields`: each with `field`, its name, and `message`, what is wrong with it."""
        sentence = (type(self).__doc__ or "").strip().rstrip(".")
        super().__init__(f"{sentence}: {', '.join(field['field'] for field in fields)}.")
        self.fields = fields


class UnknownField(CorrectionRefused):
    """A record has no such field."""

    code = "unknown_field"


class InvalidCorrection(CorrectionRefused):
    """Some values cannot be those of a record."""

    code = "invalid_correction"


class TooManyItems(InvalidRequest):
    """The batch would hold more items than the limit. Part them among several batches."""

    code = "too_many_items"


class ImportsDisabled(Forbidden):
    """Imports in batches are switched off. An operator can switch them on with the setting IMPORTS_ENABLED."""

    code = "imports_disabled"


class NoQueue(Permanent):
    """There is no Service Bus to send this to. Set ServiceBus or ServiceBus__fullyQualifiedNamespace."""

    code = "no_queue"
