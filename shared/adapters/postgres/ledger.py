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
    """`Ledger` and `EmbeddingLedger`; each method is a transaction of its own, committed when it returns."""

    def __init__(self, database: Database, prices: Prices | None = None) -> None:
        """`prices` say what an answer costs; the cost stands beside it, and in the tenant's sum of the month."""
        self._database, self._prices = database, prices or Prices()

    async def find(self, tenant_id: str, key: str) -> ModelAnswer | None:
        """The stored answer."""
        async with self._database.tenant_connection(tenant_id) as db:
            row = await db.fetchrow(
                "select answer, model, region, prompt_tokens, completion_tokens, cached_tokens from model_calls "
                "where tenant_id = $1 and key = $2 and state = 'answered'",
                tenant_id, key,
            )  # fmt: skip
        if row is None:
            return None
        usage = Usage(row["prompt_tokens"], row["completion_tokens"], row["cached_tokens"])
        return ModelAnswer(row["answer"], row["model"], usage, row["region"])

    async def begin(self, call: ModelCall) -> None:
        """A line before the call, so that a call whose answer was lost with the process is on record as well."""
        async with self._database.tenant_connection(call.tenant_id) as db:
            await db.execute(
                "insert into model_calls as m (tenant_id, key, project_id, purpose, deployment, prompt_version, "
                "input_sha256, state) values ($1, $2, $3, $4, $5, $6, $7, 'asked') on conflict (tenant_id, key) do update "
                "set attempts = m.attempts + 1, asked_at = now(), state = 'asked' where m.state <> 'answered'",
                call.tenant_id, call.key, call.project_id, call.purpose, call.deployment, call.prompt_version,
                call.input_sha256,
            )  # fmt: skip

    async def finish(self, call: ModelCall, answer: ModelAnswer) -> None:
        """The first answer stays, and is counted once."""
        async with self._database.tenant_connection(call.tenant_id) as db:
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
            "with stored as (update model_calls set state = 'answered', answer = $3, model = $4, region = $5, "
            "prompt_tokens = $6, completion_tokens = $7, cached_tokens = $8, cost = $9, error_code = null, "
            "answered_at = now() where tenant_id = $1 and key = $2 and state <> 'answered' returning *), "
            "spent as (insert into tenant_spending as s (tenant_id, month, cost) "
            "select $1, date_trunc('month', now() at time zone 'utc')::date, cost from stored where cost > 0 "
            "on conflict (tenant_id, month) do update set cost = s.cost + excluded.cost) "
            "insert into model_usage as u (tenant_id, deployment, purpose, calls, tokens, cost) "
            "select $1, deployment, purpose, 1, prompt_tokens + completion_tokens, coalesce(cost, 0) from stored "
            "on conflict (tenant_id, deployment, purpose) do update set calls = u.calls + 1, "
            "tokens = u.tokens + excluded.tokens, cost = u.cost + excluded.cost",
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
