"""Puts the parts together: one app, its engine, its servers, its triggers, started and stopped in order."""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from localhost.durable.api import DurableApi
from localhost.durable.app import Limits
from localhost.durable.clock import Clock, SystemClock
from localhost.durable.database import Database
from localhost.durable.engine import Engine
from localhost.durable.failures import WorkerLostError
from localhost.durable.management import Management
from localhost.durable.versions import Failure, Match, Versions
from localhost.host.activities import WARM_UP, warm_up
from localhost.host.admin import Admin
from localhost.host.blobs import BlobTriggers, host_id
from localhost.host.client_binding import WEBHOOKS, client_binding
from localhost.host.durable_functions import DurableFunctions
from localhost.host.functions import FunctionTable
from localhost.host.host_json import HostJson
from localhost.host.http_trigger import HttpTriggers
from localhost.host.invoker import Invoker
from localhost.host.keys import DURABLE, Keys
from localhost.host.ncrontab import time_zone
from localhost.host.ports import url
from localhost.host.service_bus_trigger import ServiceBusTriggers
from localhost.host.timer_trigger import start_timers
from localhost.host.web_server import Servers, main_app, rpc_app
from localhost.host.worker_process import ACTIVITIES, ORCHESTRATORS, WorkerProcesses

log = logging.getLogger("localhost.host")

PATIENCE = 10.0  # seconds that running work gets when the host stops
ELSEWHERE = "ACTIVITIES_ELSEWHERE"  # tells the app that in this process it is only asked to answer and to start


@dataclass(frozen=True)
class Place:
    """Where a host lives: its app, its data, its two listening sockets."""

    app: Path
    data: Path
    http: socket.socket
    rpc: socket.socket
    check_keys: bool = False


class Host:
    """Runs the functions of one app until it is stopped."""

    def __init__(
        self,
        place: Place,
        table: FunctionTable,
        host_json: HostJson,
        environ: Mapping[str, str],
        clock: Clock | None = None,
    ) -> None:
        self.http_url, self.rpc_url = url(place.http), url(place.rpc)
        self._place = place
        self._table = table
        self._clock = clock or SystemClock()
        self._zone = time_zone(environ)
        self._database = Database(place.data)
        keys = Keys(place.data, place.check_keys)
        hub = str(host_json.get("extensions.durableTask.hubName", "TestHubName"))
        binding = client_binding(self.http_url, self.rpc_url, hub, keys[DURABLE])
        processes = int(environ.get("FUNCTIONS_WORKER_PROCESS_COUNT") or 1)
        self._invoker = Invoker(_threads(environ), host_json.function_timeout, str(place.app), binding, processes)
        self._orchestrators = WorkerProcesses(ORCHESTRATORS, processes, place.app, binding, {ELSEWHERE: "false"})
        others = activity_processes(environ)
        self._activities = WorkerProcesses(ACTIVITIES, others, place.app, binding, {ELSEWHERE: "false"})
        functions = DurableFunctions(table, self._invoker, self._orchestrators, self._activities)
        self.engine = Engine(self._database, functions, self._clock, _limits(host_json))
        self.management = Management(self.engine)
        api = DurableApi(self.management, f"{self.http_url}{WEBHOOKS}", hub, keys[DURABLE])
        prefix = str(host_json.get("extensions.http.routePrefix", "api"))
        triggers = HttpTriggers(table.of("httpTrigger"), self._invoker, keys, prefix)
        self._apps = (
            (main_app(triggers, api, Admin(table, self._invoker), keys, environ), place.http),
            (rpc_app(api), place.rpc),
        )
        self._servers = Servers()
        self._blobs = None
        if blob_functions := table.of("blobTrigger"):
            name = host_id(place.app, environ)
            self._blobs = BlobTriggers(blob_functions, self._invoker, host_json, environ, name)
        self._queues = None
        if queue_functions := table.of("serviceBusTrigger"):
            self._queues = ServiceBusTriggers(queue_functions, self._invoker, host_json, environ)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Serve, take up what an earlier process left, warm up, and then let the triggers fire."""
        for app, listener in self._apps:
            await self._servers.serve(app, listener)
        await asyncio.gather(self._orchestrators.start(), self._activities.start())
        engine = asyncio.create_task(self.engine.run(), name="durable engine")
        engine.add_done_callback(_report_death)
        await self._warm_up()
        timers = self._table.of("timerTrigger")
        self._tasks = start_timers(timers, self._invoker, self._clock, self._place.data, self._zone)
        if self._blobs:
            self._blobs.start()
        if self._queues:
            self._queues.start()

    async def _warm_up(self) -> None:
        """In each process that is to have an answer for somebody; one that ends meanwhile gets warm with its work."""
        warming = [warm_up(self._table, self._invoker)]
        if self._table.of("warmupTrigger"):
            warming.append(self._activities.ask_each(WARM_UP))
        with contextlib.suppress(WorkerLostError):
            await asyncio.gather(*warming)

    async def stop(self, patience: float = PATIENCE) -> None:
        """Stop the triggers, give running work `patience` seconds, then leave the rest to the next start."""
        for task in self._tasks:
            task.cancel()
        stopping = [self.engine.stop(patience), self._servers.stop()]
        if self._blobs:
            stopping.append(self._blobs.stop(patience))
        if self._queues:
            stopping.append(self._queues.stop(patience))
        await asyncio.gather(*stopping)
        await asyncio.gather(self._orchestrators.stop(), self._activities.stop())
        self._invoker.close()
        self._database.close()


def activity_processes(environ: Mapping[str, str]) -> int:
    """LOCALHOST_ACTIVITY_PROCESSES: how many processes run activities; with 0 the host does."""
    text = environ.get("LOCALHOST_ACTIVITY_PROCESSES") or "1"
    if not text.isdecimal():
        raise ValueError(f"LOCALHOST_ACTIVITY_PROCESSES is '{text}': it must be a number of processes, 0 or more.")
    return int(text)


def _threads(environ: Mapping[str, str]) -> int:
    return int(environ.get("PYTHON_THREADPOOL_THREAD_COUNT") or min(32, (os.cpu_count() or 1) + 4))


def _limits(host_json: HostJson) -> Limits:
    default = 10 * (os.cpu_count() or 1)
    settings = "extensions.durableTask"
    return Limits(
        concurrent_activities=int(host_json.get(f"{settings}.maxConcurrentActivityFunctions", default)),
        concurrent_orchestrators=int(host_json.get(f"{settings}.maxConcurrentOrchestratorFunctions", default)),
        max_actions=int(host_json.get(f"{settings}.maxOrchestrationActions", 100_000)),
        versions=Versions(
            str(host_json.get(f"{settings}.defaultVersion", "")),
            host_json.choice(f"{settings}.versionMatchStrategy", Match.CURRENT_OR_OLDER),
            host_json.choice(f"{settings}.versionFailureStrategy", Failure.REJECT),
        ),
    )


def _report_death(engine: "asyncio.Task[None]") -> None:
    if not engine.cancelled() and (error := engine.exception()):
        log.critical("the durable engine has stopped: nothing runs until the host is started again", exc_info=error)
