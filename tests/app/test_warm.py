"""The whole app gets warm: at its start, and at the first use where nobody has asked it to; and says so."""

from __future__ import annotations

from collections.abc import AsyncIterator

import psutil
import pytest

from localhost.stack import Stack
from tests.support.app import RunningApp


@pytest.fixture(scope="module")
async def warm_app(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningApp]:
    """An app that warms up, and lets one page call it."""
    settings = {"WARMUP_ENABLE": "true", "CORS_ALLOWED_ORIGINS": "https://study.example"}
    async with RunningApp(stack, tmp_path_factory.mktemp("warm-app"), settings) as running:
        yield running


async def test_the_host_is_warm_before_its_first_request(warm_app: RunningApp) -> None:
    found = await warm_app.get("status/warmup")
    assert (found["ready"], found["errors"]) == (True, []), found
    assert {"database", "storage", "model", "ocr", "fast", "hires", "http_client", "http_health"} == set(
        found["checks"]
    )
    assert found["checks"]["http_health"]["state"] == "off"
    assert found["duration_sec"] > 0
    # The host, and the process that runs activities, each by itself.
    assert [process["ready"] for process in found["processes"]] == [True, True]
    assert warm_app.log.read_text().count("warmup_completed") == 2


def holds(process: psutil.Process, library: str) -> bool:
    return any(library in mapped.path for mapped in process.memory_maps())


async def test_what_reads_documents_is_loaded_where_they_are_read_and_not_in_the_host(warm_app: RunningApp) -> None:
    host = psutil.Process(warm_app.process_id)
    [worker] = [child for child in host.children() if "localhost.host.activity_worker" in child.cmdline()]
    for library in ("onnxruntime", "pypdfium2_raw", "cv2"):
        assert holds(worker, library)
        assert not holds(host, library)


async def test_a_host_that_was_killed_is_followed_by_other_processes_and_all_are_on_record(
    warm_app: RunningApp,
) -> None:
    warm_app.kill()
    await warm_app.start()
    found = await warm_app.get("status/warmup")
    assert (len(found["processes"]), found["ready"]) == (4, True)


async def test_a_page_of_a_named_origin_may_read_answers(warm_app: RunningApp) -> None:
    for origin, allowed in (("https://study.example", True), ("https://other.example", False)):
        answer = await warm_app.ask("GET", "health", headers={"Origin": origin})
        assert ("Access-Control-Allow-Origin" in answer.headers) is allowed


async def test_where_it_is_switched_off_the_status_says_so(app: RunningApp) -> None:
    found = await app.get("status/warmup")
    assert (found["ready"], found["checks"]["warmup"]["state"], found["processes"]) == (True, "off", [])
