"""Limits that hold for the whole fleet: what a tenant may ask and spend, and what a model deployment can take."""

from __future__ import annotations

from typing import Protocol


class ModelBudget(Protocol):
    """One limiter for each model deployment, shared by all workers and fair between tenants."""

    async def reserve(self, tenant_id: str, deployment: str, key: str, tokens: int) -> None:
        """Return when the call may be made; `tokens` is what it will take, estimated.

        Raises Throttled with the seconds to wait where they are too many to sit out; asking again under the same
        `key` then finds the slot that was kept. Raises SpendingLimit when the tenant has spent what it may.
        """

    async def settle(self, deployment: str, reserved: int, used: int) -> None:
        """Give back the tokens that were reserved and not used, or take those that were used beyond.

        Called after every call; `used` is 0 when it failed, and more tells that the provider is not too busy any more.
        """

    async def hold(self, deployment: str, after: float | None) -> float:
        """The provider throttled a call: nobody asks it for so many seconds (None: it said nothing of use).

        Gives the seconds after which to ask for leave again.
        """


class Quotas(Protocol):
    """What a tenant may ask, within its own transaction."""

    async def admit(self, kind: str, a_minute: int) -> float:
        """Count one request of this kind in the last 60 seconds: 0, or the seconds until there is room again.

        Exact under concurrency: requests of one tenant and kind take turns. A refused one is not counted.
        """

    async def stored(self) -> int:
        """Bytes of all the tenant's originals."""
