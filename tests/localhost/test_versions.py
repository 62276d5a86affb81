"""An app runs instances of its own version and older ones, unless host.json says otherwise."""

import asyncio
from collections.abc import Generator
from typing import Any

import azure.durable_functions as df
import pytest

from localhost.durable.versions import MISMATCH, Failure, Match, Versions
from localhost.host.host_json import HostJson, HostJsonError
from tests.localhost.conftest import MakeLab
from tests.localhost.lab import Lab


def hears(context: df.DurableOrchestrationContext) -> Generator[Any, Any, str]:
    yield context.wait_for_external_event("go")
    return str(context.version)


@pytest.mark.parametrize(
    ("version", "own", "strict", "current_or_older"),
    [
        ("1.0", "1.0", True, True),
        ("1.9", "1.10", False, True),
        ("1.10", "1.9", False, False),
        ("", "1.0", False, True),
        ("1.0.0", "1.0", False, False),
        ("b", "A", False, False),
        ("A", "b", False, True),
        ("2.0", "", True, True),
    ],
)
def test_versions_are_compared_as_numbers_or_else_as_text(
    version: str, own: str, strict: bool, current_or_older: bool
) -> None:
    assert Versions(own, Match.STRICT).admit(version) is strict
    assert Versions(own, Match.CURRENT_OR_OLDER).admit(version) is current_or_older
    assert Versions(own, Match.NONE).admit(version)


async def started_by_a_newer_app(make_lab: MakeLab, versions: Versions) -> Lab:
    lab = make_lab({"hears": hears})
    lab.build_engine(versions=Versions("2.0"))
    await lab.start("hears")
    await lab.raise_later(1, "go", None)
    lab.build_engine(versions=versions)
    return lab


async def test_a_newer_instance_fails_where_host_json_says_so(make_lab: MakeLab) -> None:
    lab = await started_by_a_newer_app(make_lab, Versions("1.0", failure=Failure.FAIL))
    await lab.run()
    assert await lab.result() == ("Failed", MISMATCH)


async def test_a_newer_instance_waits_for_an_app_that_knows_it(
    make_lab: MakeLab, caplog: pytest.LogCaptureFixture
) -> None:
    lab = await started_by_a_newer_app(make_lab, Versions("1.0"))
    worker = asyncio.create_task(lab.engine.run())
    while caplog.text.count(MISMATCH) < 3:  # noqa: ASYNC110 - tried again and again, never run
        await asyncio.sleep(0.01)
    assert (await lab.management.get("i"))["status"] == "Pending"
    assert lab.script.invocations == 0
    worker.cancel()
    lab.build_engine(versions=Versions("2.0"))
    await lab.run()
    assert await lab.result() == ("Completed", "2.0")


async def test_an_older_instance_runs_on_and_sees_its_own_version(make_lab: MakeLab) -> None:
    lab = await started_by_a_newer_app(make_lab, Versions("3.0"))
    await lab.run()
    assert await lab.result() == ("Completed", "2.0")


def test_an_unknown_strategy_is_refused_by_name() -> None:
    settings = HostJson({"version": "2.0", "extensions": {"durableTask": {"versionMatchStrategy": "strict"}}}, {})
    path = "extensions.durableTask.versionMatchStrategy"
    assert settings.choice(path, Match.CURRENT_OR_OLDER) is Match.STRICT
    odd = HostJson({"version": "2.0", "extensions": {"durableTask": {"versionMatchStrategy": "Newest"}}}, {})
    with pytest.raises(HostJsonError, match="is 'Newest': it must be one of None, Strict, CurrentOrOlder"):
        odd.choice(path, Match.CURRENT_OR_OLDER)
