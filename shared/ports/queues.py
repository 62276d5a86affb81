"""Queues of requests, and archives that hold many files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

TRACE = "traceparent"  # the property that holds the trace in which a message was sent


@dataclass(frozen=True, slots=True)
class WorkMessage:
    """A request on a queue. A queue drops a message whose `id` it has seen within the last ten minutes.

    `body` is a small JSON object of ids, or the bytes of a message that is sent on as it came; what else there is to
    say about it stands in `properties`.
    """

    id: str
    body: Mapping[str, Any] | bytes
    properties: Mapping[str, str | int] = field(default_factory=dict)


class WorkQueue(Protocol):
    """Sends requests; triggers receive them."""

    async def send(self, queue: str, messages: Sequence[WorkMessage], *, delay: float = 0) -> None:
        """Send all, many at a time, to be received after `delay` seconds; on an error some may have been sent."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive; one that cannot be unpacked has no data and an error's code and message."""

    name: str
    data: bytes | None
    error_code: str | None = None
    error_message: str | None = None


class Archives(Protocol):
    """Opens archives under limits; their content is untrusted."""

    def names(self, data: bytes) -> list[str]:
        """The files in it, without folders and what systems leave behind; raises Damaged, Encrypted, TooLarge."""

    def members(self, data: bytes, names: Sequence[str]) -> Iterator[Member]:
        """These files one by one. Blocking: for a thread."""
