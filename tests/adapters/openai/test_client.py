"""The model client against a real server with the real SDK."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys

import pytest

from shared.adapters.openai import AzureEndpoint, CompatibleEndpoint, OpenAIClient
from shared.domain import errors
from shared.domain.analysis import ModelRequest
from tests.adapters.openai.conftest import DOCUMENT
from tests.support.model_server import ModelServer, behaviours
from tests.support.model_server.behaviours import SECRET, Behaviour


def test_importing_the_adapter_loads_no_sdk() -> None:
    code = "import sys, shared.adapters.openai; sys.exit(any(m in sys.modules for m in ('openai', 'httpx2', 'httpx')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_an_answer_comes_whole_with_usage_model_and_region(
    client: OpenAIClient, request_: ModelRequest, server: ModelServer
) -> None:
    answer = await client.complete(request_)
    assert json.loads(answer.text) == {"quote": DOCUMENT}
    assert answer.model.startswith("gpt-test")
    assert answer.region == "Sweden Central"
    assert answer.usage.prompt_tokens > 0
    assert answer.usage.completion_tokens > 0


async def test_where_an_endpoint_does_not_say_its_region_the_setting_does(
    request_: ModelRequest, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.adapters.openai.client.REGION_HEADER", "x-nobody-says")
    for region, recorded in (("swedencentral", "swedencentral"), ("", None)):
        silent = OpenAIClient("gpt-test", CompatibleEndpoint(server.base_url), region=region)
        assert (await silent.complete(request_)).region == recorded
        await silent.close()


async def test_the_question_carries_a_strict_schema_no_chance_and_a_bound(
    client: OpenAIClient, request_: ModelRequest, server: ModelServer
) -> None:
    await client.complete(request_)
    body = server.asked[0].body
    assert body["temperature"] == 0
    assert "seed" in body
    assert body["max_tokens"] == 500
    assert body["response_format"]["json_schema"] == {
        "name": "quote_repair",
        "strict": True,
        "schema": request_.schema,
    }


async def test_tokens_read_from_the_providers_cache_are_counted(
    client: OpenAIClient, request_: ModelRequest, server: ModelServer
) -> None:
    long = ModelRequest("quote_repair", "1", "You. " * 2000, request_.user, "quote_repair", request_.schema)
    assert (await client.complete(long)).usage.cached_tokens == 0
    assert (await client.complete(long)).usage.cached_tokens == 1024


async def test_azure_is_reached_by_deployment_with_a_key(request_: ModelRequest, server: ModelServer) -> None:
    client = OpenAIClient("my-gpt", AzureEndpoint(server.azure_endpoint, "2024-10-21", api_key="key"))
    answer = await client.complete(request_)
    await client.close()
    assert answer.model.startswith("my-gpt")
    asked = server.asked[0]
    assert asked.path == "/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21"
    assert asked.headers["api-key"] == "key"


async def test_azure_is_reached_with_a_token_where_there_is_no_key(request_: ModelRequest, server: ModelServer) -> None:
    async def token() -> str:
        return "entra-token"

    client = OpenAIClient("my-gpt", AzureEndpoint(server.azure_endpoint, "2024-10-21", token_provider=token))
    await client.complete(request_)
    await client.close()
    assert server.asked[0].headers["Authorization"] == "Bearer entra-token"


async def test_a_token_that_cannot_be_had_says_what_to_check_and_asks_nobody(
    request_: ModelRequest, server: ModelServer
) -> None:
    async def token() -> str:
        raise RuntimeError(SECRET)

    client = OpenAIClient("my-gpt", AzureEndpoint(server.azure_endpoint, "2024-10-21", token_provider=token))
    with pytest.raises(errors.Unavailable, match="managed identity") as caught:
        await client.complete(request_)
    await client.close()
    assert SECRET not in everything_said(caught.value)
    assert not server.asked


async def test_an_endpoint_without_strict_schemas_is_told_the_schema_instead_and_remembered(
    client: OpenAIClient, request_: ModelRequest, server: ModelServer
) -> None:
    server.always(behaviours.refusing("response_format", lambda value: value["type"] == "json_object", named=False))
    await client.complete(request_)
    await client.complete(request_)
    formats = [asked.body["response_format"]["type"] for asked in server.asked]
    assert formats == ["json_schema", "json_object", "json_object"]
    assert json.dumps(request_.schema, sort_keys=True) in server.asked[1].body["messages"][0]["content"]
    assert len({asked.key for asked in server.asked}) == 1


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("parameter", "instead"), [("temperature", None), ("seed", None), ("max_tokens", "max_completion_tokens")]
)
async def test_a_parameter_that_a_model_refuses_is_given_up_once_and_remembered(
    client: OpenAIClient, request_: ModelRequest, server: ModelServer, parameter: str, instead: str | None, named: bool
) -> None:
    request_ = ModelRequest("quote_repair", "1", "You.", "-", "other", request_.schema)
    server.always(behaviours.refusing(parameter, named=named))
    await client.complete(request_)
    await client.complete(request_)
    assert [parameter in asked.body for asked in server.asked] == [True, False, False]
    assert instead is None or instead in server.asked[-1].body


async def test_calls_side_by_side_learn_a_refusal_without_stepping_back_twice(
    client: OpenAIClient, request_: ModelRequest, server: ModelServer
) -> None:
    server.always(behaviours.refusing("response_format", lambda value: value["type"] == "json_object"))
    await asyncio.gather(*(client.complete(request_) for _ in range(8)))
    assert all("response_format" in asked.body for asked in server.asked)


FAULTS = [
    (behaviours.throttled(retry_after="3"), errors.Throttled),
    (behaviours.no_quota, errors.Throttled),
    (behaviours.failing, errors.Unavailable),
    (behaviours.unauthorised, errors.ModelUnusable),
    (behaviours.missing, errors.ModelUnusable),
    (behaviours.bad_request, errors.BadModelRequest),
    (behaviours.filtered, errors.ContentFiltered),
    (behaviours.filtered_inside, errors.ContentFiltered),
    (behaviours.filtered_answer, errors.ContentFiltered),
    (behaviours.refused, errors.ContentFiltered),
    (behaviours.too_long, errors.TooLong),
    (behaviours.too_long_in_words, errors.TooLong),
    (behaviours.cut_with_length, errors.Truncated),
    (behaviours.empty, errors.MalformedAnswer),
]


@pytest.mark.parametrize(("fault", "expected"), FAULTS, ids=[fault.name for fault, _ in FAULTS])
async def test_each_fault_is_one_of_our_errors_asked_once_and_telling_no_secret(
    client: OpenAIClient, request_: ModelRequest, server: ModelServer, fault: Behaviour, expected: type[Exception]
) -> None:
    server.script(fault)
    with pytest.raises(expected) as caught:
        await client.complete(request_)
    assert type(caught.value) is expected
    assert len(server.asked) == 1
    said = everything_said(caught.value)
    assert SECRET not in said
    assert "Rosalinda" not in said


async def test_a_refused_credential_names_the_settings_to_check(
    client: OpenAIClient, request_: ModelRequest, server: ModelServer
) -> None:
    server.script(behaviours.unauthorised, behaviours.missing)
    with pytest.raises(errors.BadModelRequest, match=r"AZURE_OPENAI_API_KEY.*OPENAI_API_KEY"):
        await client.complete(request_)
    with pytest.raises(errors.BadModelRequest, match="MODEL_DEPLOYMENT"):
        await client.complete(request_)


async def test_a_filtered_text_says_which_category_blocked_it(
    client: OpenAIClient, request_: ModelRequest, server: ModelServer
) -> None:
    server.script(behaviours.filtered)
    with pytest.raises(errors.ContentFiltered, match="violence") as caught:
        await client.complete(request_)
    assert "hate" not in str(caught.value)


async def test_a_slow_answer_is_a_timeout(request_: ModelRequest, server: ModelServer) -> None:
    client = OpenAIClient("gpt-test", CompatibleEndpoint(server.base_url), timeout=0.2)
    server.script(behaviours.slow(5))
    with pytest.raises(errors.TimedOut):
        await client.complete(request_)
    await client.close()
    assert len(server.asked) == 1


async def test_an_endpoint_that_is_not_there_is_unavailable(request_: ModelRequest) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = OpenAIClient("gpt-test", CompatibleEndpoint(f"http://127.0.0.1:{port}/v1", SECRET))
    with pytest.raises(errors.Unavailable) as caught:
        await client.complete(request_)
    await client.close()
    assert SECRET not in everything_said(caught.value)


async def test_a_page_instead_of_an_answer_is_unavailable(request_: ModelRequest) -> None:
    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>"
        )
        await writer.drain()
        writer.close()

    gateway = await asyncio.start_server(page, "127.0.0.1", 0)
    port = gateway.sockets[0].getsockname()[1]
    client = OpenAIClient("gpt-test", CompatibleEndpoint(f"http://127.0.0.1:{port}/v1"))
    with pytest.raises(errors.Unavailable):
        await client.complete(request_)
    await client.close()
    gateway.close()


def test_endpoints_do_not_show_their_keys() -> None:
    shown = repr(AzureEndpoint("https://x", "v", api_key=SECRET)) + repr(CompatibleEndpoint("https://x", SECRET))
    assert SECRET not in shown


def everything_said(error: BaseException) -> str:
    """The error's text and that of everything hanging on it, as a logger might print it."""
    said = []
    seen: BaseException | None = error
    while seen is not None:
        said.append(f"{seen!r} {seen} {vars(seen)}")
        seen = seen.__cause__ or seen.__context__
    return "\n".join(said)
