"""Every error of TheoGen, and what to do about each.

    TheoGenError
    ├── Permanent             asking again changes nothing
    │   ├── Rejected          the document is refused for good
    │   │   ├── EmptyFile · TooLarge · TooManyPages · Encrypted · Damaged · NoPages
    │   │   │   ├── TooManyPixels · Bomb    of TooLarge
    │   │   │   └── CutOff                  of Damaged
    │   │   ├── UnsupportedType · UndecodableText · NoText · UnsafeXml
    │   │   │   └── Macros                  of UnsupportedType
    │   │   ├── Polyglot · ActiveContent · Infected · NotScannable
    │   │   └── TooDeep · TooManyMembers    a container and what lies in it
    │   ├── InvalidRequest · UnknownDocuments · Unauthorised · Forbidden · NotFound · Conflict · StorageFull
    │   ├── QueryEmpty · QueryTooLong · UnknownFinding · VersionMismatch
    │   ├── CorrectionRefused: UnknownField · InvalidCorrection
    │   │   ├── TooManyItems      of InvalidRequest
    │   │   └── ImportsDisabled   of Forbidden
    │   ├── NoQueue           no Service Bus is set up
    │   ├── BadModelRequest · ContentFiltered · TooLong · Truncated · MalformedAnswer
    │   │   └── ModelUnusable   of BadModelRequest: key or deployment are wrong, whatever is asked
    │   │       └── SpendingLimit   the tenant has spent what it may this month
    │   ├── BudgetUsedUp      the run may not spend more
    │   ├── NothingToStudy    a theory was asked for, and there is nothing to code
    │   ├── NothingCoded      everything was read, and no quote proves any code
    │   └── LeaseLost         another run works on the project now
    └── Transient             asking again later may work
        ├── Throttled         the provider says how long to wait, or nothing
        ├── TimedOut
        └── Unavailable       NotReady says what to do about it
            └── ScannerUnavailable

A class's docstring is its message when none is given; `code` is stable: statuses, metrics and dead letters use it.
"""

from __future__ import annotations

from typing import ClassVar


class TheoGenError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class Permanent(TheoGenError):
    """This cannot work, however often it is tried."""

    code = "permanent"


class Transient(TheoGenError):
    """This did not work now and may work later."""

    code = "transient"


class Rejected(Permanent):
    """The document cannot be used."""

    code = "rejected"


class EmptyFile(Rejected):
    """The file is empty."""

    code = "empty_file"


class TooLarge(Rejected):
    """The file is larger than the limit."""

    code = "too_large"


class TooManyPages(Rejected):
    """The document has more pages than the limit."""

    code = "too_many_pages"


class TooManyPixels(TooLarge):
    """The image has too many pixels. Save it smaller and upload it again."""

    code = "too_many_pixels"


class Bomb(TooLarge):
    """The file unfolds into far more than it should hold. Save it again without large contents."""

    code = "decompression_bomb"


class Encrypted(Rejected):
    """The document is protected by a password. Remove the password and upload it again."""

    code = "encrypted"


class Damaged(Rejected):
    """The file is damaged or cut off. Export or scan it again and upload it."""

    code = "damaged"


class CutOff(Damaged):
    """The file is cut off: its end is missing. Copy or export it again and upload it."""

    code = "cut_off"


class NoPages(Rejected):
    """The document has no pages."""

    code = "no_pages"


class UnsupportedType(Rejected):
    """The file is of a type that cannot be read."""

    code = "unsupported_type"


class Macros(UnsupportedType):
    """The Office file holds macros, which are programs. Save it without them (.docx) or as PDF and upload that."""

    code = "macros"


class Polyglot(Rejected):
    """The file is of two types at once, as attackers make them. Export the document anew and upload that."""

    code = "polyglot"


class ActiveContent(Rejected):
    """The document would start a program. Print it to a new PDF and upload that."""

    code = "active_content"


class Infected(Rejected):
    """The virus scanner found a virus in the file. It is kept apart and never handed out."""

    code = "infected"


class NotScannable(Rejected):
    """The virus scanner cannot look through the whole file, and files that are not scanned are refused here."""

    code = "not_scannable"


class TooDeep(Rejected):
    """The file lies in too many archives or e-mails within each other. Unpack it and upload what it holds."""

    code = "too_deep"


class TooManyMembers(Rejected):
    """The archive or e-mail holds more files than the limit. Part it and upload the parts."""

    code = "too_many_members"


class UndecodableText(Rejected):
    """The text is in an encoding that could not be recognised. Save it as UTF-8 and upload it again."""

    code = "undecodable_text"


class NoText(Rejected):
    """No text could be read in the document."""

    code = "no_text"


class UnsafeXml(Rejected):
    """The XML declares a document type or entities, which can do harm. Save it without them and upload it again."""

    code = "unsafe_xml"


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


class BadModelRequest(Permanent):
    """The model refused the request as malformed."""

    code = "bad_model_request"


class ModelUnusable(BadModelRequest):
    """The model cannot be asked anything. Check its settings."""

    code = "model_unusable"


class SpendingLimit(ModelUnusable):
    """The month's spending limit for models is reached. Raise it, or go on next month: what was done is kept."""

    code = "spending_limit"


class ContentFiltered(Permanent):
    """The model's content filter blocked this text."""

    code = "content_filter"


class TooLong(Permanent):
    """The text is longer than the model can take."""

    code = "too_long"


class Truncated(Permanent):
    """The model's answer was cut off before its end."""

    code = "truncated"


class MalformedAnswer(Permanent):
    """The model's answer does not have the agreed form."""

    code = "malformed_answer"


class NothingToStudy(Permanent):
    """The project has no finished interviews. Upload some and wait until they are completed."""

    code = "nothing_to_study"


class NothingCoded(Permanent):
    """No passage gave a code with a quote that stands in the text, so there is nothing to build a theory on."""

    code = "nothing_coded"


class BudgetUsedUp(Permanent):
    """The run's budget of tokens is used up. What was coded is kept: a new run goes on from there."""

    code = "budget_exceeded"


class LeaseLost(Permanent):
    """Another run works on this project now; this one stops."""

    code = "lease_lost"


class Throttled(Transient):
    """The service is busy."""

    code = "rate_limit"

    def __init__(self, message: str = "", after: float | None = None) -> None:
        """`after`: seconds to wait as the provider says, or None when it says nothing of use."""
        super().__init__(message)
        self.after = after


class TimedOut(Transient):
    """The service did not answer in time."""

    code = "timeout"


class Unavailable(Transient):
    """A service could not be reached."""

    code = "unavailable"


class NotReady(Unavailable):
    """Something that the app needs cannot be used."""

    code = "not_ready"

    def __init__(self, problem: str, remedy: str) -> None:
        """`problem`: what was found; `remedy`: what a person can do about it."""
        super().__init__(problem)
        self.remedy = remedy


class ScannerUnavailable(Unavailable):
    """The virus scanner does not answer. The file waits until it does."""

    code = "scanner_unavailable"
