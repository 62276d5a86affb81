"""What the engine keeps and passes on: messages, activities, instances, and what one episode reads and changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from localhost.durable.protocol import Event, Status

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """Return a time as an integer: a float would round a timer past the moment it fires."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """Return the time of an integer of the store."""
    return _EPOCH + timedelta(microseconds=at)


@dataclass(frozen=True)
class Message:
    """An event on its way to an instance; without an execution id it is for whichever is current."""

    instance_id: str
    event: Event
    due: datetime
    execution_id: str | None = None


@dataclass(frozen=True, order=True)
class ActivityCall:
    """A scheduled activity that has no result yet; that of the older instance comes first."""

    since: int  # when the instance was created
    number: int
    instance_id: str
    execution_id: str
    task_id: int
    name: str
    input: str


@dataclass(frozen=True)
class NewInstance:
    """An instance to create, with the event that begins it."""

    id: str
    execution_id: str
    name: str
    version: str
    input: str
    started: Event
    parent: tuple[str, str, int] | None = None  # instance, execution, task


@dataclass
class Work:
    """What an episode begins with: the instance, its history as text, and the messages that have arrived."""

    instance: dict[str, Any]
    history: list[str]
    messages: list[Message]
    numbers: list[int]


@dataclass
class Episode:
    """All that one episode changes."""

    instance_id: str
    since: int  # when the instance was created
    consumed: Sequence[int]
    status: Status
    output: str | None = None
    custom_status: str | None = None
    history: list[Event] = field(default_factory=list)
    first: int = 0  # number of the first event of `history`
    replaces_history: bool = False
    execution_id: str | None = None
    input: str | None = None
    activities: list[tuple[str, int, str, str]] = field(default_factory=list)  # execution, task, name, input
    messages: list[Message] = field(default_factory=list)
    children: list[NewInstance] = field(default_factory=list)
