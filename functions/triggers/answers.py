"""Answers: JSON, and errors as RFC 9457 problem details with a stable code."""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import wraps
from typing import Any, TypeVar

import azure.functions as func
from pydantic import BaseModel, ValidationError

from functions.triggers.principal import sign_in
from shared import services, tracing
from shared.domain import error_texts
from shared.domain.error_texts import preferred, said
from shared.domain.errors import (
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    TheoGenError,
    Throttled,
    Transient,
    Unauthorised,
    VersionMismatch,
)

Handler = Callable[..., Awaitable[func.HttpResponse]]
Model = TypeVar("Model", bound=BaseModel)

_NO_TEXT = re.compile("[\0\ud800-\udfff]")

_STATUS: list[tuple[type[TheoGenError], int, str]] = [
    (InvalidRequest, 400, "The request is not valid"),
    (Unauthorised, 401, "Not signed in"),
    (Forbidden, 403, "Not allowed"),
    (NotFound, 404, "Not found"),
    (Conflict, 409, "Conflict"),
    (VersionMismatch, 412, "Changed meanwhile"),
    (Throttled, 429, "Too many requests"),
    (Transient, 503, "Not available now"),
    (TheoGenError, 422, "Cannot be done"),
]


# Seconds after which a caller may ask again, where nobody has said anything else.
RETRY_AFTER = 5


class WrongFields(InvalidRequest):
    """Some fields do not fit."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__()
        self.fields = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]


def answered(handler: Handler) -> Handler:
    """Turn our errors into problem details, in the caller's language. Other errors stay 500s."""

    @wraps(handler)
    async def guarded(*args: Any, **kwargs: Any) -> func.HttpResponse:
        from shared import warm

        services.observe()
        warm.begin()
        given = kwargs.get("req")
        request = given if isinstance(given, func.HttpRequest) else None
        with tracing.span(handler.__name__, _about(request), parent=_parent(request), kind="server"):
            response = await _answer(handler, request, *args, **kwargs)
            tracing.note(http__response__status_code=response.status_code)
            if response.status_code >= 500:
                tracing.failed(str(response.status_code))
            return response

    return guarded


async def _answer(handler: Handler, request: func.HttpRequest | None, *args: Any, **kwargs: Any) -> func.HttpResponse:
    language = language_of(request) if request is not None else "en"
    try:
        if request is not None:
            await sign_in(request)
        return await handler(*args, **kwargs)
    except TheoGenError as error:
        status, title = next((status, title) for kind, status, title in _STATUS if isinstance(error, kind))
        fields = getattr(error, "fields", None)  # of errors that name what does not fit
        more = {"errors": fields} if fields else {}
        response = problem(status, error.code, title, str(error), language, **more)
        if isinstance(error, Transient):
            logging.getLogger("theogen").warning("%s answered with %s: %s", handler.__name__, status, error.code)
            response.headers["Retry-After"] = str(math.ceil(getattr(error, "after", None) or RETRY_AFTER))
        return response


def _about(request: func.HttpRequest | None) -> dict[str, str]:
    """The method; not the address, whose query may hold what somebody looks for."""
    return {"http.request.method": request.method} if request is not None else {}


def _parent(request: func.HttpRequest | None) -> str:
    """The platform's own span where it has opened one, else the caller's trace."""
    if request is None or tracing.trace_id():
        return ""
    return str(request.headers.get("traceparent") or "")


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> func.HttpResponse:
    """A JSON answer."""
    text = json.dumps(body, ensure_ascii=False, default=_plain)
    return func.HttpResponse(text, status_code=status, headers=headers, mimetype="application/json")


def problem(status: int, code: str, title: str, detail: str, language: str = "en", **more: Any) -> func.HttpResponse:
    """RFC 9457 problem details, told in `language`."""
    told = {"title": error_texts.title(title, language), "status": status}
    body = {"type": f"urn:theogen:error:{code}", **told, "detail": said(code, detail, language), "code": code}
    return func.HttpResponse(
        json.dumps({**body, **more}, ensure_ascii=False),
        status_code=status,
        mimetype="application/problem+json",
        headers={"Content-Language": language},
    )


def language_of(request: func.HttpRequest, otherwise: str = "en") -> str:
    """The language that the caller's `Accept-Language` asks for, `en` or `es`."""
    return preferred(request.headers.get("accept-language"), otherwise)


def body_of(request: func.HttpRequest, model: type[Model]) -> Model:
    """The request's JSON as a model; no body counts as `{}`. Raises InvalidRequest, or WrongFields that names them."""
    raw = request.get_body() or b"{}"
    try:
        return _checked(json.loads(raw), model)
    except RecursionError:
        raise InvalidRequest("The body is nested too deeply.") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise InvalidRequest("The body is not JSON.") from None


def query_of(request: func.HttpRequest, model: type[Model]) -> Model:
    """The request's query as a model. Raises InvalidRequest, or WrongFields that names them."""
    return _checked(dict(request.params), model)


def _checked(data: Any, model: type[Model]) -> Model:
    """The data as a model, if its strings are text: JSON may hold NUL and halves of characters, Postgres may not."""
    if not _is_text(data):
        raise InvalidRequest("The request holds characters that are no text (NUL or half a character).")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise WrongFields(error) from None


def _is_text(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_text(key) and _is_text(item) for key, item in value.items())
    if isinstance(value, list):
        return all(_is_text(item) for item in value)
    return not isinstance(value, str) or not _NO_TEXT.search(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(type(value).__name__)
