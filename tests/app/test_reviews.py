"""A run that waits for people, and one answer about any task."""

from __future__ import annotations

import uuid

from tests.app.test_theory import talk
from tests.support.app import Json, RunningApp


async def test_a_run_waits_where_it_was_asked_to_and_goes_on_when_a_person_says_so(app: RunningApp) -> None:
    project_id = await app.create_project(language="en")
    await app.import_files(project_id, talk("Nuria"), talk("Elena"))
    wish = {"review_pauses": ["consolidating", "theorising"]}
    task = (await app.ask("POST", f"projects/{project_id}/generate-theory", json=wish)).body["task_id"]
    base = f"projects/{project_id}/generate-theory"

    async def waits_at(step: str) -> bool:
        status = await app.get(f"{base}/status/{task}")
        return (status["status"], status["step"]) == ("waiting_review", step)

    await app.until(lambda: waits_at("consolidating"), "the run waits after consolidating")
    busy = await app.ask("POST", base)
    assert (busy.status, busy.body["task_id"]) == (409, task)  # it keeps its project while it waits
    state = await app.get(f"v1/tasks/{task}")
    assert (state["state"], state["info"]["status"]) == ("PROGRESS", "waiting_review")
    assert (await app.ask("POST", f"{base}/review/{task}", json={"note": "Merge was right."})).status == 202
    await app.until(lambda: waits_at("theorising"), "the run waits after theorising")
    assert (await app.ask("POST", f"{base}/review/{task}")).status == 202

    async def done() -> bool:
        return bool((await app.get(f"{base}/status/{task}"))["status"] == "completed")

    await app.until(done, "the run is completed")
    late = await app.ask("POST", f"{base}/review/{task}")
    assert late.status == 409
    theory_id = (await app.get(f"{base}/status/{task}"))["theory_id"]
    memos: list[Json] = (await app.get(f"projects/{project_id}/theories/{theory_id}"))["memos"]
    assert {"step": "review_consolidating", "text": "demo: Merge was right."} in memos


async def test_any_task_has_a_state_and_foreign_ones_do_not_exist(app: RunningApp) -> None:
    project_id = await app.create_project(language="en")
    [document] = await app.import_files(project_id, talk("Rosa"))
    state = await app.get(f"v1/tasks/{document['document_id']}")
    assert (state["state"], state["info"]["progress"], state["info"]["stage"]) == ("SUCCESS", 100, "index")
    [empty] = await app.import_files(project_id, ("empty.txt", b""))
    state = await app.get(f"v1/tasks/{empty['document_id']}")
    assert (state["state"], state["info"]["error"]["code"]) == ("FAILURE", "empty_file")
    missing = await app.ask("GET", f"v1/tasks/{uuid.uuid4()}")
    headers = {"X-Tenant-Id": str(uuid.uuid4())}
    foreign = await app.ask("GET", f"v1/tasks/{document['document_id']}", headers=headers)
    assert (missing.status, foreign.status) == (404, 404)
    assert missing.body == foreign.body


async def test_a_wish_that_does_not_exist_is_refused(app: RunningApp) -> None:
    project_id = await app.create_project(language="en")
    for wish in ({"review_pauses": ["planning"]}, {"model_tier": "huge"}, {"budget_tokens": 0}, {"colour": "red"}):
        answer = await app.ask("POST", f"projects/{project_id}/generate-theory", json=wish)
        assert (answer.status, answer.body["code"]) == (400, "invalid_request")
