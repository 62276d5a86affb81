"""Blob triggers by polling: scan containers, note each new blob in a queue, run functions from that queue.

A receipt for each (function, blob, ETag) keeps a blob from being noted twice. It is written after the
message: a crash in between gives one run too many rather than none.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob.aio import BlobServiceClient, ContainerClient
from azure.storage.queue.aio import QueueClient

from localhost.host.blob_pattern import BlobPattern
from localhost.host.connections import Connection
from localhost.host.functions import Function

log = logging.getLogger("localhost.host")

RECEIPTS = "azure-webjobs-hosts"
POISON_QUEUE = "webjobs-blobtrigger-poison"
LONGEST_PASS = 10_000


@dataclass(frozen=True)
class BlobFunction:
    """A blob-triggered function with its pattern and the account that it watches."""

    function: Function
    pattern: BlobPattern
    connection: Connection

    @property
    def id(self) -> str:
        """How messages and receipts name the function."""
        return f"Host.Functions.{self.function.name}"


class Storage:
    """Clients of the host's own storage account and of the accounts that are watched."""

    def __init__(self, host_connection: Connection, host_id: str) -> None:
        self._stack = AsyncExitStack()
        self._services: dict[Connection, BlobServiceClient] = {}
        self._host_connection = host_connection
        self.host_id = host_id
        self.queue = host_connection.queue(f"azure-webjobs-blobtrigger-{host_id}", self._stack)
        self._poison: dict[Connection, QueueClient] = {}

    def service(self, connection: Connection) -> BlobServiceClient:
        """Return the blob client of an account."""
        if connection not in self._services:
            self._services[connection] = connection.blob_service(self._stack)
        return self._services[connection]

    def receipts(self) -> ContainerClient:
        """Return the container of the receipts."""
        return self.service(self._host_connection).get_container_client(RECEIPTS)

    async def prepare(self) -> None:
        """Create the host's queue and container where they are missing."""
        for create in (self.queue.create_queue, self.receipts().create_container):
            try:
                await create()
            except ResourceExistsError:
                continue

    async def put_poison(self, connection: Connection, content: str) -> None:
        """Lay a message that failed too often into the poison queue of the blob's account."""
        if connection not in self._poison:
            self._poison[connection] = connection.queue(POISON_QUEUE, self._stack)
            try:
                await self._poison[connection].create_queue()
            except ResourceExistsError:
                log.debug("%s exists", POISON_QUEUE)
        await self._poison[connection].send_message(content)

    async def close(self) -> None:
        """Close all clients."""
        await self._stack.aclose()


class BlobScanner:
    """Looks through one container of one account for blobs that no function has been told of."""

    def __init__(self, storage: Storage, functions: list[BlobFunction], interval: float) -> None:
        self._storage = storage
        self._functions = functions
        self._container = functions[0].pattern.container
        self._connection = functions[0].connection
        self._interval = interval
        self._known: set[tuple[str, str, str]] = set()

    async def run(self) -> None:
        """Scan for ever; a storage that cannot be reached is tried again."""
        while True:
            try:
                await self.scan()
            except AzureError as error:
                log.warning("container %s cannot be scanned: %s", self._container, type(error).__name__)
            await asyncio.sleep(self._interval)

    async def scan(self) -> None:
        """Note every new blob once for each function that wants it."""
        present: set[tuple[str, str, str]] = set()
        async for name, etag, blob_type in self._blobs():
            for wanted in self._functions:
                if wanted.pattern.match(name) is None:
                    continue
                key = (wanted.id, name, etag)
                present.add(key)
                if key not in self._known:
                    await self._note(wanted, name, etag, blob_type)
        self._known = present

    async def _blobs(self) -> AsyncIterator[tuple[str, str, str]]:
        container = self._storage.service(self._connection).get_container_client(self._container)
        count = 0
        try:
            async for blob in container.list_blobs():
                yield str(blob.name), _quoted(blob.etag), str(blob.blob_type or "BlockBlob")
                count += 1
                if count >= LONGEST_PASS:
                    return
        except ResourceNotFoundError:
            return  # the container may be created later

    async def _note(self, wanted: BlobFunction, name: str, etag: str, blob_type: str) -> None:
        path = f"blobreceipts/{self._storage.host_id}/{wanted.id}/{etag}/{self._container}/{name}"
        receipt = self._storage.receipts().get_blob_client(path)
        if await receipt.exists():
            return
        message = {
            "Type": "BlobTrigger",
            "FunctionId": wanted.id,
            "BlobType": blob_type.removeprefix("BlobType."),
            "ContainerName": self._container,
            "BlobName": name,
            "ETag": etag,
        }
        await self._storage.queue.send_message(json.dumps(message))
        await receipt.upload_blob(b"", overwrite=True, metadata={"Completed": "True"})


def _quoted(etag: Any) -> str:
    text = str(etag)
    return text if text.startswith('"') else f'"{text}"'
