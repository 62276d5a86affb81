"""The ledger of model calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shared import metering, tracing
from shared.domain.analysis import ModelAnswer, ModelCall, Usage
from shared.domain.prices import Prices

if TYPE_CHECKING:
    import asyncpg

    from shared.adapters.postgres.database import Database


class PostgresLedger:
    """`Ledger` and `EmbeddingLedger`; each method is a transaction of its own, committed when it returns.

    Those of every call are functions of the database that name the tenant themselves (migrations 0012 and 0015): one
    round trip each.
    """

    def __init__(self, database: Database, prices: Prices | None = None) -> None:
        """`prices` say what an answer costs; the cost stands beside it, and in the tenant's sum of the month."""
        self._database, self._prices = database, prices or Prices()

    async def find(self, tenant_id: str, key: str) -> ModelAnswer | None:
        """The stored answer."""
        async with self._database.connection() as db:
            row = await db.fetchrow(
                "select answer, model, region, prompt_tokens, completion_tokens, cached_tokens "
                "from find_model_call($1, $2)",
                tenant_id, key,
            )  # fmt: skip
        if row is None:
            return None
        usage = Usage(row["prompt_tokens"], row["completion_tokens"], row["cached_tokens"])
        return ModelAnswer(row["answer"], row["model"], usage, row["region"])

    async def begin(self, call: ModelCall) -> None:
        """A line before the call, so that a call whose answer was lost with the process is on record as well."""
        async with self._database.connection() as db:
            await db.execute(
                "select begin_model_call($1, $2, $3, $4, $5, $6, $7)",
                call.tenant_id, call.key, call.project_id, call.purpose, call.deployment, call.prompt_version,
                call.input_sha256,
            )  # fmt: skip

    async def finish(self, call: ModelCall, answer: ModelAnswer) -> None:
        """The first answer stays, and is counted once."""
        async with self._database.connection() as db:
            await self._answered(db, call, answer)

    async def vectors(self, tenant_id: str, embedder: str, texts: Sequence[bytes]) -> dict[bytes, bytes]:
        """Those that are stored."""
        async with self._database.tenant_connection(tenant_id) as db:
            rows = await db.fetch(
                "select text_sha256, vector from embeddings "
                "where tenant_id = $1 and embedder = $2 and text_sha256 = any($3::bytea[])",
                tenant_id, embedder, list(texts),
            )  # fmt: skip
        return {row["text_sha256"]: row["vector"] for row in rows}

    async def finish_embedding(
        self, call: ModelCall, answer: ModelAnswer, embedder: str, vectors: Mapping[bytes, bytes]
    ) -> None:
        """Vectors and the call's line together; the first vector of a text stays."""
        async with self._database.tenant_connection(call.tenant_id) as db:
            await db.execute(
                "insert into embeddings (tenant_id, embedder, text_sha256, vector, call_key) "
                "select $1, $2, t.text, t.vector, $5 from unnest($3::bytea[], $4::bytea[]) as t (text, vector) "
                "on conflict do nothing",
                call.tenant_id, embedder, list(vectors), list(vectors.values()), call.key,
            )  # fmt: skip
            await self._answered(db, call, answer)

    async def _answered(self, db: asyncpg.Connection, call: ModelCall, answer: ModelAnswer) -> None:
        """The line, and with it the tenant's sums of money and use."""
        cost = self._prices.cost(call.deployment, answer.usage)
        if cost is not None:
            tracing.note(theogen__cost=float(cost))
            metering.spent(call.deployment, float(cost))
        await db.execute(
            "select finish_model_call($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            call.tenant_id, call.key, answer.text.replace("\x00", ""), answer.model, answer.region,
            answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.cached_tokens, cost,
        )  # fmt: skip

    async def fail(self, call: ModelCall, code: str) -> None:
        """The call ended without an answer."""
        async with self._database.tenant_connection(call.tenant_id) as db:
            await db.execute(
                "update model_calls set state = 'failed', error_code = $3 "
                "where tenant_id = $1 and key = $2 and state <> 'answered'",
                call.tenant_id, call.key, code,
            )  # fmt: skip
