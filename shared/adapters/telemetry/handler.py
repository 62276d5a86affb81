"""Log lines as OpenTelemetry's records: the fields of an event one by one, and of an error its class and place."""

from __future__ import annotations

import logging
import traceback

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.context import get_current
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider

# What every LogRecord of Python has is not a field of ours.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_FLUSH_MS = 5000


class EventHandler(logging.Handler):
    """Hands lines of our loggers on. An exception's message may quote a document, so it stays here."""

    def __init__(self, loggers: LoggerProvider, tracers: TracerProvider, meters: MeterProvider) -> None:
        super().__init__()
        self._loggers, self._tracers, self._meters = loggers, tracers, meters

    def emit(self, record: logging.LogRecord) -> None:
        """One record, below the span that is open."""
        attributes = {
            key: value if isinstance(value, str | bool | int | float) else str(value)
            for key, value in vars(record).items()
            if key not in _OWN and value is not None
        }
        if record.exc_info and record.exc_info[0]:
            attributes["exception.type"] = record.exc_info[0].__name__
            attributes["exception.stacktrace"] = "".join(traceback.format_tb(record.exc_info[2])[-3:])
        number, text = _severity(record.levelno)
        self._loggers.get_logger(record.name).emit(
            LogRecord(
                timestamp=int(record.created * 1e9),
                context=get_current(),
                severity_number=number,
                severity_text=text,
                body=record.getMessage(),
                attributes=attributes,
            )
        )

    def flush(self) -> None:
        """Send what waits: logging asks for it at the end of the process."""
        self._loggers.force_flush(_FLUSH_MS)
        self._tracers.force_flush(_FLUSH_MS)
        self._meters.force_flush(_FLUSH_MS)


def _severity(level: int) -> tuple[SeverityNumber, str]:
    if level >= logging.ERROR:
        return SeverityNumber.ERROR, "ERROR"
    if level >= logging.WARNING:
        return SeverityNumber.WARN, "WARN"
    return (SeverityNumber.INFO, "INFO") if level >= logging.INFO else (SeverityNumber.DEBUG, "DEBUG")
