from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.adapters.model_analyst.blocks import block, rows
from shared.adapters.openai import CompatibleEndpoint, OpenAIClient
from shared.domain.analysis import ModelRequest
from tests.support.model_server import ModelServer
from tests.support.model_server.behaviours import SECRET

DOCUMENT = "Mi madre se llama Rosalinda Quintanar y vive en la calle Olmo."


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer(invent=0.0) as running:
        yield running


@pytest.fixture
async def client(server: ModelServer) -> AsyncIterator[OpenAIClient]:
    made = OpenAIClient("gpt-test", CompatibleEndpoint(server.base_url, SECRET), timeout=20)
    yield made
    await made.close()


@pytest.fixture
def request_() -> ModelRequest:
    schema: dict[str, object] = {
        "type": "object",
        "properties": {"quote": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
        "required": ["quote"],
        "additionalProperties": False,
    }
    user = block("FRAGMENT", DOCUMENT) + "\n" + block("CODE", rows([{"label": "madre"}]))
    return ModelRequest("quote_repair", "1-aaaaaaaa", "You find quotes.", user, "quote_repair", schema, 500)
