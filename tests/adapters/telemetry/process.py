"""A process that sends what its settings say: an event within a span, an error that quotes a text, measurements."""

from __future__ import annotations

import logging
import os

from shared import metering, services, tracing
from shared.steps.events import log_event

SECRET = "the patient said that nobody came"


def main() -> None:
    """Say a few things and end as every process does."""
    logging.basicConfig(level=logging.INFO)
    services.observe()
    services.observe()  # the second time changes nothing
    with tracing.span("request", {"theogen.tenant_id": "t-1"}, parent=os.environ["TRACE"], kind="server"):
        log_event("fleet_signal", signal="queue_depth", subject="document-imports", value=12.5, nothing=None)
        try:
            with tracing.span("chat test-model", kind="client"):
                raise ValueError(SECRET)
        except ValueError:
            logging.getLogger("shared.somewhere").exception("a page could not be read")
    metering.used_tokens("chat", "test-model", 100, 20)
    metering.spent("test-model", 0.25)
    logging.getLogger("theogen").debug("not said at this level")
    logging.getLogger("azure").warning("a line of a library")
    logging.shutdown()


if __name__ == "__main__":
    main()
