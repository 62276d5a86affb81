"""Starts and stops everything that blob triggers need."""

import asyncio
import hashlib
import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from azure.core.exceptions import AzureError

from localhost.host.blob_pattern import parse_blob_path
from localhost.host.blob_queue import BlobQueue
from localhost.host.blob_trigger import BlobFunction, BlobScanner, Storage, log
from localhost.host.connections import HOST_STORAGE, Connection, storage_connection
from localhost.host.functions import Function
from localhost.host.host_json import HostJson
from localhost.host.invoker import Invoker


class BlobTriggers:
    """A scanner for each container, and one reader of the host's queue."""

    def __init__(
        self,
        functions: list[Function],
        invoker: Invoker,
        host_json: HostJson,
        environ: Mapping[str, str],
        host_id: str,
    ) -> None:
        interval = float(environ.get("LOCALHOST_BLOB_POLL_SECONDS", "1"))
        self._storage = Storage(storage_connection(HOST_STORAGE, environ), host_id)
        wanted = [_blob_function(function, environ) for function in functions]
        groups: defaultdict[tuple[Connection, str], list[BlobFunction]] = defaultdict(list)
        for item in wanted:
            groups[item.connection, item.pattern.container].append(item)
        self._scanners = [BlobScanner(self._storage, group, interval) for group in groups.values()]
        parallel = int(host_json.get("extensions.blobs.maxDegreeOfParallelism", 8 * (os.cpu_count() or 1)))
        tries = int(host_json.get("extensions.blobs.poisonBlobThreshold", 5))
        self._queue = BlobQueue(self._storage, wanted, invoker, parallel, tries, interval)
        self._interval = interval
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to scan and to take messages, as soon as the storage answers."""
        self._tasks = [asyncio.create_task(self._run(), name="blob triggers")]

    async def stop(self, patience: float) -> None:
        """Take nothing new and let what runs end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._queue.finish(patience)
        await self._storage.close()

    async def _run(self) -> None:
        while True:
            try:
                await self._storage.prepare()
                break
            except AzureError as error:
                log.warning("storage for blob triggers cannot be reached: %s; trying again", type(error).__name__)
                await asyncio.sleep(self._interval)
        async with asyncio.TaskGroup() as group:
            for scanner in self._scanners:
                group.create_task(scanner.run())
            group.create_task(self._queue.run())


def check_blob_function(function: Function, environ: Mapping[str, str]) -> None:
    """Raise BindingError if a blob function's path or connection cannot be used."""
    _blob_function(function, environ)
    storage_connection(HOST_STORAGE, environ)


def host_id(app_folder: Path, environ: Mapping[str, str]) -> str:
    """Return the name under which this app keeps its queue and receipts: the same at every start."""
    chosen = environ.get("AzureFunctionsWebHost__hostid")
    digest = hashlib.sha256(str(app_folder.resolve()).encode()).hexdigest()
    return chosen or f"localhost-{digest[:12]}"


def _blob_function(function: Function, environ: Mapping[str, str]) -> BlobFunction:
    trigger = function.trigger
    return BlobFunction(
        function, parse_blob_path(trigger["path"]), storage_connection(trigger.get("connection"), environ)
    )
