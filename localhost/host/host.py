"""Puts the parts together: one app, its engine, its servers, its triggers, started and stopped in order."""

import asyncio
import logging
import os
from collections.abc import Mapping

from localhost.durable.api import DurableApi
from localhost.durable.app import Limits
from localhost.durable.clock import Clock, SystemClock
from localhost.durable.database import Database
from localhost.durable.engine import Engine
from localhost.durable.management import Management
from localhost.durable.versions import Failure, Match, Versions
from localhost.host.activities import WARM_UP, warm_up
from localhost.host.admin import Admin
from localhost.host.blobs import BlobTriggers, host_id
from localhost.host.client_binding import WEBHOOKS
from localhost.host.durable_functions import DurableFunctions
from localhost.host.functions import FunctionTable
from localhost.host.host_json import HostJson
from localhost.host.http_trigger import HttpTriggers
from localhost.host.invoker import Invoker
from localhost.host.keys import DURABLE, Keys
from localhost.host.ncrontab import time_zone
from localhost.host.place import Place
from localhost.host.processes import Processes
from localhost.host.service_bus_trigger import ServiceBusTriggers
from localhost.host.timer_trigger import start_timers
from localhost.host.web_server import Servers, main_app, rpc_app

log = logging.getLogger("localhost.host")

PATIENCE = 10.0  # seconds that running work gets when the host stops


class Host:
    """Runs the functions of one app until it is stopped."""

    def __init__(
        self,
        place: Place,
        table: FunctionTable,
        host_json: HostJson,
        environ: Mapping[str, str],
        database: Database,
        processes: Processes,
        clock: Clock | None = None,
    ) -> None:
        """`database` and `processes` are those of this app at this place."""
        self.http_url, self.rpc_url = place.http_url, place.rpc_url
        self._place = place
        self._table = table
        self._clock = clock or SystemClock()
        self._zone = time_zone(environ)
        self._database = database
        self._processes = processes
        keys = Keys(place.data, place.check_keys)
        threads = _threads(environ) * len(processes.orchestrators)  # each worker process has as many in Azure
        self._invoker = Invoker(threads, host_json.function_timeout, str(place.app), processes.binding)
        functions = DurableFunctions(table, self._invoker, processes.orchestrators, processes.activities)
        self.engine = Engine(self._database, functions, self._clock, _limits(host_json))
        self.management = Management(self.engine)
        api = DurableApi(self.management, f"{self.http_url}{WEBHOOKS}", host_json.hub, keys[DURABLE])
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
        await self._processes.start()
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
            warming.append(self._processes.activities.ask_each(WARM_UP))
        await asyncio.gather(*warming, return_exceptions=True)

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
        await self._processes.stop()
        self._invoker.close()
        self._database.close()


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
