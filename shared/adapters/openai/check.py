"""Whether a model deployment answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.domain.analysis import ModelRequest
from shared.domain.errors import MalformedAnswer, NotReady, TheoGenError, Throttled, Truncated

if TYPE_CHECKING:
    from shared.adapters.openai.client import OpenAIClient

_QUESTION = ModelRequest(
    "check", "1", 'Answer with the JSON object {"ok": true}.', "Are you there?", "check",
    {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"], "additionalProperties": False},
    max_tokens=16,
)  # fmt: skip


async def check_model(client: OpenAIClient) -> str:
    """One question of a few tokens. A busy model is there all the same; so is one whose answer is no use."""
    try:
        await client.complete(_QUESTION)
    except Throttled:
        return f"{client.deployment} is there, and busy"
    except (Truncated, MalformedAnswer):
        return f"{client.deployment} answers"
    except TheoGenError as error:
        raise NotReady(
            f"{client.deployment}: {error}",
            "See AZURE_OPENAI_ENDPOINT or OPENAI_BASE_URL, its key or identity, and MODEL_DEPLOYMENT, "
            "which must exist there.",
        ) from error
    return f"{client.deployment} answers"
