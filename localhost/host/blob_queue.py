"""Runs blob-triggered functions from the host's queue: five tries, then the poison queue."""

import asyncio
import json
import logging
from typing import Any

from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
from azure.functions import meta
from azure.storage.queue import QueueMessage

from localhost.host.blob_trigger import BlobFunction, Storage
from localhost.host.invoker import Invoker, log_failure

log = logging.getLogger("localhost.host")

VISIBILITY = 60
LARGEST_BATCH = 32


class BlobQueue:
    """Takes messages as places become free and gives each blob, whole, to its function."""

    def __init__(
        self,
        storage: Storage,
        functions: list[BlobFunction],
        invoker: Invoker,
        parallel: int,
        tries: int,
        interval: float,
    ) -> None:
        self._storage = storage
        self._functions = {item.id: item for item in functions}
        self._invoker = invoker
        self._parallel = parallel
        self._tries = tries
        self._interval = interval
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Take messages for ever; a storage that cannot be reached is tried again."""
        while True:
            free = min(LARGEST_BATCH, self._parallel - len(self._running))
            taken = await self._take(free) if free > 0 else 0
            if not taken:
                await asyncio.sleep(self._interval)

    async def finish(self, patience: float) -> None:
        """Wait for what runs; what is abandoned becomes visible again by itself."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=patience)
            for task in late:
                task.cancel()

    async def _take(self, count: int) -> int:
        taken = 0
        try:
            async for message in self._storage.queue.receive_messages(
                max_messages=count, visibility_timeout=VISIBILITY, messages_per_page=count
            ):
                task = asyncio.create_task(self._handle(message))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
                taken += 1
        except AzureError as error:
            log.warning("the queue of blob messages cannot be read: %s", type(error).__name__)
        return taken

    async def _handle(self, message: QueueMessage) -> None:
        keeper = asyncio.create_task(self._keep_hidden(message))
        try:
            body = _body(message)
            function = self._functions.get(body.get("FunctionId", ""))
            succeeded = function is not None and await self._attempt(function, body)
        except AzureError as error:
            log.warning("a blob could not be read: %s; it is tried again", type(error).__name__)
            return
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
        await self._settle(message, function, succeeded)

    async def _attempt(self, wanted: BlobFunction, body: dict[str, Any]) -> bool:
        loaded = await self._load(wanted, body)
        if loaded is None:
            return True
        try:
            await self._invoker.invoke(wanted.function, *loaded)
            return True
        except Exception as error:
            log_failure(wanted.function, error)
            return False

    async def _load(
        self, wanted: BlobFunction, body: dict[str, Any]
    ) -> tuple[meta.Datum, dict[str, meta.Datum]] | None:
        """Read a blob whole; None if it has gone or has changed, for the new version is noted on its own."""
        container, name = body["ContainerName"], body["BlobName"]
        blob = self._storage.service(wanted.connection).get_blob_client(container, name)
        try:
            stream = await blob.download_blob()
            if str(stream.properties.etag).strip('"') != body["ETag"].strip('"'):
                return None
            content = await stream.readall()
        except ResourceNotFoundError:
            return None
        placeholders = {key: _text(value) for key, value in (wanted.pattern.match(name) or {}).items()}
        metadata = {
            **placeholders,
            "BlobTrigger": _text(f"{container}/{name}"),
            "Uri": _text(blob.url),
            "Properties": meta.Datum(json.dumps(_properties(stream.properties)), "json"),
            "Metadata": meta.Datum(json.dumps(dict(stream.properties.metadata or {})), "json"),
        }
        return meta.Datum(content, "bytes"), metadata

    async def _settle(self, message: QueueMessage, wanted: BlobFunction | None, succeeded: bool) -> None:
        try:
            if succeeded or wanted is None:
                await self._storage.queue.delete_message(message)
            elif (message.dequeue_count or 1) >= self._tries:
                log.error("%s failed %d times; its message is now in the poison queue", wanted.id, self._tries)
                await self._storage.put_poison(wanted.connection, message.content)
                await self._storage.queue.delete_message(message)
            else:
                await self._storage.queue.update_message(message, visibility_timeout=0)
        except HttpResponseError as error:
            log.warning("a blob message could not be settled: %s; it comes again", type(error).__name__)

    async def _keep_hidden(self, message: QueueMessage) -> None:
        while True:
            await asyncio.sleep(VISIBILITY / 2)
            kept = await self._storage.queue.update_message(message, visibility_timeout=VISIBILITY)
            message.pop_receipt = kept.pop_receipt


def _body(message: QueueMessage) -> dict[str, Any]:
    """Read a message; one that somebody else put there names no function and is dropped."""
    try:
        body = json.loads(message.content)
    except ValueError:
        body = None
    if not isinstance(body, dict) or "FunctionId" not in body:
        log.warning("a message in the queue of blobs is not one of this host's and is dropped")
        return {}
    return body


def _properties(properties: Any) -> dict[str, Any]:
    return {
        "ContentLength": properties.size,
        "ContentType": properties.content_settings.content_type,
        "ETag": properties.etag,
        "LastModified": properties.last_modified.isoformat(),
        "BlobType": str(getattr(properties.blob_type, "value", properties.blob_type)),
    }


def _text(value: str) -> meta.Datum:
    return meta.Datum(value, "string")
