"""Azure AI Document Intelligence, model prebuilt-read: a picture is sent, and its words are asked for until ready."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

from shared.adapters.ocr import geometry
from shared.adapters.ocr.service_errors import our_errors
from shared.domain.document import Page
from shared.domain.errors import Unavailable
from shared.domain.layout import arrange
from shared.domain.pieces import Token
from shared.ports import PageImage

if TYPE_CHECKING:
    from azure.ai.documentintelligence.aio import DocumentIntelligenceClient

    from shared.adapters.ocr.geometry import Quads

Json = dict[str, Any]

MODEL = "prebuilt-read"
CELL_GAP = 0.5  # of a line's height: its lines end where cells do
POLL_SECONDS = 1.0
POLL_RETRIES = 3  # of a question that failed: the page is paid for already


class DocumentIntelligence:
    """OcrEngine on the service. `credential`: a key, or what gives tokens. The client is built when first asked for."""

    name = "document-intelligence-read"

    def __init__(self, endpoint: str, credential: Any, *, poll_seconds: float = POLL_SECONDS, **transport: Any) -> None:
        """`credential` is an AzureKeyCredential or an AsyncTokenCredential; `transport` goes to the SDK's client."""
        self._endpoint = endpoint.rstrip("/")
        self._credential = credential
        self._poll_seconds = poll_seconds
        self._transport = transport
        self._clients: dict[int, DocumentIntelligenceClient] = {}

    async def read(self, image: PageImage, number: int) -> Page:
        """The page as read. Raises Throttled (with the wait that the service asks for), TimedOut, Unavailable, and
        Damaged for a picture that the service refuses.
        """
        from shared.adapters.ocr.patience import OwnPace

        data = await asyncio.to_thread(_as_png, image)
        polling = OwnPace(
            self._poll_seconds,
            path_format_arguments={"endpoint": self._endpoint},
            retry_total=POLL_RETRIES,
            retry_backoff_factor=self._poll_seconds,
        )
        with our_errors():
            # Sending is not repeated here: the orchestrator waits, for as long as the service says.
            poller = await self._client().begin_analyze_document(
                MODEL, io.BytesIO(data), content_type="application/octet-stream", polling=polling, retry_total=0
            )
            result: Any = await poller.result()  # plain JSON, by `OwnPace`
        return _page(result, number)

    def _client(self) -> DocumentIntelligenceClient:
        """One client an event loop: its connections belong to that."""
        from urllib.request import getproxies

        from azure.ai.documentintelligence.aio import DocumentIntelligenceClient

        from shared.adapters.ocr.patience import OwnRetries

        loop = id(asyncio.get_running_loop())
        if loop not in self._clients:
            # Where there is no proxy, the environment is not looked at in two threads before each request.
            transport = {"retry_policy": OwnRetries(), "use_env_settings": bool(getproxies())} | self._transport
            self._clients[loop] = DocumentIntelligenceClient(self._endpoint, self._credential, **transport)
        return self._clients[loop]

    async def close(self) -> None:
        """Close the connections of this event loop."""
        if client := self._clients.pop(id(asyncio.get_running_loop()), None):
            await client.close()


def _as_png(image: PageImage) -> bytes:
    import cv2

    return bytes(cv2.imencode(".png", geometry.picture_of(image), [cv2.IMWRITE_PNG_COMPRESSION, 3])[1])


def _page(result: Json, number: int) -> Page:
    """The one page of the answer, turned upright. Raises Unavailable when the answer lacks what it must have."""
    try:
        found = result["pages"][0]
        width, height, turn = int(found.get("width") or 0), int(found.get("height") or 0), _turn(found)
        quads, texts = _lines(found, width, height, turn)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise Unavailable("The service's answer holds no page that can be understood.") from error
    if turn % 180:
        width, height = height, width
    if not texts:
        return Page(number, "", "ocr", 0.0, width, height)
    text, lines = arrange(geometry.pieces(quads, texts, width, height), cell_gap=CELL_GAP)
    weight = sum(len(line.text) for line in texts)
    confidence = sum(len(line.text) * line.confidence for line in texts) / weight
    return Page(number, text, "ocr", confidence, width, height, turn, lines)


def _turn(page: Json) -> int:
    """The clockwise turn that rights the page: the service says by how much its text is turned clockwise."""
    return -round((page.get("angle") or 0.0) / 90) * 90 % 360


def _lines(page: Json, width: int, height: int, turn: int) -> tuple[Quads, list[geometry.Text]]:
    """The lines with text, in pixels of the page after its turn, and their words."""
    import numpy as np

    across, down = (height, width) if turn % 180 else (width, height)
    quads, texts = [], []
    for line in page.get("lines") or []:
        words = tuple(
            Token(
                word["content"],
                geometry.fractions(_quad(word, width, height, turn), across, down),
                float(word["confidence"]),
            )
            for word in page.get("words") or []
            if _holds(line, word) and word["content"].strip()
        )
        if words:
            weight = sum(len(word.text) for word in words)
            sure = sum(len(word.text) * word.confidence for word in words) / weight
            quads.append(_quad(line, width, height, turn))
            texts.append(geometry.Text(" ".join(word.text for word in words), sure, words))
    return np.array(quads, np.float64).reshape(-1, 4, 2), texts


def _holds(line: Json, word: Json) -> bool:
    at = word["span"]["offset"]
    return any(span["offset"] <= at < span["offset"] + span["length"] for span in line["spans"])


def _quad(item: Json, width: int, height: int, turn: int) -> Quads:
    """The four corners (pixels, from the text's top left on) after the page was turned clockwise."""
    import numpy as np

    points = np.array(item["polygon"], np.float64).reshape(4, 2)
    for _ in range(turn // 90):
        points = np.stack([height - points[:, 1], points[:, 0]], axis=1)
        width, height = height, width
    return points
