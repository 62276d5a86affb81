"""Which versions of orchestrations this app runs, by `versionMatchStrategy` and `versionFailureStrategy`."""

import re
from dataclasses import dataclass
from enum import StrEnum

MISMATCH = "Orchestration version did not comply with Worker Versioning"
_NUMBERS = re.compile(r"\d+(\.\d+){1,3}", re.ASCII)


class Match(StrEnum):
    """Which instances an app with `defaultVersion` takes."""

    NONE = "None"
    STRICT = "Strict"
    CURRENT_OR_OLDER = "CurrentOrOlder"


class Failure(StrEnum):
    """What becomes of an instance that it does not take: it waits for another app, or fails."""

    REJECT = "Reject"
    FAIL = "Fail"


@dataclass(frozen=True)
class Versions:
    """The app's own version with both strategies; without a version of its own it runs all."""

    own: str = ""
    match: Match = Match.CURRENT_OR_OLDER
    failure: Failure = Failure.REJECT

    def admit(self, version: str) -> bool:
        """Whether the app runs an instance of this version."""
        if not self.own or self.match is Match.NONE:
            return True
        if self.match is Match.STRICT:
            return version == self.own
        return not _is_newer(version, self.own)


def _is_newer(version: str, than: str) -> bool:
    # No version is the oldest; numbers with dots are compared as such, and all else as text without case.
    if not version or not than:
        return bool(version)
    if _NUMBERS.fullmatch(version) and _NUMBERS.fullmatch(than):
        return _parts(version) > _parts(than)
    return version.upper() > than.upper()


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
