"""Gives the Durable engine the app's orchestrators and activities."""

import json
from collections.abc import Collection

from azure.functions import meta

from localhost.durable.protocol import compact
from localhost.host.functions import Function, FunctionTable
from localhost.host.invoker import Invoker, encode, log_failure


class DurableFunctions:
    """Finds durable functions by name without regard to case and runs them as the worker does."""

    def __init__(self, table: FunctionTable, invoker: Invoker) -> None:
        self._invoker = invoker
        self._orchestrators = _by_name(table.of("orchestrationTrigger"), "orchestration")
        self._activities = _by_name(table.of("activityTrigger"), "activity")

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
        return str(await self._invoker.invoke(function, meta.Datum(document, "string")))

    async def act(self, name: str, input_text: str) -> str:
        """Run an activity; its result is stored as compact JSON."""
        function = self._activities[name.casefold()][1]
        try:
            result = await self._invoker.invoke(function, meta.Datum(input_text, "string"))
        except Exception as error:
            log_failure(function, error)
            raise
        return compact(json.loads(encode("activityTrigger", result).value))


def _by_name(functions: list[Function], key: str) -> dict[str, tuple[str, Function]]:
    named = [(function.trigger.get(key) or function.name, function) for function in functions]
    return {name.casefold(): (name, function) for name, function in named}
