"""Verifying by the app itself: what each check found, what to do where it failed, and how the smoke test reads it."""

from __future__ import annotations

import sys
from collections.abc import Callable

import azure.functions as func
import pytest

from infra import smoke
from shared import checks, services
from shared.domain.errors import NotReady
from shared.domain.readiness import Check
from shared.domain.runs import OPERATOR
from shared.settings import Settings
from tests.support.functions import indexed
from tests.triggers.requests import plain
from tests.triggers.test_roles import Knows

Answering = Callable[[int, object], smoke.Api]


async def _well() -> str:
    return "constraints are there"


async def _ill() -> str:
    raise NotReady("Queue theory-requests cannot be used.", "See infra/queues.json.")


async def verified(monkeypatch: pytest.MonkeyPatch, found: list[Check]) -> dict[str, object]:
    monkeypatch.setattr(services, "settings", lambda: Settings(auth_mode="azure"))
    monkeypatch.setattr(services, "sign_in", lambda: Knows(OPERATOR))
    monkeypatch.setattr(checks, "deep_checks", lambda: found)
    function = next(f for f in indexed() if f.get_function_name() == "verify")
    answer = await function.get_user_function()(req=func.HttpRequest("GET", "http://localhost/api/verify", body=b""))
    assert answer.status_code == 200
    body: dict[str, object] = plain(answer)
    return body


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """An API with one answer."""

    def answer(status: int, body: object) -> smoke.Api:
        monkeypatch.setattr(smoke.Api, "ask", lambda self, *asked, **sent: (status, body))
        return smoke.Api("http://127.0.0.1:1/api")

    return answer


async def test_all_is_well(monkeypatch: pytest.MonkeyPatch, answering: Answering) -> None:
    body = await verified(monkeypatch, [Check("graph", _well)])
    assert body["status"] == "ready"
    assert smoke.verified(answering(200, body)) == "graph: constraints are there"


async def test_what_failed_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch, answering: Answering) -> None:
    body = await verified(monkeypatch, [Check("graph", _well), Check("queues", _ill)])
    assert body["status"] == "not_ready"
    with pytest.raises(smoke.Failed) as failed:
        smoke.verified(answering(200, body))
    assert str(failed.value) == "queues: Queue theory-requests cannot be used. See infra/queues.json."


def test_who_lacks_the_role_is_told_which(answering: Answering) -> None:
    with pytest.raises(smoke.Failed, match="app role operator"):
        smoke.verified(answering(403, {}))
    with pytest.raises(smoke.Failed, match="answered nothing"):
        smoke.verified(answering(0, "refused"))


def test_one_check_can_be_asked_for_alone(
    monkeypatch: pytest.MonkeyPatch, answering: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(200, {"analyst": "offline"})
    monkeypatch.setattr(sys, "argv", ["smoke.py", "http://127.0.0.1:1/api", "--only", "health"])
    assert smoke.main() == 0
    assert capsys.readouterr().out.count("✓") == 1
