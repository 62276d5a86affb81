"""Answers: JSON, and problems with a stable code."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import azure.functions as func
import pytest

from functions.triggers.answers import answer, answered, body_of
from functions.triggers.documents_http import ListQuery
from functions.triggers.projects_http import NewProject
from functions.triggers.search_http import SearchRequest
from functions.triggers.theory_http import TheoryRequest
from shared.domain import errors
from shared.domain.errors import InvalidRequest, TheoGenError
from shared.domain.runs import Project
from shared.steps.runs import ProjectBusy
from tests.triggers.requests import plain, request


async def answer_to(error: Exception) -> func.HttpResponse:
    @answered
    async def handler() -> func.HttpResponse:
        raise error

    return await handler()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidRequest("No."), 400),
        (errors.Unauthorised(), 401),
        (errors.Forbidden(), 403),
        (errors.NotFound(), 404),
        (errors.Conflict(), 409),
        (ProjectBusy("r"), 409),
        (errors.Throttled(), 429),
        (errors.TimedOut(), 503),
        (errors.Unavailable(), 503),
        (errors.Encrypted(), 422),
        (errors.ContentFiltered(), 422),
    ],
)
async def test_an_error_is_a_problem_with_its_status_and_code(error: TheoGenError, status: int) -> None:
    response = await answer_to(error)
    body = plain(response)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert set(body) == {"type", "title", "status", "detail", "code"}
    assert (body["status"], body["code"], body["detail"]) == (status, error.code, str(error))
    assert body["type"] == f"urn:theogen:error:{error.code}"


async def test_an_unexpected_error_stays_one() -> None:
    with pytest.raises(ZeroDivisionError):
        await answer_to(ZeroDivisionError())


def every(kind: type[TheoGenError]) -> list[type[TheoGenError]]:
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in every(child))]


def test_every_error_has_a_sentence_and_a_code_of_its_own() -> None:
    kinds = [kind for kind in every(TheoGenError) if kind.__module__.startswith("shared.")]
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert all("code" in vars(kind) and (kind.__doc__ or "").strip().endswith((".", "nothing")) for kind in kinds)


def test_an_answer_is_json_with_times_in_utc_and_exact_amounts() -> None:
    when = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    response = answer({"at": when, "total": Decimal("121.10"), "who": "año", "p": Project("p", "t", "o", "n", "es")})
    body = plain(response)
    assert response.mimetype == "application/json"
    assert "año".encode() in response.get_body()
    assert (body["at"], body["total"], body["p"]["project_id"]) == ("2026-03-01T10:00:00Z", "121.10", "p")


def test_what_is_no_json_is_an_error_of_ours() -> None:
    with pytest.raises(TypeError):
        answer({"x": object()})


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_no_body_counts_as_an_empty_one(body: bytes) -> None:
    assert body_of(request(body), TheoryRequest) == TheoryRequest()


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe\x00", b"nothing"])
def test_a_body_that_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest, match="JSON"):
        body_of(request(body), TheoryRequest)


@pytest.mark.parametrize(
    ("model", "body", "field"),
    [
        (NewProject, b"{}", "name"),
        (NewProject, b'{"name": "  "}', "name"),
        (NewProject, b'{"name": "x", "language": "fr"}', "language"),
        (NewProject, b'{"name": 5}', "name"),
        (TheoryRequest, b'{"document_ids": ["x"]}', "document_ids.0"),
        (TheoryRequest, b'{"question": "typed wrongly"}', "question"),
        (SearchRequest, b'{"query": "x", "date_from": "yesterday"}', "date_from"),
        (SearchRequest, b'{"query": "x", "date_from": "2026-02-01", "date_to": "2026-01-31"}', ""),
        (SearchRequest, b'{"query": "x", "limit": 101}', "limit"),
        (SearchRequest, b'{"query": "x", "type": "invoice"}', "type"),
        (SearchRequest, b'{"query": "x", "type": ["bill"]}', "type.0"),
        (SearchRequest, b"[]", ""),
    ],
)
async def test_fields_that_do_not_fit_are_named(model: Any, body: bytes, field: str) -> None:
    @answered
    async def handler(req: func.HttpRequest) -> func.HttpResponse:
        return answer(body_of(req, model).model_dump())

    response = await handler(request(body))
    found = plain(response)
    assert (response.status_code, found["code"]) == (400, "invalid_request")
    assert field in {error["field"] for error in found["errors"]}
    assert all(error["message"] for error in found["errors"])


@pytest.mark.parametrize("after", ["-" * 36, "a" * 36, "x", "0" * 32 + "----"])
def test_a_page_begins_after_an_id_only(after: str) -> None:
    with pytest.raises(ValueError, match="after"):
        ListQuery.model_validate({"after": after})


def test_a_page_is_asked_for_in_text() -> None:
    query = ListQuery.model_validate({"limit": "5", "after": "6F9619FF-8B86-4D01-B42D-00CF4FC964FF", "other": "x"})
    assert (query.limit, query.status, str(query.after)) == (5, None, "6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
