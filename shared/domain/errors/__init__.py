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

from shared.domain.errors.documents import (
    ActiveContent,
    Bomb,
    CutOff,
    Damaged,
    EmptyFile,
    Encrypted,
    Infected,
    Macros,
    NoPages,
    NoText,
    NotScannable,
    Polyglot,
    Rejected,
    TooDeep,
    TooLarge,
    TooManyMembers,
    TooManyPages,
    TooManyPixels,
    UndecodableText,
    UnsafeXml,
    UnsupportedType,
)
from shared.domain.errors.kinds import (
    Permanent,
    TheoGenError,
    Transient,
)
from shared.domain.errors.passing import (
    NotReady,
    ScannerUnavailable,
    Throttled,
    TimedOut,
    Unavailable,
)
from shared.domain.errors.requests import (
    Conflict,
    CorrectionRefused,
    Forbidden,
    ImportsDisabled,
    InvalidCorrection,
    InvalidRequest,
    NoQueue,
    NotFound,
    QueryEmpty,
    QueryTooLong,
    StorageFull,
    TooManyItems,
    Unauthorised,
    UnknownDocuments,
    UnknownField,
    UnknownFinding,
    VersionMismatch,
)
from shared.domain.errors.work import (
    BadModelRequest,
    BudgetUsedUp,
    ContentFiltered,
    LeaseLost,
    MalformedAnswer,
    ModelUnusable,
    NothingCoded,
    NothingToStudy,
    SpendingLimit,
    TooLong,
    Truncated,
)

__all__ = [
    "ActiveContent",
    "BadModelRequest",
    "Bomb",
    "BudgetUsedUp",
    "Conflict",
    "ContentFiltered",
    "CorrectionRefused",
    "CutOff",
    "Damaged",
    "EmptyFile",
    "Encrypted",
    "Forbidden",
    "ImportsDisabled",
    "Infected",
    "InvalidCorrection",
    "InvalidRequest",
    "LeaseLost",
    "Macros",
    "MalformedAnswer",
    "ModelUnusable",
    "NoPages",
    "NoQueue",
    "NoText",
    "NotFound",
    "NotReady",
    "NotScannable",
    "NothingCoded",
    "NothingToStudy",
    "Permanent",
    "Polyglot",
    "QueryEmpty",
    "QueryTooLong",
    "Rejected",
    "ScannerUnavailable",
    "SpendingLimit",
    "StorageFull",
    "TheoGenError",
    "Throttled",
    "TimedOut",
    "TooDeep",
    "TooLarge",
    "TooLong",
    "TooManyItems",
    "TooManyMembers",
    "TooManyPages",
    "TooManyPixels",
    "Transient",
    "Truncated",
    "Unauthorised",
    "Unavailable",
    "UndecodableText",
    "UnknownDocuments",
    "UnknownField",
    "UnknownFinding",
    "UnsafeXml",
    "UnsupportedType",
    "VersionMismatch",
]
