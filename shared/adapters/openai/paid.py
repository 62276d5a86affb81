"""Embeddings that cost money: text by text through the ledger, call by call through the budget of the fleet."""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack

from shared.adapters.openai.embedder import BATCH, BLANK, OpenAIEmbedder
from shared.domain.analysis import ModelAnswer, ModelCall
from shared.domain.turns import Turns
from shared.paying import PaidCalls
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
        self._model, self._ledger = model, ledger
        self._calls = PaidCalls("embeddings", ledger, budget)
        self._turns = Turns()
        self._recent: OrderedDict[tuple[str, bytes], bytes] = OrderedDict()

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
        call, vectors = self._call(texts, owner), dict[bytes, bytes]()

        async def ask() -> ModelAnswer:
            found = await self._model.ask(texts)
            vectors.update(zip(missing, map(_packed, found.vectors), strict=True))
            return ModelAnswer("", found.model, found.usage, found.region)

        async def keep(answer: ModelAnswer) -> None:
            await self._ledger.finish_embedding(call, answer, self.name, vectors)

        await self._calls.make(call, _estimate(texts), ask, keep)
        return vectors

    def _call(self, texts: Sequence[str], owner: Owner) -> ModelCall:
        """The ledger's line. The key holds model and texts, and nothing of document, project or time."""
        sent = hashlib.sha256(json.dumps([texts], separators=(",", ":")).encode()).hexdigest()
        key = hashlib.sha256(f"{PURPOSE}:{self.name}:{sent}".encode()).hexdigest()
        deployment = self._model.deployment
        return ModelCall(key, owner.tenant_id, owner.project_id, PURPOSE, deployment, str(self.dimensions), sent)

    def _remember(self, tenant_id: str, known: Mapping[bytes, bytes]) -> None:
        for digest, packed in known.items():
            self._recent[tenant_id, digest] = packed
            self._recent.move_to_end((tenant_id, digest))
        while len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)


def _estimate(texts: Sequence[str]) -> int:
    """Tokens that a call will take, about: one for three to four characters."""
    return sum(map(len, texts)) * 2 // 7 + 1


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _packed(vector: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(vector)}e", *vector)


def _unpacked(packed: bytes) -> list[float]:
    """Of unit length again: half precision has three digits."""
    vector = struct.unpack(f"<{len(packed) // 2}e", packed)
    length = math.sqrt(math.fsum(value * value for value in vector))
    return [value / length for value in vector] if length else list(vector)
