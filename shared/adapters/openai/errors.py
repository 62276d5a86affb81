"""The SDK's errors turned into ours, in this one place.

No text of the SDK or the provider is passed on: it may quote the key that was used or the document that was sent.
What is passed on are HTTP statuses and codes that look like codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from shared.adapters.openai.hints import wait_hint
from shared.domain.errors import (
    BadModelRequest,
    ContentFiltered,
    ModelUnusable,
    TheoGenError,
    Throttled,
    TimedOut,
    TooLong,
    Unavailable,
)

if TYPE_CHECKING:
    from openai import APIStatusError

UNAUTHORISED = (
    "The model's endpoint refused the credential (HTTP {status}). Check AZURE_OPENAI_API_KEY (or the managed "
    "identity's role 'Cognitive Services OpenAI User'), or OPENAI_API_KEY for another endpoint."
)
NOT_THERE = (
    "The model's endpoint knows no such deployment (HTTP 404). Check AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_VERSION "
    "and MODEL_DEPLOYMENT, or OPENAI_BASE_URL and MODEL_DEPLOYMENT for another endpoint."
)
QUOTA = "The model's quota is used up. Check the plan and billing of the account; waiting alone may not help."

_FILTER_CODES = {"content_filter", "content_policy_violation", "moderation_blocked", "ResponsibleAIPolicyViolation"}
_LENGTH_CODES = {"context_length_exceeded", "string_above_max_length", "exceed_context_size_error"}
_LENGTH_WORDS = re.compile(r"maximum context length|context size|context window|too many tokens", re.IGNORECASE)


def translated(error: Exception) -> TheoGenError:
    """Our error for one that the SDK raised."""
    import openai

    if isinstance(error, TheoGenError):
        return error
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return TimedOut("The model did not answer in time.")
    if isinstance(error, openai.APIStatusError):
        return _of_status(error)
    if isinstance(error, openai.APIConnectionError):
        return Unavailable("The model's endpoint could not be reached.")
    if isinstance(error, openai.APIError | ValueError):
        return Unavailable("The model's endpoint answered with something that is not its protocol.")
    return BadModelRequest(f"The model could not be asked ({type(error).__name__}). Check the model's settings.")


def _of_status(error: APIStatusError) -> TheoGenError:
    status = error.status_code
    if status == 429:
        message = QUOTA if error.code == "insufficient_quota" else "The model is busy."
        return Throttled(message, after=wait_hint(error.response.headers))
    if status in (401, 403):
        return ModelUnusable(UNAUTHORISED.format(status=status))
    if status == 404:
        return ModelUnusable(NOT_THERE)
    if status == 408:
        return TimedOut("The model did not answer in time.")
    if status == 409 or status >= 500:
        return Unavailable(f"The model's endpoint is in trouble (HTTP {status}).")
    return _of_refusal(error)


def _of_refusal(error: APIStatusError) -> TheoGenError:
    """A 4xx that says something about what was sent."""
    codes = {error.code, error.type, _inner(error.body).get("code")}
    if codes & _FILTER_CODES:
        return ContentFiltered(_filter_message(error.body))
    if error.status_code == 413 or codes & _LENGTH_CODES or _LENGTH_WORDS.search(error.message):
        return TooLong()
    return BadModelRequest(f"The model refused the request as malformed (HTTP {error.status_code}{_named(error)}).")


def _inner(body: object) -> Mapping[str, object]:
    """Azure says more in `innererror`; older versions spell it `inner_error`."""
    if not isinstance(body, Mapping):
        return {}
    inner = body.get("innererror") or body.get("inner_error")
    return inner if isinstance(inner, Mapping) else {}


def _filter_message(body: object) -> str:
    results = _inner(body).get("content_filter_result")
    results = results if isinstance(results, Mapping) else {}
    blamed = sorted(
        name
        for name, result in results.items()
        if isinstance(result, Mapping) and result.get("filtered") and re.fullmatch(r"[a-z_]{1,30}", str(name))
    )
    return f"The model's content filter blocked this text{': ' + ', '.join(blamed) if blamed else ''}."


def _named(error: APIStatusError) -> str:
    said = [part for part in (error.code, error.param) if part and re.fullmatch(r"[a-z_]{1,40}", part)]
    return f": {', '.join(said)}" if said else ""
