"""Embeddings that cost money: text by text through the ledger, call by call through the budget of the fleet."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import struct
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack

from shared.adapters.openai.embedder import BATCH, BLANK, Embedded, OpenAIEmbedder
from shared.domain.analysis import ModelAnswer, ModelCall
from shared.domain.errors import TheoGenError, Throttled
from shared.domain.turns import Turns
from shared.ports import EmbeddingLedger, ModelBudget, Owner

PURPOSE = "embedding"
REMEMBERED = 256  # vectors of single texts, which are queries: people page through what they have found


class PaidEmbedder:
    """`Embedder` over a model. A text that was embedded for a tenant is not sent again, whatever it stands in.

    Vectors are kept as half-precision numbers; one that is new goes through that form too, so that it is the same now
    and later. Texts that belong to nobody (`owner` is None) go straight to the model.
    """

    def __init__(self, model: OpenAIEmbedder, ledger: EmbeddingLedger, budget: ModelBudget | None = None) -> None:
        self.name, self.dimensions = model.name, model.dimensions
        self._model, self._ledger, self._budget = model, ledger, budget
        self._turns = Turns()
        self._recent: OrderedDict[tuple[str, bytes], bytes] = OrderedDict()
        self._storing: set[asyncio.Task[None]] = set()

    async def embed(self, texts: Sequence[str], owner: Owner | None = None) -> list[list[float]]:
        """One unit vector a text, in order. Raises what model and budget raise, such as Throttled and SpendingLimit."""
        if owner is None:
            return await self._model.embed(texts)
        texts = [text if text.strip() else BLANK for text in texts]
        distinct = list(dict.fromkeys(texts))
        if len(distinct) == 1 and (known := self._recent.get((owner.tenant_id, _digest(distinct[0])))) is not None:
            return [_unpacked(known) for _ in texts]
        vectors: dict[str, list[float]] = {}
        for at in range(0, len(distinct), BATCH):
            vectors |= await self._batch(distinct[at : at + BATCH], owner)
        return [vectors[text] for text in texts]

    async def close(self) -> None:
        """Give the connections back."""
        await self._model.close()

    async def _batch(self, texts: Sequence[str], owner: Owner) -> dict[str, list[float]]:
        named = {_digest(text): text for text in texts}
        async with AsyncExitStack() as turns:
            for digest in sorted(named):  # in one order, so that no two batches wait for each other
                await turns.enter_async_context(self._turns.turn((owner.tenant_id, digest)))
            known = await self._ledger.vectors(owner.tenant_id, self.name, list(named))
            missing = {digest: text for digest, text in named.items() if digest not in known}
            if missing:
                known |= await self._paid(missing, owner)
        if len(known) == 1:
            self._remember(owner.tenant_id, known)
        return {named[digest]: _unpacked(packed) for digest, packed in known.items()}

    async def _paid(self, missing: Mapping[bytes, str], owner: Owner) -> dict[bytes, bytes]:
        texts = list(missing.values())
        call = self._call(texts, owner)
        reserved = await self._reserve(call, texts)
        await self._ledger.begin(call)
        try:
            found = await self._model.ask(texts)
        except Exception as error:
            await self._failed(call, error, reserved)
            raise
        vectors = dict(zip(missing, map(_packed, found.vectors), strict=True))
        await self._store(call, found, vectors)
        await self._settle(call.deployment, reserved, found.usage.prompt_tokens or reserved)
        return vectors

    def _call(self, texts: Sequence[str], owner: Owner) -> ModelCall:
        """The ledger's line. The key holds model and texts, and nothing of document, project or time."""
        sent = hashlib.sha256(json.dumps([texts], separators=(",", ":")).encode()).hexdigest()
        key = hashlib.sha256(f"{PURPOSE}:{self.name}:{sent}".encode()).hexdigest()
        deployment = self._model.deployment
        return ModelCall(key, owner.tenant_id, owner.project_id, PURPOSE, deployment, str(self.dimensions), sent)

    async def _reserve(self, call: ModelCall, texts: Sequence[str]) -> int:
        """Leave to make the call; gives the tokens that were reserved for it: one for three to four characters."""
        if self._budget is None:
            return 0
        tokens = sum(map(len, texts)) * 2 // 7 + 1
        await self._budget.reserve(call.tenant_id, call.deployment, call.key, tokens)
        return tokens

    async def _failed(self, call: ModelCall, error: Exception, reserved: int) -> None:
        await self._ledger.fail(call, error.code if isinstance(error, TheoGenError) else TheoGenError.code)
        if isinstance(error, Throttled) and self._budget is not None:
            error.after = await self._budget.hold(call.deployment, error.after)
        await self._settle(call.deployment, reserved, 0)

    async def _store(self, call: ModelCall, found: Embedded, vectors: dict[bytes, bytes]) -> None:
        """Also when whoever waits for the vectors is cancelled meanwhile: they have been paid for."""
        answer = ModelAnswer("", found.model, found.usage, found.region)
        task = asyncio.create_task(self._ledger.finish_embedding(call, answer, self.name, vectors))
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)
        await asyncio.shield(task)

    async def _settle(self, deployment: str, reserved: int, used: int) -> None:
        if self._budget is not None:
            await self._budget.settle(deployment, reserved, used)

    def _remember(self, tenant_id: str, known: Mapping[bytes, bytes]) -> None:
        for digest, packed in known.items():
            self._recent[tenant_id, digest] = packed
            self._recent.move_to_end((tenant_id, digest))
        while len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _packed(vector: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(vector)}e", *vector)


def _unpacked(packed: bytes) -> list[float]:
    """Of unit length again: half precision has three digits."""
    vector = struct.unpack(f"<{len(packed) // 2}e", packed)
    length = math.sqrt(math.fsum(value * value for value in vector))
    return [value / length for value in vector] if length else list(vector)
