"""Small parts of the host, one by one."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest

from localhost.host.binding_texts import BindingError, resolve
from localhost.host.functions import read_functions
from localhost.host.host_json import HostJson, HostJsonError, time_span
from localhost.host.invoker import Invoker
from localhost.host.loader import index_app
from localhost.host.ncrontab import parse_schedule, time_zone
from localhost.host.ports import listen
from localhost.host.routes import compile_route
from localhost.host.settings import SettingsError, apply_settings
from localhost.host.timer_trigger import Timer

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 */5 * * * *", "2026-11-22T12:05:00+00:00"),
        ("30 0 3 * * *", "2026-11-23T03:00:30+00:00"),
        ("0 0 0 1 1 *", "2027-01-01T00:00:00+00:00"),
        ("0 30 9 * * Mon-Fri", "2026-11-23T09:30:00+00:00"),
        ("0 0 12 * * 7", "2026-11-29T12:00:00+00:00"),
        ("0 0 0 29 FEB *", "2028-02-29T00:00:00+00:00"),
        ("0 0-10/5,20 12 * * *", "2026-11-22T12:05:00+00:00"),
        ("01:30:00", "2026-11-22T13:30:00+00:00"),
    ],
)
def test_a_schedule_names_its_next_time(schedule: str, expected: str) -> None:
    assert parse_schedule(schedule).after(NOON).isoformat() == expected


@pytest.mark.parametrize(
    ("schedule", "moment", "expected"),
    [
        ("0 0 9 * * *", "2026-07-01T06:00:00+00:00", "2026-07-01T07:00:00+00:00"),
        ("0 0 9 * * *", "2026-12-01T06:00:00+00:00", "2026-12-01T08:00:00+00:00"),
        ("0 0 0 1 * *", "2026-06-30T21:59:59+00:00", "2026-06-30T22:00:00+00:00"),
        # 29 March 2026: clocks go from 2 to 3. 25 October: from 3 back to 2.
        ("0 30 2 * * *", "2026-03-29T00:00:00+00:00", "2026-03-29T01:30:00+00:00"),
        ("0 30 2 * * *", "2026-10-25T00:00:00+00:00", "2026-10-25T00:30:00+00:00"),
        ("0 30 2 * * *", "2026-10-25T00:30:00+00:00", "2026-10-26T01:30:00+00:00"),
        ("0 0 * * * *", "2026-10-25T01:10:00+00:00", "2026-10-25T02:00:00+00:00"),
        ("00:30:00", "2026-10-25T00:50:00+00:00", "2026-10-25T01:20:00+00:00"),
    ],
)
def test_a_schedule_follows_the_clocks_of_its_time_zone(schedule: str, moment: str, expected: str) -> None:
    zone = time_zone({"WEBSITE_TIME_ZONE": "Europe/Madrid"})
    assert parse_schedule(schedule, zone).after(datetime.fromisoformat(moment)).isoformat() == expected


def test_without_a_time_zone_it_is_utc_and_an_unknown_one_is_refused() -> None:
    assert time_zone({}) is UTC
    for name in ("Romance Standard Time", "../etc/passwd", "Europe"):
        with pytest.raises(ValueError, match=f"WEBSITE_TIME_ZONE is '{name}', which is no time zone"):
            time_zone({"WEBSITE_TIME_ZONE": name})


@pytest.mark.parametrize(
    "schedule", ["* * * * *", "61 * * * * *", "0 0 0 0 * *", "x * * * * *", "*/0 * * * * *", "1:x"]
)
def test_a_bad_schedule_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError):
        parse_schedule(schedule)


class StoppingClock:
    """Time that jumps over each sleep and stops the loop after a few."""

    def __init__(self, sleeps: int) -> None:
        self._now = NOON
        self._left = sleeps

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if self._left == 0:
            raise InterruptedError
        self._left -= 1
        self._now += timedelta(seconds=seconds)

    async def wait(self, wake: Any, until: datetime | None, running: int) -> None:
        raise NotImplementedError


def timer_app(call: Callable[[func.TimerRequest], None], **options: Any) -> Any:
    app = func.FunctionApp()

    @app.timer_trigger(arg_name="timer", schedule="0 0 * * * *", **options)
    def tick(timer: func.TimerRequest) -> None:
        call(timer)

    return read_functions(index_app(app), {}).functions[0]


async def test_a_timer_fires_on_its_schedule_and_makes_up_once_for_missed_runs(tmp_path: Path) -> None:
    fired: list[tuple[str, bool]] = []
    clock = StoppingClock(2)
    invoker = Invoker(1, None, "", "")
    function = timer_app(lambda timer: fired.append((clock.now().isoformat()[11:16], timer.past_due)))
    with pytest.raises(InterruptedError):
        await Timer(function, invoker, clock, tmp_path).run()
    assert fired == [("13:00", False), ("14:00", False)]
    clock = StoppingClock(1)
    clock._now = NOON + timedelta(hours=9, minutes=30)
    with pytest.raises(InterruptedError):
        await Timer(function, invoker, clock, tmp_path).run()
    assert fired[2:] == [("21:30", True), ("22:00", False)]
    invoker.close()


async def test_a_failing_timer_goes_on(tmp_path: Path) -> None:
    def fail(_: func.TimerRequest) -> None:
        raise ValueError

    invoker = Invoker(1, None, "", "")
    with pytest.raises(InterruptedError):
        await Timer(timer_app(fail, use_monitor=False), invoker, StoppingClock(3), tmp_path).run()
    assert [*tmp_path.iterdir()] == []
    invoker.close()


@pytest.mark.parametrize(
    ("template", "path", "found"),
    [
        ("api/docs/{id}", "/api/DOCS/A%2Fb", {"id": "A/b"}),
        ("api/docs/{id:int}", "/api/docs/x", None),
        ("api/docs/{id?}", "/api/docs", {}),
        ("api/{*rest}", "/api/a/b", {"rest": "a/b"}),
        ("api/{a}-{b}.{ext}", "/api/x-y.z", {"a": "x", "b": "y", "ext": "z"}),
        ("", "/", {}),
    ],
)
def test_a_route_matches_a_path(template: str, path: str, found: dict[str, str] | None) -> None:
    assert compile_route(template).match(path) == found


def test_the_most_exact_route_is_tried_first() -> None:
    templates = ["{*all}", "docs/{id}", "docs/{id:int}", "docs/new"]
    routes = sorted(map(compile_route, templates), key=lambda route: route.rank)
    assert [route.template for route in routes] == ["docs/new", "docs/{id:int}", "docs/{id}", "{*all}"]


def test_settings_come_from_the_file_unless_the_environment_has_them(tmp_path: Path) -> None:
    file = tmp_path / "local.settings.json"
    file.write_text(json.dumps({"IsEncrypted": False, "Values": {"A": "file", "B": "file", "": "x", "C": None}}))
    environ = {"A": "environment"}
    apply_settings(file, environ)
    assert environ == {"A": "environment", "B": "file"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"Values": {}}', "counts as encrypted"),
        ("{", "not valid JSON"),
        ('{"IsEncrypted": false, "Values": {"A": 1}}', "must be a string"),
    ],
)
def test_a_settings_file_that_cannot_be_used_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(content)
    with pytest.raises(SettingsError, match=problem):
        apply_settings(file, {})


def test_host_json_is_overridden_by_the_environment() -> None:
    environ = {
        "AzureFunctionsJobHost__extensions__durableTask__hubName": "Mine",
        "AzureFunctionsJobHost:a": "5",
    }
    settings = HostJson({"version": "2.0", "extensions": {"durableTask": {"hubName": "File"}}}, environ)
    assert settings.get("extensions.durableTask.hubName") == "Mine"
    assert settings.get("a") == 5
    assert settings.function_timeout == timedelta(minutes=30)
    with pytest.raises(HostJsonError):
        HostJson({}, {})


def test_a_timeout_is_read_as_hours_minutes_seconds() -> None:
    assert time_span("01:02:03") == timedelta(hours=1, minutes=2, seconds=3)
    assert HostJson({"version": "2.0", "functionTimeout": "-1"}, {}).function_timeout is None


def test_binding_expressions_name_what_is_wrong() -> None:
    assert resolve("a-%X%/b", {"X": "1"}) == "a-1/b"
    with pytest.raises(BindingError, match="'%Y%' does not resolve to a value"):
        resolve("%Y%", {})
    with pytest.raises(BindingError, match="The '%' at position 3 does not have a closing '%'"):
        resolve("abc%x", {})


def test_parameters_must_be_those_of_the_bindings() -> None:
    app = func.FunctionApp()

    @app.timer_trigger(arg_name="timer", schedule="0 0 0 * * *")
    def odd(other: func.TimerRequest) -> None:
        raise NotImplementedError

    refused = read_functions(index_app(app), {}).refused
    assert refused == (("odd", "the following parameters are declared in Python but not as bindings: ['other']"),)


@pytest.mark.parametrize("binding", ["table", "cosmosDB", "queue"])
def test_other_bindings_are_refused_by_name(binding: str) -> None:
    app = func.FunctionApp()

    @app.timer_trigger(arg_name="timer", schedule="0 0 0 * * *")
    @app.generic_output_binding(arg_name="out", type=binding)
    def writes(timer: func.TimerRequest, out: Any) -> None:
        raise NotImplementedError

    refused = read_functions(index_app(app), {}).refused
    assert refused == (("writes", f"The binding '{binding}' is not available on the local host."),)


def test_the_next_free_port_is_taken_when_the_wanted_one_is_not_free() -> None:
    first = listen(0)
    wanted = first.getsockname()[1]
    second = listen(wanted)
    assert second.getsockname()[1] > wanted
    first.close()
    second.close()


def test_a_disabled_function_is_left_out() -> None:
    function = timer_app(lambda timer: None)
    assert function.name == "tick"
    app = func.FunctionApp()

    @app.route(route="x")
    def off(req: func.HttpRequest) -> str:
        raise NotImplementedError

    assert read_functions(index_app(app), {"AzureWebJobs.off.Disabled": "true"}).functions == ()
