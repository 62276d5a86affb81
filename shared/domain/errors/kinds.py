"""The two kinds of errors: those that asking again changes nothing about, and those that may pass."""

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
