"""Dead letters: look at them, send them again, discard them. For operators."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

import azure.durable_functions as df
import azure.functions as func
from pydantic import BaseModel, ConfigDict, Field

from functions.triggers.answers import answer, answered, body_of, query_of
from functions.triggers.principal import path_id, principal_of
from shared import services
from shared.domain.dead_letters import OPEN, DeadLetter, LetterFilter
from shared.domain.errors import InvalidRequest
from shared.domain.runs import OPERATOR
from shared.steps import dead_letters

bp = df.Blueprint()

State = Literal["open", "replayed", "discarded"]


class LetterQuery(BaseModel):
    """Query of the list; without `state` the open ones."""

    state: State = "open"
    kind: str | None = None
    stage: str | None = None
    error: str | None = None
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class ReplayMany(BaseModel):
    """The body of `POST /api/dead-letters/replay`: a class of open letters, or `all` of them."""

    model_config = ConfigDict(extra="forbid")

    kind: str | None = None
    stage: str | None = None
    error: str | None = None
    all: bool = False


@bp.route(route="dead-letters", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_dead_letters(req: func.HttpRequest) -> func.HttpResponse:
    """A page of dead letters, newest first, without their payload."""
    who, query = principal_of(req, OPERATOR), query_of(req, LetterQuery)
    wanted = LetterFilter(query.state, query.kind, query.stage, query.error)
    after = str(query.after) if query.after else None
    letters = await dead_letters.list_letters(who, wanted, after, query.limit, services.ports())
    following = letters[-1].dead_letter_id if len(letters) == query.limit else None
    return answer({"items": [_shown(letter) for letter in letters], "next": following})


@bp.route(route="dead-letters/{dead_letter_id}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_dead_letter(req: func.HttpRequest) -> func.HttpResponse:
    """All about one: the original request and what happened to it."""
    letter = await dead_letters.find_letter(
        principal_of(req, OPERATOR), path_id(req, "dead_letter_id"), services.ports()
    )
    return answer({**_shown(letter), "payload": letter.payload, "trace": letter.trace})


@bp.route(route="dead-letters/replay", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def replay_dead_letters(req: func.HttpRequest) -> func.HttpResponse:
    """Send a class of them, or all, again."""
    who, wish = principal_of(req, OPERATOR), body_of(req, ReplayMany)
    if not (wish.all or wish.kind or wish.stage or wish.error):
        raise InvalidRequest("Say which: kind, stage or error; or all: true.")
    wanted = LetterFilter(OPEN, wish.kind, wish.stage, wish.error)
    replayed = await dead_letters.replay_letters(who, wanted, services.ports())
    return answer({"replayed": replayed}, 202)


@bp.route(route="dead-letters/{dead_letter_id}/replay", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def replay_dead_letter(req: func.HttpRequest) -> func.HttpResponse:
    """Send one again; twice is once."""
    letter = await dead_letters.replay_letter(
        principal_of(req, OPERATOR), path_id(req, "dead_letter_id"), services.ports()
    )
    return answer(_shown(letter), 202)


@bp.route(route="dead-letters/{dead_letter_id}/discard", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def discard_dead_letter(req: func.HttpRequest) -> func.HttpResponse:
    """Put it aside for good."""
    letter = await dead_letters.discard_letter(
        principal_of(req, OPERATOR), path_id(req, "dead_letter_id"), services.ports()
    )
    return answer(_shown(letter))


def _shown(letter: DeadLetter) -> dict[str, Any]:
    return {name: value for name, value in asdict(letter).items() if name not in {"tenant_id", "payload", "trace"}}
