"""Alert rules, and which of them fire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """Fires while a signal of this name is above the threshold. `severity` 0 (critical) to 4, as in Azure."""

    name: str
    signal: str
    threshold: float
    severity: int
    description: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Signal:
    """One measurement of the fleet: `queue_depth` of a queue, `stage_p95_seconds` of a stage …

    What belongs to one tenant (`batch_failed_share` of a batch) says so: other tenants do not see it.
    """

    name: str
    subject: str
    value: float
    tenant_id: str | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule with the signals that are above its threshold, the highest first; none: it is silent."""

    rule: Rule
    signals: tuple[Signal, ...]

    @property
    def fires(self) -> bool:
        """Whether anything is above the threshold."""
        return bool(self.signals)


def alerts(rules: Sequence[Rule], signals: Iterable[Signal]) -> list[Alert]:
    """Every rule, in order, with what is above its threshold."""
    ordered = sorted(signals, key=lambda signal: (-signal.value, signal.subject))
    return [
        Alert(rule, tuple(s for s in ordered if s.name == rule.signal and s.value > rule.threshold)) for rule in rules
    ]
