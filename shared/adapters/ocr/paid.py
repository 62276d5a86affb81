"""An engine that costs money: its pages go through the ledger, its calls through the budget of the fleet."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import asdict, replace

from shared.domain.analysis import ModelAnswer, ModelCall, Usage
from shared.domain.document import Line, Page, Word
from shared.domain.turns import Turns
from shared.paying import PaidCalls
from shared.ports import Ledger, ModelBudget, OcrEngine, PageImage

DEPLOYMENT = "document-intelligence"
PURPOSE = "ocr"


class PaidOcr:
    """`OcrEngine` over another one. A picture that was read for a tenant is not sent again, whatever document it is in.

    Pictures that belong to nobody (`owner` is None) go straight to the engine.
    """

    def __init__(self, engine: OcrEngine, ledger: Ledger, budget: ModelBudget, *, region: str = "") -> None:
        """`region`: where the engine is, for the record; it does not say so itself."""
        self.name = engine.name
        self._engine, self._ledger = engine, ledger
        self._calls = PaidCalls(PURPOSE, ledger, budget)
        self._region = region or None
        self._turns = Turns()

    async def read(self, image: PageImage, number: int) -> Page:
        """The page as it was read now or before. Raises what the engine raises, and Throttled of the budget."""
        if image.owner is None:
            return await self._engine.read(image, number)
        call = await asyncio.to_thread(_call, image, self.name)
        async with self._turns.turn((call.tenant_id, call.key)):
            answer = await self._ledger.find(call.tenant_id, call.key) or await self._calls.make(
                call, 1, lambda: self._read(image), lambda answer: self._ledger.finish(call, answer)
            )
        return replace(_page(answer.text), number=number)

    async def _read(self, image: PageImage) -> ModelAnswer:
        """The page as it is stored; what is counted and priced is the page."""
        page = json.dumps(asdict(await self._engine.read(image, 1)), ensure_ascii=False)
        return ModelAnswer(page, self.name, Usage(prompt_tokens=1), self._region)


def _call(image: PageImage, engine: str) -> ModelCall:
    """The ledger's line. The key holds the engine and the pixels, and nothing of document, project or time."""
    assert image.owner is not None
    pixels = hashlib.sha256(f"{image.width}x{image.height}:".encode() + image.data).hexdigest()
    key = hashlib.sha256(f"{PURPOSE}:{engine}:{pixels}".encode()).hexdigest()
    return ModelCall(key, image.owner.tenant_id, image.owner.project_id, PURPOSE, DEPLOYMENT, engine, pixels)


def _page(text: str) -> Page:
    """A page as it was stored."""
    plain = json.loads(text)
    return Page(**plain | {"lines": tuple(map(_line, plain["lines"]))})


def _line(plain: dict[str, object]) -> Line:
    words = tuple(Word(**word | {"box": tuple(word["box"])}) for word in plain["words"])  # type: ignore[attr-defined]
    box = plain["box"]
    return Line(**plain | {"box": tuple(box) if box else None, "words": words})  # type: ignore[arg-type]
