"""What may work later."""

from __future__ import annotations

from shared.domain.errors.kinds import Transient


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
