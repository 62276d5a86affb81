"""What a provider may do instead of answering well. A behaviour gets the good answer's text and gives a reply."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

SECRET = "sk-this-must-never-be-shown"  # stands in error texts, as providers do quote keys


@dataclass
class Reply:
    """An HTTP reply; for status 200, `body` is the answer's text and the rest its circumstances."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    finish_reason: str = "stop"
    refusal: str | None = None


@dataclass(frozen=True)
class Behaviour:
    """`act` makes the reply from the good answer and the request's body."""

    name: str
    act: Callable[[str, dict[str, Any]], Awaitable[Reply]]


def _text(name: str, change: Callable[[str], str], **circumstances: Any) -> Behaviour:
    async def act(good: str, body: dict[str, Any]) -> Reply:
        return Reply(body=change(good), **circumstances)

    return Behaviour(name, act)


def _error(name: str, status: int, error: Any, headers: dict[str, str] | None = None) -> Behaviour:
    async def act(good: str, body: dict[str, Any]) -> Reply:
        # What is sent comes back in the message: providers do that, and we must not pass it on.
        said = json.dumps(body.get("messages") or body.get("input"), ensure_ascii=False)[:2000]
        told = {
            "message": f"{error.get('message', name)} {SECRET} {said}",
            **{k: error[k] for k in error if k != "message"},
        }
        return Reply(status, {"error": told}, headers or {})

    return Behaviour(name, act)


good = _text("good", lambda text: text)
fenced = _text("fenced", lambda text: f"```json\n{text}\n```")
noisy = _text("noisy", lambda text: f"Sure! Here is what I found:\n\n{text}\n\nLet me know if you need more.")
control_characters = _text(
    "control_characters", lambda text: "\ufeff" + text.replace('": "', '": "\n\t\x0b', 1) + "\x00"
)
trailing_commas = _text("trailing_commas", lambda text: text[:-1].rstrip() + ",}")
thinking_aloud = _text("thinking_aloud", lambda text: f"<think>maybe {{this}} or [that</think>{text}")
cut_with_length = _text("cut_with_length", lambda text: text[: len(text) * 2 // 3], finish_reason="length")
cut_with_stop = _text("cut_with_stop", lambda text: text[: len(text) * 2 // 3])
cut_between_items = _text("cut_between_items", lambda text: text[: text.rindex("}", 0, len(text) - 1) + 1])
wrong_form = _text("wrong_form", lambda text: '{"answer": 42}')
prose = _text("prose", lambda text: "I would rather talk about something else.")
empty = _text("empty", lambda text: "")
refused = _text("refused", lambda text: "", refusal="I cannot help with that.")
filtered_answer = _text("filtered_answer", lambda text: text[:20], finish_reason="content_filter")

failing = _error("failing", 500, {"message": "The server had an error", "type": "server_error"})
unauthorised = _error("unauthorised", 401, {"message": f"Incorrect API key: {SECRET}", "code": "invalid_api_key"})
missing = _error("missing", 404, {"message": "The API deployment does not exist", "code": "DeploymentNotFound"})
bad_request = _error("bad_request", 400, {"message": "Nonsense", "code": "invalid_value", "param": "messages"})
too_long = _error("too_long", 400, {"message": "Too long", "code": "context_length_exceeded", "param": "messages"})
too_long_in_words = _error("too_long_in_words", 400, {"message": "This model's maximum context length is 8192 tokens"})
no_quota = _error("no_quota", 429, {"message": "You exceeded your quota", "code": "insufficient_quota"})
filtered = _error(
    "filtered",
    400,
    {
        "message": "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        "type": None,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": {
            "code": "ResponsibleAIPolicyViolation",
            "content_filter_result": {
                "hate": {"filtered": False, "severity": "safe"},
                "violence": {"filtered": True, "severity": "medium"},
            },
        },
    },
)
filtered_inside = _error(
    "filtered_inside",
    400,
    {"message": "Blocked", "code": "BadRequest", "innererror": {"code": "ResponsibleAIPolicyViolation"}},
)


def throttled(**headers: str) -> Behaviour:
    """429 with these headers (`retry_after="3"` is `retry-after: 3`)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return _error("throttled", 429, {"message": "Rate limit reached", "code": "rate_limit_exceeded"}, named)


def slow(seconds: float) -> Behaviour:
    """The good answer, late."""

    async def act(text: str, body: dict[str, Any]) -> Reply:
        await asyncio.sleep(seconds)
        return Reply(body=text)

    return Behaviour("slow", act)


def refusing(parameter: str, unless: Callable[[Any], bool] = lambda value: False, *, named: bool = True) -> Behaviour:
    """400 whenever the request has the parameter (and `unless` does not like its value), else the good answer."""
    error: dict[str, Any] = {"message": f"Unsupported parameter: '{parameter}'", "code": "unsupported_parameter"}
    refusal = _error(f"refusing_{parameter}", 400, error | ({"param": parameter} if named else {}))

    async def act(text: str, body: dict[str, Any]) -> Reply:
        if parameter in body and not unless(body[parameter]):
            return await refusal.act(text, body)
        return Reply(body=text)

    return Behaviour(refusal.name, act)


def raw(text: str) -> Behaviour:
    """Exactly this text as the answer."""
    return _text("raw", lambda good: text)
