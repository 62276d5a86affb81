"""Runs the app's activities in this process: the host's own, or one that it keeps for them."""

import json

from azure.functions import meta

from localhost.durable.protocol import compact
from localhost.host.functions import FunctionTable
from localhost.host.invoker import Invoker, encode, log_failure

WARM_UP = "@warmup"  # asked of a process for activities as one of them; the name of no function


class Activities:
    """Finds activities by name without regard to case."""

    def __init__(self, table: FunctionTable, invoker: Invoker) -> None:
        self._invoker = invoker
        self._known = table.activities()

    async def run(self, name: str, input_text: str) -> str:
        """Run an activity on its input; its result is returned as compact JSON. Raises what it raises."""
        function = self._known[name.casefold()][1]
        try:
            result = await self._invoker.invoke(function, meta.Datum(input_text, "string"))
        except (Exception, SystemExit) as error:
            log_failure(function, error)
            raise
        return compact(json.loads(encode("activityTrigger", result).value))


async def warm_up(table: FunctionTable, invoker: Invoker) -> None:
    """Run the app's warm-up functions; what one raises is in the log and holds up nothing."""
    for function in table.of("warmupTrigger"):
        try:
            await invoker.invoke(function, meta.Datum("", "string"))
        except (Exception, SystemExit) as error:
            log_failure(function, error)
