"""The SDK's times are the same whether its own parser or this host reads them."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module

import pytest
from dateutil.parser import parse
from hypothesis import given
from hypothesis import strategies as st

from localhost.durable.protocol import timestamp
from localhost.host import sdk_timestamps
from localhost.host.sdk_timestamps import read_timestamp

_SDK = import_module("azure.durable_functions.models.history.HistoryEvent")
_MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))


@pytest.fixture
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_SDK, "dt_parse", _SDK.dt_parse)  # restored afterwards
    sdk_timestamps.install()


def _outcome(read: Callable[[str], datetime], text: str) -> str:
    try:
        return repr(read(text))
    except ValueError as error:
        return f"{type(error).__name__}: {error}"


@given(_MOMENTS)
def test_every_time_that_the_host_writes_is_what_dateutil_makes_of_it(moment: datetime) -> None:
    text = timestamp(moment)
    ours, theirs = read_timestamp(text), parse(text)
    assert (ours, repr(ours), ours.tzinfo) == (theirs, repr(theirs), theirs.tzinfo)


@given(st.from_regex(r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z\Z"))
def test_texts_of_that_form_that_are_no_times_fail_as_in_dateutil(text: str) -> None:
    assert _outcome(read_timestamp, text) == _outcome(parse, text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T10:00:00Z",
        "2026-03-01T10:00:00.123Z",
        "2026-03-01T10:00:00.1234567+02:00",
        "2026-03-01 10:00:00.1234567Z",
        "20260301T100000Z",
        "1 March 2026 10:00",
    ],
)
def test_other_forms_go_to_dateutil(text: str) -> None:
    assert repr(read_timestamp(text)) == repr(parse(text))


@pytest.mark.usefixtures("_installed")
def test_the_sdk_reads_events_with_it_once_it_is_installed() -> None:
    assert _SDK.dt_parse is read_timestamp
    event = _SDK.HistoryEvent(12, -1, False, "2026-03-01T10:00:00.1234567Z")
    assert repr(event.timestamp) == repr(parse("2026-03-01T10:00:00.1234567Z"))


def test_an_sdk_with_another_parser_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_SDK, "dt_parse", datetime.fromisoformat)
    sdk_timestamps.install()
    assert _SDK.dt_parse is not read_timestamp
