"""A tenant that has spent what it may this month: nothing more is asked for it, and everything says why."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from localhost.stack import Stack
from tests.app.test_theory import talk
from tests.support.app import RunningApp, model
from tests.support.model_server import ModelServer

# The first answer takes hundreds of tokens, at a thousand of whatever money a million: more than the limit.
SETTINGS = {"MODEL_PRICES": "test-model=1000/1000", "TENANT_SPENDING_LIMIT": "0.05"}


@pytest.mark.slow
async def test_a_tenant_at_its_spending_limit_asks_nothing_and_others_go_on(stack: Stack, tmp_path: Path) -> None:
    async with (
        ModelServer(invent=0.0) as server,
        RunningApp(stack, tmp_path / "spending", model(server.base_url) | SETTINGS) as app,
    ):
        project_id = await app.create_project(language="en")
        [first] = await app.import_files(project_id, talk("Irene"))
        assert first["warnings"] == [warning for warning in first["warnings"] if "Metadata" not in warning]
        assert await app.value("select cost > 0.05 from tenant_spending")
        asked = len(server.asked)
        assert asked == 1

        [second] = await app.import_files(project_id, talk("Julia"))
        assert second["status"] == "completed"
        assert any("Metadata is missing (spending_limit)" in warning for warning in second["warnings"])
        status = await app.wait_for_run(project_id, await app.start_theory(project_id))
        assert (status["status"], status["error_code"]) == ("failed", "spending_limit")
        assert "0.05" in status["error_message"]
        assert len(server.asked) == asked

        app.tenant = str(uuid.uuid4())
        [other] = await app.import_files(await app.create_project(language="en"), talk("Karin"))
        assert not any("Metadata" in warning for warning in other["warnings"])
        assert len(server.asked) == asked + 1
