"""What model calls cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from shared.domain.analysis import Usage

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices a million tokens, (question, answer), by deployment; the currency is the one they were entered in."""

    of: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Prices:
        """`deployment=2.50/10, another=0.15/0.60`. Raises ValueError that says what is wrong."""
        found: dict[str, tuple[Decimal, Decimal]] = {}
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            name, _, prices = part.rpartition("=")
            question, _, answer = prices.partition("/")
            try:
                found[name.strip()] = pair = (Decimal(question.strip()), Decimal(answer.strip()))
            except InvalidOperation:
                pair = (Decimal(-1), Decimal(-1))
            if not name.strip() or not all(price.is_finite() and price >= 0 for price in pair):
                msg = f"{part!r} must be deployment=question/answer, prices a million tokens, such as gpt-4o=2.50/10"
                raise ValueError(msg)
        return cls(found)

    def cost(self, deployment: str, usage: Usage) -> Decimal | None:
        """What a call cost; None when the deployment's price is not known. Cached tokens count like others."""
        prices = self.of.get(deployment)
        if prices is None:
            return None
        return (usage.prompt_tokens * prices[0] + usage.completion_tokens * prices[1]) / _MILLION
