"""Log lines with stable names (D8). They carry ids, counts and times, never a document's words."""

from __future__ import annotations

import logging

from shared import tracing

_log = logging.getLogger("theogen")

# Names that Python's own log records have: a field of that name would be refused.
_TAKEN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "event"}

_signs = False
_WRONG, _DONE, _OTHER = "❌", "✅", "•"


def use_signs(on: bool) -> None:
    """Whether lines begin with a sign that tells at a glance how it went (LOG_EMOJI)."""
    global _signs
    _signs = on


def log_event(event: str, /, **fields: object) -> None:
    """One line: `event key=value … trace=…`; the same go along one by one as `extra`, for sinks that know fields."""
    known = {f"{key}_" if key in _TAKEN else key: value for key, value in fields.items() if value is not None}
    if trace_id := tracing.trace_id():
        known["trace"] = trace_id
    text = " ".join(f"{key}={value}" for key, value in known.items())
    _log.info("%s%s %s", f"{_sign(event)} " if _signs else "", event, text, extra={"event": event, **known})


def _sign(event: str) -> str:
    if event.endswith(("_failed", "_rejected", "_firing")):
        return _WRONG
    return _DONE if event.endswith("_completed") else _OTHER
