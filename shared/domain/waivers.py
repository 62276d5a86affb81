"""Findings that a person accepts as they are, with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Findings = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Waiver:
    """One finding that was accepted: exactly this one, and no more once the record says another thing."""

    field: str
    rule: str
    value: str
    message: str
    reason: str
    by: str
    version: int = 0
    at: datetime | None = None

    def covers(self, finding: dict[str, Any]) -> bool:
        """Whether it is this very finding that was accepted."""
        return all(getattr(self, name) == finding[name] for name in ("field", "rule", "value", "message"))


def with_waivers(findings: Findings, waivers: Iterable[Waiver]) -> Findings:
    """The findings, those that were accepted with `waived`: by whom and why."""
    accepted = list(waivers)
    result = []
    for finding in findings:
        waiver = next((one for one in accepted if one.covers(finding)), None)
        result.append({**finding, "waived": {"by": waiver.by, "reason": waiver.reason}} if waiver else finding)
    return result


def still_open(findings: Findings) -> Findings:
    """The errors that nobody has accepted; warnings hold up nothing."""
    return [f for f in findings if "waived" not in f and f.get("severity", "error") == "error"]


def message_in(finding: dict[str, Any], language: str) -> str:
    """What a finding says, in Spanish for `es` where there are words for it."""
    spanish = finding.get("message_es") if language.lower().startswith("es") else ""
    return str(spanish or finding["message"])
