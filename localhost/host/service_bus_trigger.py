"""Starts and stops the listeners of Service Bus triggers."""

import asyncio
import os
from collections.abc import Mapping
from contextlib import AsyncExitStack

from azure.servicebus.aio import ServiceBusClient

from localhost.host.binding_texts import BindingError
from localhost.host.connections import Connection, service_bus_connection
from localhost.host.functions import Function
from localhost.host.host_json import HostJson, time_span
from localhost.host.invoker import Invoker
from localhost.host.service_bus_queue import Options, QueueListener

_SETTINGS = "extensions.serviceBus"


class ServiceBusTriggers:
    """A client for each connection and a listener for each function."""

    def __init__(
        self, functions: list[Function], invoker: Invoker, host_json: HostJson, environ: Mapping[str, str]
    ) -> None:
        self._functions = functions
        self._invoker = invoker
        self._options = _options(host_json)
        self._environ = environ
        self._stack = AsyncExitStack()
        self._listeners: list[QueueListener] = []
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen, as soon as the Service Bus answers."""
        clients: dict[Connection, ServiceBusClient] = {}
        for function in self._functions:
            connection = service_bus_connection(function.trigger.get("connection"), self._environ)
            if connection not in clients:
                clients[connection] = connection.service_bus(self._stack)
            options = _own_options(self._options, function)
            listener = QueueListener(function, clients[connection], self._invoker, options)
            self._listeners.append(listener)
            self._tasks.append(asyncio.create_task(listener.run(), name=f"queue {function.name}"))

    async def stop(self, patience: float) -> None:
        """Take nothing new and let what runs end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(listener.finish(patience) for listener in self._listeners))
        await self._stack.aclose()


def check_service_bus_function(function: Function, environ: Mapping[str, str]) -> None:
    """Raise BindingError if a function's trigger cannot be listened to."""
    trigger = function.trigger
    if "topicName" in trigger:
        raise BindingError("The local host has Service Bus queues only: topics are not supported.")
    if trigger.get("isSessionsEnabled"):
        raise BindingError("The local host does not support sessions of Service Bus queues.")
    if str(trigger.get("cardinality", "")).casefold() == "many":
        raise BindingError("The local host gives Service Bus messages one by one: cardinality 'many' is not supported.")
    service_bus_connection(trigger.get("connection"), environ)


def _options(host_json: HostJson) -> Options:
    return Options(
        parallel=int(host_json.get(f"{_SETTINGS}.maxConcurrentCalls", 16 * (os.cpu_count() or 1))),
        prefetch=int(host_json.get(f"{_SETTINGS}.prefetchCount", 0)),
        renew_for=time_span(str(host_json.get(f"{_SETTINGS}.maxAutoLockRenewalDuration", "00:05:00"))).total_seconds(),
        completes=host_json.get(f"{_SETTINGS}.autoCompleteMessages", True) is not False,
    )


def _own_options(options: Options, function: Function) -> Options:
    completes = function.trigger.get("autoCompleteMessages")
    if completes is None:
        return options
    return Options(options.parallel, options.prefetch, options.renew_for, completes is not False)
