"""Whether every quote of a theory stands where it says: asked of the app's own text, one character after the other."""

from __future__ import annotations

from dataclasses import dataclass

from localhost.demo.api import Api, Json
from localhost.demo.errors import DemoError


@dataclass(frozen=True, slots=True)
class Checked:
    """How many different quotes there are, and those that do not resolve, each with the reason."""

    quotes: int
    wrong: tuple[tuple[Json, str], ...]

    @property
    def is_sound(self) -> bool:
        """All of them resolve, and there is at least one: a theory without quotes proves nothing."""
        return self.quotes > 0 and not self.wrong


def evidence_of(theory: Json) -> list[Json]:
    """Every different quote of the theory, from relations and from both sides of propositions."""
    found = [evidence for relation in theory["relations"] for evidence in relation["evidence"]]
    for proposition in theory["propositions"]:
        found += [*proposition["supporting"], *proposition["contradicting"]]
    places = {(e["document_id"], e["start"], e["end"], e["quote"]): e for e in found}
    return list(places.values())


def check_quotes(api: Api, theory: Json) -> Checked:
    """Look every quote up in its document's text (offsets are code points, `[start, end)`)."""
    texts: dict[str, str | None] = {}
    wrong: list[tuple[Json, str]] = []
    evidence = evidence_of(theory)
    for each in evidence:
        document_id = each["document_id"]
        if document_id not in texts:
            texts[document_id] = _text(api, document_id)
        reason = _what_is_wrong(each, texts[document_id])
        if reason:
            wrong.append((each, reason))
    return Checked(len(evidence), tuple(wrong))


def _text(api: Api, document_id: str) -> str | None:
    try:
        return api.text(document_id)
    except DemoError:
        return None


def _what_is_wrong(evidence: Json, text: str | None) -> str:
    start, end = evidence["start"], evidence["end"]
    if text is None:
        return "its document's text cannot be had"
    if not 0 <= start < end <= len(text):
        return f"characters {start}-{end} are not in a text of {len(text)}"
    found = text[start:end]
    return "" if found == evidence["quote"] else f"characters {start}-{end} say “{found}”"
