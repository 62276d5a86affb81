"""Projects, and what the API says to requests that cannot be served."""

from __future__ import annotations

import asyncio
import http.client
import uuid

import pytest

from tests.support.app import RunningApp

NOBODYS = "5f0f5b1e-3f0e-4b53-9a0e-1d6a2a3b4c5d"  # fixed: it names tests, too


async def test_the_app_says_that_it_is_alive(app: RunningApp) -> None:
    assert await app.get("health") == {"status": "ok", "analyst": "offline"}


async def test_a_project_created_twice_under_one_key_is_one_project(app: RunningApp) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    first, second = [
        await app.ask("POST", "projects", json={"name": name, "language": "es"}, headers=headers) for name in "AB"
    ]
    assert (first.status, second.status) == (201, 201)
    assert first.body == second.body
    assert first.headers["Location"] == f"/api/projects/{first.body['project_id']}"
    assert (await app.get(f"projects/{first.body['project_id']}"))["name"] == "A"


async def test_the_key_of_another_person_or_tenant_makes_another_project(app: RunningApp) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    whos = [{}, {"X-User-Id": "somebody-else"}, {"X-Tenant-Id": str(uuid.uuid4())}]
    answers = [await app.ask("POST", "projects", json={"name": "A"}, headers={**key, **who}) for who in whos]
    assert len({answer.body["project_id"] for answer in answers}) == 3


@pytest.mark.parametrize("path", ["", "/documents", "/codes", "/theories", f"/theories/{NOBODYS}"])
async def test_a_foreign_project_is_answered_like_a_missing_one(app: RunningApp, path: str) -> None:
    project_id = await app.create_project()
    stranger = {"X-Tenant-Id": str(uuid.uuid4())}
    colleague = {"X-User-Id": "not-a-member"}
    answers = [
        await app.ask("GET", f"projects/{project_id}{path}", headers=stranger),
        await app.ask("GET", f"projects/{project_id}{path}", headers=colleague),
        await app.ask("GET", f"projects/{uuid.uuid4()}{path}"),
    ]
    assert [answer.status for answer in answers] == [404, 404, 404]
    assert all(answer.headers["Content-Type"].startswith("application/problem+json") for answer in answers)
    assert answers[0].body == answers[1].body == answers[2].body
    assert answers[0].body["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "projects/{}"),
        ("GET", "projects/{}/documents"),
        ("POST", "projects/{}/documents"),
        ("POST", "projects/{}/generate-theory"),
        ("GET", "projects/{}/generate-theory/status/" + NOBODYS),
        ("POST", "projects/{}/generate-theory/cancel/" + NOBODYS),
        ("GET", "documents/{}"),
        ("GET", "documents/{}/text"),
        ("GET", "documents/{}/pages/1"),
    ],
)
async def test_an_id_that_is_no_uuid_is_not_found(app: RunningApp, method: str, path: str) -> None:
    for nonsense in ("1", "not-a-uuid", "%27%20or%201=1", "%00"):
        answer = await app.ask(method, path.format(nonsense))
        assert (answer.status, answer.body["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("{", None),
        ("[]", ""),
        ('{"language": "es"}', "name"),
        ('{"name": "   "}', "name"),
        ('{"name": "A", "language": "fr"}', "language"),
        ('{"name": 7}', "name"),
    ],
)
async def test_a_bad_body_is_answered_with_what_is_wrong(app: RunningApp, body: str, field: str | None) -> None:
    answer = await app.ask("POST", "projects", data=body, headers={"Content-Type": "application/json"})
    assert answer.status == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert {"type", "title", "status", "detail", "code"} <= answer.body.keys()
    assert answer.body["code"] == "invalid_request"
    if field is not None:
        assert [error["field"] for error in answer.body["errors"]] == [field]


async def test_an_unknown_wish_of_a_search_or_a_run_is_refused(app: RunningApp) -> None:
    project_id = await app.create_project()
    search = await app.ask("POST", f"projects/{project_id}/search", json={"query": "a", "color": "red"})
    run = await app.ask("POST", f"projects/{project_id}/generate-theory", json={"documents": []})
    assert [(a.status, a.body["errors"][0]["field"]) for a in (search, run)] == [(400, "color"), (400, "documents")]


async def test_a_tenant_that_is_no_uuid_is_refused(app: RunningApp) -> None:
    answer = await app.ask("GET", f"projects/{uuid.uuid4()}", headers={"X-Tenant-Id": "acme"})
    assert (answer.status, answer.body["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
async def test_characters_that_no_text_can_hold_break_nothing(app: RunningApp, text: str) -> None:
    project_id = await app.create_project()
    answers = [
        await app.ask("POST", "projects", json={"name": text}),
        await app.ask("POST", f"projects/{project_id}/search", json={"query": "a", "type": [text]}),
        await app.ask("POST", f"projects/{project_id}/generate-theory", json={"research_question": text}),
        await app.ask("GET", f"projects/{project_id}/documents?status=%00"),
    ]
    assert [(answer.status, answer.body["code"]) for answer in answers] == [(400, "invalid_request")] * 4


@pytest.mark.parametrize("header", ["X-User-Id", "Idempotency-Key", "X-Tenant-Id"])
async def test_a_header_that_is_no_text_is_refused(app: RunningApp, header: str) -> None:
    def ask() -> int:
        connection = http.client.HTTPConnection(app.url.removeprefix("http://"))
        connection.request("POST", "/api/projects", b'{"name": "A"}', {header: "Jos\xe9"})  # goes out as Latin-1
        return connection.getresponse().status

    assert await asyncio.to_thread(ask) == 400


async def test_a_body_that_is_nested_without_end_is_refused(app: RunningApp) -> None:
    for depth in (400, 900, 100_000):
        answer = await app.ask("POST", "projects", data='{"name": ' + "[" * depth + "]" * depth + "}")
        assert (answer.status, answer.body["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("query", ["after=" + "-" * 36, "limit=0", "limit=many", "after=1"])
async def test_a_bad_query_of_a_list_is_refused(app: RunningApp, query: str) -> None:
    project_id = await app.create_project()
    answer = await app.ask("GET", f"projects/{project_id}/documents?{query}")
    assert (answer.status, answer.body["code"]) == (400, "invalid_request")


async def test_nothing_can_be_put_into_a_foreign_project(app: RunningApp) -> None:
    project_id = await app.create_project()
    missing = uuid.uuid4()
    for who in ({"X-Tenant-Id": str(uuid.uuid4())}, {"X-User-Id": "not-a-member"}):
        headers = {"Content-Disposition": "attachment; filename=a.txt", **who}
        for path, body in (("documents", b"text"), ("generate-theory", b"{}"), ("search", b'{"query": "a"}')):
            foreign = await app.ask("POST", f"projects/{project_id}/{path}", headers=headers, data=body)
            nothing = await app.ask("POST", f"projects/{missing}/{path}", headers=headers, data=body)
            assert (foreign.status, foreign.body) == (404, nothing.body)
    assert (await app.get(f"projects/{project_id}/documents"))["items"] == []
