"""What one endpoint accepts of the protocol. Endpoints differ, so a refused parameter is dropped and remembered."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from shared.domain.analysis import ModelRequest

FORMATS = ("json_schema", "json_object", "text")
SEED = 7
ROOM_TO_THINK = 4  # models that want the new name count their thinking against the limit

_NAMES = {
    "format": re.compile(r"response_format|json_schema|json_object"),
    "token_name": re.compile(r"\bmax_tokens\b"),
    "temperature": re.compile(r"\btemperature\b"),
    "seed": re.compile(r"\bseed\b"),
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How far one had to step back: the answer's format, temperature, seed, and what the token limit is called."""

    format: int = 0
    temperature: bool = True
    seed: bool = True
    new_token_name: bool = False

    def arguments(self, request: ModelRequest) -> dict[str, Any]:
        """The request as arguments of `chat.completions.create`, without the model."""
        wanted: dict[str, Any] = {
            "messages": [
                {"role": "system", "content": self._system(request)},
                {"role": "user", "content": request.user},
            ],
        }
        if self.new_token_name:
            wanted["max_completion_tokens"] = request.max_tokens * ROOM_TO_THINK
        else:
            wanted["max_tokens"] = request.max_tokens
        if self.format == 0:
            schema = {"name": request.schema_name, "strict": True, "schema": request.schema}
            wanted["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif self.format == 1:
            wanted["response_format"] = {"type": "json_object"}
        if self.temperature:
            wanted["temperature"] = 0
        if self.seed:
            wanted["seed"] = SEED
        return wanted

    def _system(self, request: ModelRequest) -> str:
        """Where the endpoint does not hold the model to the schema, the schema is said."""
        if self.format == 0:
            return request.system
        schema = json.dumps(request.schema, ensure_ascii=False, sort_keys=True)
        return f"{request.system}\n\nJSON schema of the answer, {request.schema_name}:\n{schema}"

    def without(self, param: str | None, message: str) -> Dialect | None:
        """The next dialect to try after a refusal that names a parameter; None when there is nothing to give up."""
        said = param or message
        named = next((name for name, pattern in _NAMES.items() if pattern.search(said)), None)
        if named == "format" and self.format + 1 < len(FORMATS):
            return replace(self, format=self.format + 1)
        if named == "token_name" and not self.new_token_name:
            return replace(self, new_token_name=True)
        if named == "temperature" and self.temperature:
            return replace(self, temperature=False)
        if named == "seed" and self.seed:
            return replace(self, seed=False)
        return None

    def joined(self, other: Dialect) -> Dialect:
        """Both refusals remembered: calls that run side by side learn from each other and never step back twice."""
        return Dialect(
            max(self.format, other.format),
            self.temperature and other.temperature,
            self.seed and other.seed,
            self.new_token_name or other.new_token_name,
        )
