"""Every error of TheoGen, and what to do about each.

    TheoGenError
    ├── Permanent             asking again changes nothing
    │   ├── Rejected          the document is refused for good
    │   │   ├── EmptyFile · TooLarge · TooManyPages · Encrypted · Damaged · NoPages
    │   │   └── UnsupportedType · UndecodableText · NoText
    │   ├── InvalidRequest · Unauthorised · Forbidden · NotFound · Conflict
    │   │   ├── TooManyItems      of InvalidRequest
    │   │   └── ImportsDisabled   of Forbidden
    │   ├── NoQueue           no Service Bus is set up
    │   ├── BadModelRequest · ContentFiltered · TooLong · Truncated · MalformedAnswer
    │   │   └── ModelUnusable   of BadModelRequest: key or deployment are wrong, whatever is asked
    │   ├── BudgetUsedUp      the run may not spend more
    │   ├── NothingToStudy    a theory was asked for, and there is nothing to code
    │   ├── NothingCoded      everything was read, and no quote proves any code
    │   └── LeaseLost         another run works on the project now
    └── Transient             asking again later may work
        ├── Throttled         the provider says how long to wait, or nothing
        ├── TimedOut
        └── Unavailable

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


class Encrypted(Rejected):
    """The document is protected by a password. Remove the password and upload it again."""

    code = "encrypted"


class Damaged(Rejected):
    """The file is damaged or cut off. Export or scan it again and upload it."""

    code = "damaged"


class NoPages(Rejected):
    """The document has no pages."""

    code = "no_pages"


class UnsupportedType(Rejected):
    """The file is of a type that cannot be read."""

    code = "unsupported_type"


class UndecodableText(Rejected):
    """The text is in an encoding that could not be recognised. Save it as UTF-8 and upload it again."""

    code = "undecodable_text"


class NoText(Rejected):
    """No text could be read in the document."""

    code = "no_text"


class InvalidRequest(Permanent):
    """The request is not valid."""

    code = "invalid_request"


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
