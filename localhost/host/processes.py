"""The processes that run functions for a host: how many of which kind, and what they are told."""

import asyncio
from collections.abc import Mapping

from localhost.host.client_binding import client_binding
from localhost.host.host_json import HostJson
from localhost.host.keys import DURABLE, Keys
from localhost.host.place import Place
from localhost.host.worker_process import ACTIVITIES, ORCHESTRATORS, WorkerProcesses

# Tells the app that in this process it is only asked to answer and to start.
ELSEWHERE = "ACTIVITIES_ELSEWHERE"


class Processes:
    """They can be started before the host has imported the app, and import it meanwhile."""

    def __init__(self, place: Place, host_json: HostJson, environ: Mapping[str, str]) -> None:
        self.binding = client_binding(place.http_url, place.rpc_url, host_json.hub, Keys(place.data, False)[DURABLE])
        orchestrating = int(environ.get("FUNCTIONS_WORKER_PROCESS_COUNT") or 1)
        told = (place.app, self.binding, {ELSEWHERE: "false"})
        self.orchestrators = WorkerProcesses(ORCHESTRATORS, orchestrating, *told)
        self.activities = WorkerProcesses(ACTIVITIES, activity_processes(environ), *told)

    async def start(self) -> None:
        """Start those that do not run yet."""
        await asyncio.gather(self.orchestrators.start(), self.activities.start())

    async def stop(self) -> None:
        """Let all end by themselves, or end them."""
        await asyncio.gather(self.orchestrators.stop(), self.activities.stop())


def activity_processes(environ: Mapping[str, str]) -> int:
    """LOCALHOST_ACTIVITY_PROCESSES: how many processes run activities; with 0 the host does."""
    text = environ.get("LOCALHOST_ACTIVITY_PROCESSES") or "1"
    if not text.isdecimal():
        raise ValueError(f"LOCALHOST_ACTIVITY_PROCESSES is '{text}': it must be a number of processes, 0 or more.")
    return int(text)
