"""Log lines with stable names: fields one by one, whatever they are called."""

from __future__ import annotations

import logging

import pytest

from shared import tracing
from shared.steps.events import log_event, use_signs


def test_an_event_has_its_fields_in_the_line_and_one_by_one(caplog: pytest.LogCaptureFixture) -> None:
    trace = "a" * 32
    with caplog.at_level(logging.INFO, "theogen"), tracing.span("x", parent=f"00-{trace}-{'b' * 16}-01"):
        log_event("text_extraction_completed", document="d", stage="ocr", duration_ms=7, error=None)
    [record] = caplog.records
    assert record.getMessage() == f"text_extraction_completed document=d stage=ocr duration_ms=7 trace={trace}"
    fields = vars(record)
    assert (fields["event"], fields["document"], fields["duration_ms"]) == ("text_extraction_completed", "d", 7)
    assert fields["trace"] == trace
    assert "error" not in fields


def test_a_field_may_be_called_like_one_of_the_log_s_own(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "theogen"):
        log_event("x_completed", process="p", name="n", message="m", event="e")
    [record] = caplog.records
    assert record.getMessage() == "x_completed process_=p name_=n message_=m event_=e"


def test_signs_tell_how_it_went_where_they_are_wanted(caplog: pytest.LogCaptureFixture) -> None:
    use_signs(True)
    try:
        with caplog.at_level(logging.INFO, "theogen"):
            for event in ("document_processing_completed", "document_processing_failed", "fleet_signal"):
                log_event(event)
    finally:
        use_signs(False)
    assert [record.getMessage()[0] for record in caplog.records] == ["✅", "❌", "•"]
