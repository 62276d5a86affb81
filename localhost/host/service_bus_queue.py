"""Runs one function on the messages of one queue: complete after success, abandon after any exception."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from azure.servicebus.aio import AutoLockRenewer, ServiceBusClient
from azure.servicebus.exceptions import MessageAlreadySettled, ServiceBusError

from localhost.host.functions import Function
from localhost.host.invoker import Invoker, log_failure
from localhost.host.service_bus_message import trigger_value

log = logging.getLogger("localhost.host")

LONGEST_WAIT = 30.0  # seconds that one call to receive may take
PAUSE = 1.0  # seconds after an error
LONGEST_PAUSE = 30.0


@dataclass(frozen=True)
class Options:
    """What host.json says, unless the binding says otherwise."""

    parallel: int
    prefetch: int
    renew_for: float  # seconds
    completes: bool


class QueueListener:
    """Takes as many messages as there are free places; one receiver for all of them, since opening is slow."""

    def __init__(self, function: Function, client: ServiceBusClient, invoker: Invoker, options: Options) -> None:
        self._function = function
        self._queue = str(function.trigger["queueName"])
        self._invoker = invoker
        self._options = options
        self._receiver = client.get_queue_receiver(self._queue, prefetch_count=options.prefetch)
        self._renewer = AutoLockRenewer(max_lock_renewal_duration=options.renew_for) if options.renew_for else None
        self._running: set[asyncio.Task[None]] = set()
        self._binary = str(function.trigger.get("dataType", "")).casefold() == "binary"

    async def run(self) -> None:
        """Listen for ever; a Service Bus that cannot be reached is tried again."""
        pause = PAUSE
        while True:
            try:
                await self._take()
                pause = PAUSE
            except (ServiceBusError, OSError) as error:
                log.warning("queue %s cannot be received from (trying again): %s", self._queue, error)
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)

    async def finish(self, patience: float) -> None:
        """Wait for what runs; the locks of what is left end by themselves."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=patience)
            for task in late:
                task.cancel()
        if self._renewer:
            await self._renewer.close()
        await self._receiver.close()

    async def _take(self) -> None:
        free = self._options.parallel - len(self._running)
        if free <= 0:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            return
        for message in await self._receiver.receive_messages(free, max_wait_time=LONGEST_WAIT):
            if self._renewer:
                self._renewer.register(self._receiver, message)
            task = asyncio.create_task(self._handle(message))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _handle(self, message: Any) -> None:
        try:
            await self._invoker.invoke(self._function, *trigger_value(message, binary=self._binary))
        except Exception as error:
            log_failure(self._function, error)
            await self._settle(self._receiver.abandon_message, message)
        else:
            if self._options.completes:
                await self._settle(self._receiver.complete_message, message)

    async def _settle(self, settle: Any, message: Any) -> None:
        try:
            await settle(message)
        except (ServiceBusError, MessageAlreadySettled, ValueError) as error:
            # ValueError: the SDK has shut its handler down because the Service Bus is gone, and opens it again later.
            log.warning(
                "a message of queue %s could not be settled (it comes again): %s", self._queue, type(error).__name__
            )
