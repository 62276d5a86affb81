"""Requests on queues: how each looks as a message, and sending them on later when they cannot be dealt with now.

A body is a JSON object of ids under names of our own: Azure's host overrides a message's metadata by properties of the
body that have the same name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.batches import Item
from shared.domain.document import Document
from shared.domain.errors import NoQueue, Transient
from shared.domain.runs import Run
from shared.ports import Ports, WorkMessage
from shared.steps.events import log_event

POSTPONED = "postponed"
FIRST_DELAY, LONGEST_DELAY = 5, 600
# With delays of ten minutes at most, more than a day; after that the message is given up and buried.
MOST_POSTPONED = 150


def import_request(document: Document) -> WorkMessage:
    """Start a document that is registered."""
    body = {key: getattr(document, key) for key in ("tenant_id", "project_id", "document_id")}
    return WorkMessage(f"import-{document.document_id}-{document.attempt}", body)


def item_request(item: Item) -> WorkMessage:
    """Make a document of a batch's blob, and start it."""
    body = {key: getattr(item, key) for key in ("tenant_id", "project_id", "batch_id", "item_id")}
    return WorkMessage(f"item-{item.item_id}-{item.attempt}", body)


def theory_request(run: Run) -> WorkMessage:
    """Start a run that could not be started at once."""
    body = {key: getattr(run, key) for key in ("tenant_id", "project_id", "run_id")}
    return WorkMessage(f"theory-{run.run_id}", body)


async def enqueue(queue: str, messages: Sequence[WorkMessage], ports: Ports) -> bool:
    """Whether they were sent. What was not sent is on record as waiting, and the timer starts it."""
    if not messages:
        return True
    try:
        await ports.work.send(queue, messages)
    except (Transient, NoQueue) as error:
        log_event("enqueue_failed", queue=queue, messages=len(messages), error=error.code)
        return False
    return True


def first_id(message_id: str) -> str:
    """The id of the message of which this may be a copy."""
    return message_id.partition("~")[0]


async def postpone(queue: str, message_id: str, body: bytes, properties: Mapping[str, Any], ports: Ports) -> bool:
    """Send a copy of a message to come later, twice as late each time; False when it has been sent often enough.

    An abandoned message comes back at once, and its deliveries are used up within seconds: a database that is away for
    a minute would make a dead letter of every request. Raises when the copy cannot be sent: then the original stays.
    """
    times = int(properties.get(POSTPONED, 0))
    if times >= MOST_POSTPONED:
        return False
    kept = {key: value for key, value in properties.items() if isinstance(value, str | int)}
    copy = WorkMessage(f"{first_id(message_id)}~{times + 1}", body, {**kept, POSTPONED: times + 1})
    await ports.work.send(queue, [copy], delay=min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(times, 10)))
    log_event("request_postponed", queue=queue, times=times + 1)
    return True
