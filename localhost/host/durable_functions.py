"""Gives the Durable engine the app's orchestrators and activities."""

import json
from collections.abc import Collection

from localhost.durable.failures import ActivityError, FunctionTimeoutError
from localhost.host.activities import Activities
from localhost.host.functions import FunctionTable
from localhost.host.invoker import Invoker, log_failure, warn_of_thread
from localhost.host.worker_process import RaisedError, WorkerProcesses


class DurableFunctions:
    """Finds durable functions by name without regard to case and has them run in their processes.

    Without a process for them activities run in this one.
    """

    def __init__(
        self,
        table: FunctionTable,
        invoker: Invoker,
        orchestrator_processes: WorkerProcesses,
        activity_processes: WorkerProcesses,
    ) -> None:
        self._invoker = invoker
        self._orchestrator_processes = orchestrator_processes
        self._activity_processes = activity_processes
        self._here = Activities(table, invoker)
        self._orchestrators = table.orchestrators()
        self._activities = table.activities()

    @property
    def orchestrators(self) -> Collection[str]:
        """Names of the orchestrators."""
        return [name for name, _ in self._orchestrators.values()]

    @property
    def activities(self) -> Collection[str]:
        """Names of the activities."""
        return [name for name, _ in self._activities.values()]

    async def orchestrate(self, name: str, document: str) -> str:
        """Run an orchestrator on its document."""
        function = self._orchestrators[name.casefold()][1]
        await self._orchestrator_processes.ready()
        return await self._invoker.lend(function, self._orchestrator_processes.ask(name, document))

    async def act(self, name: str, input_text: str) -> str:
        """Run an activity; its result is stored as compact JSON."""
        if not len(self._activity_processes):
            return await self._here.run(name, input_text)
        function = self._activities[name.casefold()][1]
        await self._activity_processes.ready()
        try:
            return await self._invoker.lend(function, self._activity_processes.ask(name, input_text))
        except RaisedError as error:
            raise ActivityError(*json.loads(str(error))) from None
        except FunctionTimeoutError as error:
            log_failure(function, error)
            if not function.is_async:
                warn_of_thread(function)
            raise
