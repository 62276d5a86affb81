"""Gives the Durable engine the app's orchestrators and activities."""

import json
from collections.abc import Collection

from azure.functions import meta

from localhost.durable.protocol import compact
from localhost.host.functions import FunctionTable
from localhost.host.invoker import Invoker, encode, log_failure
from localhost.host.orchestrator_process import OrchestratorProcesses


class DurableFunctions:
    """Finds durable functions by name without regard to case and runs them as the worker does."""

    def __init__(self, table: FunctionTable, invoker: Invoker, process: OrchestratorProcesses) -> None:
        self._invoker = invoker
        self._process = process
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
        await self._process.ready()
        return await self._invoker.lend_thread(function, self._process.ask(name, document))

    async def act(self, name: str, input_text: str) -> str:
        """Run an activity; its result is stored as compact JSON."""
        function = self._activities[name.casefold()][1]
        try:
            result = await self._invoker.invoke(function, meta.Datum(input_text, "string"))
        except Exception as error:
            log_failure(function, error)
            raise
        return compact(json.loads(encode("activityTrigger", result).value))
