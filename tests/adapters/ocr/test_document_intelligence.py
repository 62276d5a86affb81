"""The real SDK against a stand-in that speaks the service's protocol."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken, AzureKeyCredential

from shared.adapters.ocr.document_intelligence import DocumentIntelligence
from shared.domain.document import Page
from shared.domain.errors import Damaged, Throttled, Unavailable
from shared.ports import PageImage
from tests.support.document_intelligence import KEY, TOKEN, Service, answer, running

IMAGE = PageImage(400, 200, bytes(400 * 200 * 3))
HELLO = answer([("Señora", 0.99), ("Muñoz", 0.8)], [("Total", 0.95), ("12,50", 0.9)])


async def read(service: Service, credential: Any = None, **transport: Any) -> Page:
    engine = DocumentIntelligence(service.url, credential or AzureKeyCredential(KEY), poll_seconds=0.01, **transport)
    try:
        return await engine.read(IMAGE, 4)
    finally:
        await engine.close()


async def test_a_picture_is_sent_once_and_its_words_are_asked_for_until_they_are_there() -> None:
    async with running(Service(HELLO, running=3)) as service:
        page = await read(service)
    assert page.text == "Señora Muñoz\nTotal 12,50"
    assert (page.number, page.source, page.width, page.height, page.rotated) == (4, "ocr", 400, 200, 0)
    assert (len(service.pictures), service.asked) == (1, 4)
    assert service.pictures[0].startswith(b"\x89PNG")


async def test_words_have_their_places_and_confidence() -> None:
    async with running(Service(HELLO)) as service:
        page = await read(service)
    first, second = page.lines[0].words
    assert (first.box, first.confidence) == ((0.05, 0.1, 0.2, 0.2), 0.99)
    assert (page.text[second.start : second.end], second.confidence) == ("Muñoz", 0.8)
    assert 0.8 < page.confidence < 0.99


async def test_a_page_on_its_side_has_its_boxes_on_the_upright_page() -> None:
    sideways = answer([("hola", 0.9)], angle=90.0)
    for item in (*sideways["pages"][0]["words"], *sideways["pages"][0]["lines"]):
        item["polygon"] = [380.0, 20.0, 380.0, 60.0, 360.0, 60.0, 360.0, 20.0]  # runs down the right edge
    async with running(Service(sideways)) as service:
        page = await read(service)
    assert (page.rotated, page.width, page.height) == (270, 200, 400)
    assert page.lines[0].words[0].box == (0.1, 0.05, 0.3, 0.1)


async def test_a_page_without_text_gives_none() -> None:
    async with running(Service(answer())) as service:
        page = await read(service)
    assert (page.text, page.lines, page.confidence) == ("", (), 0.0)


@pytest.mark.parametrize(
    ("headers", "after"),
    [({"Retry-After": "7"}, 7.0), ({}, None), ({"Retry-After": "-1"}, None), ({"Retry-After": "86400"}, None)],
)
async def test_a_busy_service_is_waited_for_as_long_as_it_says(headers: dict[str, str], after: float | None) -> None:
    async with running(Service(HELLO, posts=[(429, headers)])) as service:
        with pytest.raises(Throttled) as busy:
            await read(service)
        assert busy.value.after == after
        assert service.pictures == []
        assert (await read(service)).text.startswith("Señora")


async def test_a_question_that_failed_is_asked_again_without_sending_the_picture_again() -> None:
    async with running(Service(HELLO, gets=[(503, {}), (500, {})])) as service:
        assert (await read(service)).text.startswith("Señora")
        assert len(service.pictures) == 1


@pytest.mark.parametrize("hint", ["-1", "0", "86400", "soon"])
async def test_no_hint_makes_a_page_that_is_paid_for_wait_for_ever(hint: str) -> None:
    told = {"Retry-After": hint}
    async with running(Service(HELLO, running=2, wait=told, gets=[(429, told), (503, told)])) as service:
        async with asyncio.timeout(60):
            assert (await read(service)).text.startswith("Señora")
        assert len(service.pictures) == 1


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"status": "succeeded"}', b'{"status": "succeeded", '
    b'"analyzeResult": {"pages": []}}', b'{"status": "succeeded", "analyzeResult": {"pages": [{"pageNumber": 1, '
    b'"width": 4, "height": 4, "lines": [{"content": "a", "spans": [{"offset": 0, "length": 1}]}], "words": '
    b'[{"content": "a", "span": {"offset": 0, "length": 1}, "confidence": 1}]}]}}'])  # fmt: skip
async def test_a_broken_answer_is_no_page(raw: bytes) -> None:
    async with running(Service(raw=raw)) as service:
        with pytest.raises(Unavailable):
            await read(service)


async def test_a_picture_that_the_service_cannot_read_is_the_page_s_problem() -> None:
    async with running(Service(status="failed")) as service:
        with pytest.raises(Damaged):
            await read(service)
    async with running(Service(posts=[(400, {})])) as service:
        with pytest.raises(Damaged):
            await read(service)


@pytest.mark.parametrize("status", [401, 403, 404, 500, 503])
async def test_no_access_and_no_service_are_not_the_document_s_fault(status: int) -> None:
    async with running(Service(posts=[(status, {})])) as service:
        with pytest.raises(Unavailable, match=str(status)):
            await read(service)


async def test_a_wrong_key_is_told() -> None:
    async with running(Service(HELLO)) as service:
        with pytest.raises(Unavailable, match="check its endpoint, and its key"):
            await read(service, AzureKeyCredential("wrong"))


async def test_a_service_that_is_not_there_may_be_there_later() -> None:
    with pytest.raises(Unavailable):
        await read(Service(url="http://127.0.0.1:9"), connection_timeout=1)


class Tokens:
    """A credential that gives a token, as managed identity does."""

    def __init__(self) -> None:
        self.scopes: list[str] = []

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        self.scopes += scopes
        return AccessToken(TOKEN, int(time.time()) + 3600)

    async def close(self) -> None: ...


async def test_identity_gives_a_token_for_the_service(tmp_path: Path) -> None:
    tokens = Tokens()
    async with running(Service(HELLO), certificate=tmp_path) as service:
        page = await read(service, tokens, connection_verify=str(tmp_path / "cert.pem"))
    assert page.text.startswith("Señora")
    assert set(tokens.scopes) == {"https://cognitiveservices.azure.com/.default"}
