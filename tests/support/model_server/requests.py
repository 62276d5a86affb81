"""Requests as the server sees them."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

_BLOCK = re.compile(r"<<<([A-Z]+) ([0-9a-f]{8})\n(.*?)\n\1 \2>>>", re.DOTALL)
_SAID_SCHEMA = re.compile(r"\n\nJSON schema of the answer, (\w+):\n(\{.*\})\Z", re.DOTALL)


def digest(*parts: object) -> str:
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass
class Asked:
    """One request: what it is about, and what became of it. `input_sha256` is that of the ledger's line."""

    path: str
    model: str
    body: dict[str, Any]
    headers: dict[str, str] = field(repr=False)
    at: float = 0.0
    status: int | None = None
    behaviour: str = ""

    @property
    def system(self) -> str:
        """The system message without a schema that was said in it."""
        return _SAID_SCHEMA.sub("", self._message("system"))

    @property
    def user(self) -> str:
        return self._message("user")

    @property
    def purpose(self) -> str:
        if "input" in self.body:
            return "embedding"
        wanted = self.body.get("response_format", {}).get("json_schema", {}).get("name")
        said = _SAID_SCHEMA.search(self._message("system"))
        return wanted or (said.group(1) if said else "")

    @property
    def input_sha256(self) -> str:
        return digest(self.body["input"]) if "input" in self.body else digest(self.system, self.user)

    @property
    def text_sha256s(self) -> list[str]:
        """Of texts to embed, each by itself."""
        given = self.body.get("input", [])
        return [digest(text) for text in ([given] if isinstance(given, str) else given)]

    @property
    def key(self) -> str:
        """The same question to the same model has the same key, whatever parameters come with it."""
        return digest(self.model, self.purpose, self.input_sha256)

    def blocks(self) -> dict[str, str]:
        """The fenced material, by name."""
        return {name: text for name, _, text in _BLOCK.findall(self.user)}

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A block with one JSON object a line."""
        lines = self.blocks().get(name, "").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def _message(self, role: str) -> str:
        return next((str(m["content"]) for m in self.body.get("messages", []) if m["role"] == role), "")
