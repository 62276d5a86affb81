"""Log lines with stable names (D8). They carry ids, counts and times, never a document's words."""

from __future__ import annotations

import logging

_log = logging.getLogger("theogen")


def log_event(event: str, **fields: object) -> None:
    """One line: `event key=value …`; the same fields go along as `extra` for structured sinks."""
    text = " ".join(f"{key}={value}" for key, value in fields.items() if value is not None)
    _log.info("%s %s", event, text, extra={"event": event, "fields": fields})
