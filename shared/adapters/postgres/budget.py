"""The model deployments' limiter, in the database: one for the whole fleet."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from shared.domain.errors import SpendingLimit, Throttled

if TYPE_CHECKING:
    from shared.adapters.postgres.database import Database

HORIZON = 20.0  # seconds of slots that may be booked ahead: the longest a tenant waits behind another
SAT_OUT = 4.0  # a wait this short is not worth a durable timer
SITTING = 4  # calls of a process that sit out their wait at once: they keep an activity's place from others
# Pauses for everybody when the provider throttles and does not say for how long: doubled as long as no call gets through.
UNSAID_FIRST, UNSAID_LONGEST = 0.25, 60.0


class PostgresBudget:
    """`ModelBudget` on `model_budgets` and `model_slots`; the times are the database's own."""

    def __init__(
        self,
        database: Database,
        *,
        requests_a_minute: float = 0,
        tokens_a_minute: float = 0,
        spending_limit: Decimal | None = None,
    ) -> None:
        """Rates of each deployment, 0 for no limit; `spending_limit` is a tenant's for a calendar month."""
        self._database = database
        self._requests, self._tokens = float(requests_a_minute), float(tokens_a_minute)
        self._spending_limit = spending_limit
        self._sitting = 0
        self._pauses: dict[str, tuple[float, float]] = {}  # by deployment: the last unsaid pause, and when it is over

    async def reserve(self, tenant_id: str, deployment: str, key: str, tokens: int) -> None:
        """Short waits are sat out here; longer ones are Throttled, for a durable timer to wait."""
        await self._check_spending(tenant_id)
        while True:
            wait, booked = await self._ask(tenant_id, deployment, key, tokens)
            if wait <= 0:
                return
            if wait > SAT_OUT or not booked or self._sitting >= SITTING:
                raise Throttled("The model's rate limit is used up for now.", after=wait)
            self._sitting += 1
            try:
                await asyncio.sleep(wait)
            finally:
                self._sitting -= 1

    async def settle(self, deployment: str, reserved: int, used: int) -> None:
        """Correct the estimate."""
        if used:
            self._pauses.pop(deployment, None)
        if self._tokens and reserved != used:
            async with self._database.connection() as db:
                await db.execute(
                    "select refund_model_tokens($1, $2, $3)", deployment, reserved - used, self._tokens
                )  # fmt: skip

    async def hold(self, deployment: str, after: float | None) -> float:
        """A pause for the fleet. What was refused has used nothing up: its slot is free again."""
        pause = self._unsaid(deployment) if after is None else after
        async with self._database.connection() as db:
            await db.execute("select hold_model($1, $2)", deployment, pause)
            if self._requests:
                await db.execute("select return_model_call($1, $2)", deployment, self._requests)
        return pause

    def _unsaid(self, deployment: str) -> float:
        """Short at first, as a limit by the second is over soon; calls that were under way together count as one."""
        now = time.monotonic()
        last, over = self._pauses.get(deployment, (0.0, 0.0))
        if now < over:
            return over - now
        pause = min(last * 2, UNSAID_LONGEST) or UNSAID_FIRST
        self._pauses[deployment] = (pause, now + pause)
        return pause

    async def _ask(self, tenant_id: str, deployment: str, key: str, tokens: int) -> tuple[float, bool]:
        async with self._database.connection() as db:
            row = await db.fetchrow(
                "select wait, booked from reserve_model_call($1, $2, $3, $4, $5, $6, $7)",
                deployment, tenant_id, key, tokens, self._requests, self._tokens, HORIZON,
            )  # fmt: skip
        assert row is not None  # a function gives a row
        return float(row["wait"]), bool(row["booked"])

    async def _check_spending(self, tenant_id: str) -> None:
        if self._spending_limit is None:
            return
        month = datetime.now(UTC).date().replace(day=1)
        async with self._database.tenant_connection(tenant_id) as db:
            spent = await db.fetchval(
                "select cost from tenant_spending where tenant_id = $1 and month = $2", tenant_id, month
            )  # fmt: skip
        if spent is not None and spent >= self._spending_limit:
            raise SpendingLimit(f"The month's spending limit for models ({self._spending_limit}) is reached.")
