"""What a request to the HTTP API says: its JSON body and its query, or BadRequestError."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from aiohttp import web

from localhost.durable.management import NOT_JSON, BadRequestError, parse_json
from localhost.durable.queries import Filter

_WRONG = "One or more of the arguments submitted is incorrect"


async def read_body(request: web.Request) -> str:
    """Return the body, JSON as it was written; an empty one means null."""
    try:
        text = (await request.text()).strip() or "null"
    except (UnicodeDecodeError, LookupError) as error:  # not in the encoding that it names, or that is unknown
        raise BadRequestError(NOT_JSON) from error
    parse_json(text)
    return text


def flag(text: str | None, default: bool = False) -> bool:
    """Read a truth value."""
    return default if text is None else text.casefold() == "true"


def number(text: str) -> float:
    """Read a number that counts or measures something."""
    try:
        found = float(text)
    except ValueError as error:
        raise BadRequestError(_WRONG) from error
    if not math.isfinite(found) or found < 0:
        raise BadRequestError(_WRONG)
    return found


def which(query: Mapping[str, str]) -> Filter:
    """Read which instances are meant."""
    statuses = tuple(part.strip() for part in query.get("runtimeStatus", "").split(",") if part.strip())
    return Filter(
        _time(query.get("createdTimeFrom")),
        _time(query.get("createdTimeTo")),
        statuses,
        query.get("instanceIdPrefix", ""),
    )


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        # A blank stands where a client left the plus sign of an offset unescaped.
        found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError as error:
        raise BadRequestError(_WRONG) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
