"""Which pages may call the local host's functions, as browsers ask for it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from localhost.host.cors import allowed_origins, cors

PAGE = "https://study.example"


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """An app that allows one page."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=request.method)

    app = web.Application(
        middlewares=[cors(allowed_origins({"CORS_ALLOWED_ORIGINS": f"{PAGE}/, http://127.0.0.1:3000"}))]
    )
    app.router.add_route("*", "/api/projects", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/api/projects"))


async def test_a_page_that_is_named_may_ask_and_read(url: str) -> None:
    ask = {"Origin": PAGE, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "if-match"}
    async with ClientSession() as session:
        async with session.options(url, headers=ask) as before:
            assert (before.status, before.headers["Access-Control-Allow-Origin"]) == (204, PAGE)
            assert before.headers["Access-Control-Allow-Methods"] == "PATCH"
            assert before.headers["Access-Control-Allow-Headers"] == "if-match"
        async with session.get(url, headers={"Origin": PAGE}) as answer:
            assert (await answer.text(), answer.headers["Access-Control-Allow-Origin"]) == ("GET", PAGE)
            assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("origin", ["https://study.example.evil", "http://study.example", "null", ""])
async def test_other_pages_get_no_leave(url: str, origin: str) -> None:
    async with ClientSession() as session:
        ask = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        for method in ("OPTIONS", "GET"):
            async with session.request(method, url, headers=ask) as answer:
                assert not [name for name in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("text", ["*", "https://*.example", "study.example", "https://study.example/page", "file:///x"])
def test_what_is_no_explicit_origin_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="CORS_ALLOWED_ORIGINS"):
        allowed_origins({"CORS_ALLOWED_ORIGINS": text})


def test_nobody_is_allowed_unless_named() -> None:
    assert allowed_origins({}) == allowed_origins({"CORS_ALLOWED_ORIGINS": " , "}) == frozenset()
