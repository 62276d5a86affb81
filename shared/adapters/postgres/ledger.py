"""The ledger of model calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared import metering, tracing
from shared.domain.analysis import ModelAnswer, ModelCall, Usage
from shared.domain.prices import Prices

if TYPE_CHECKING:
    from shared.adapters.postgres.database import Database


class PostgresLedger:
    """`Ledger` on table `model_calls`; each method is a transaction of its own, committed when it returns.

    All but the rare `fail` are functions of the database that name the tenant themselves (migration 0012): one round
    trip each.
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
        cost = self._prices.cost(call.deployment, answer.usage)
        if cost is not None:
            tracing.note(theogen__cost=float(cost))
            metering.spent(call.deployment, float(cost))
        async with self._database.connection() as db:
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
