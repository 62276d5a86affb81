"""`python -m localhost.host.activity_worker`: runs the app's activities for a host, many at a time.

It speaks as `orchestrator_worker` does, but answers come in the order in which activities end. A question is an
activity's name, a line break and its input; what it raised is answered as JSON: reason and details, worded here, where
its traceback is. A number that comes again without a text is a question that nobody asks any more. Time limits and
threads are the host's to count.
"""

import asyncio
import logging
import os
import socket
import sys
from pathlib import Path

import uvloop

from localhost.durable.failures import activity_failure
from localhost.durable.protocol import compact
from localhost.host import worker
from localhost.host.activities import WARM_UP, Activities, warm_up
from localhost.host.channel import Channel
from localhost.host.frames import HELLO, RAISED, RETURNED
from localhost.host.functions import FunctionTable
from localhost.host.invoker import MOST_THREADS, Invoker
from localhost.host.memory import few_heaps, give_back_regularly

PATIENCE = 1.0  # seconds for what was taken back to end


class ActivityWorker:
    """Answers what comes over the channel until the host says no more."""

    def __init__(self, table: FunctionTable, invoker: Invoker) -> None:
        self._table, self._invoker = table, invoker
        self._activities = Activities(table, invoker)
        self._running: dict[int, asyncio.Task[None]] = {}
        self._over = asyncio.Event()

    async def serve(self, channel: Channel) -> None:
        """Say that it is ready, and return when the host needs no more."""
        self._channel = channel
        channel.send(HELLO, RETURNED)
        giving_back = asyncio.create_task(give_back_regularly(), name="memory")
        await self._over.wait()
        giving_back.cancel()
        if self._running:
            await asyncio.wait(self._running.values(), timeout=PATIENCE)

    def hear(self, number: int, text: str) -> None:
        """Begin what is asked, or end what is no longer asked."""
        if text:
            name, _, given = text.partition("\n")
            task = self._running[number] = asyncio.create_task(self._answer(number, name, given))
            task.add_done_callback(lambda ended: self._end_of(number, ended))
        elif task_under_way := self._running.get(number):
            task_under_way.cancel()

    def end(self) -> None:
        """Nothing more will be asked."""
        self._over.set()

    async def _answer(self, number: int, name: str, given: str) -> None:
        try:
            answer = RETURNED + await self._run(name, given)
        except (Exception, SystemExit) as error:  # a program that may stop itself must not stop the others' activities
            answer = RAISED + compact(activity_failure(name, error))
        self._channel.send(number, answer)

    def _end_of(self, number: int, task: "asyncio.Task[None]") -> None:
        del self._running[number]
        if task.cancelled():
            self._channel.send(number, RAISED)  # nobody reads it: it says that the loop is not stuck

    async def _run(self, name: str, given: str) -> str:
        if name != WARM_UP:
            return await self._activities.run(name, given)
        await warm_up(self._table, self._invoker)
        return ""


async def _serve(stream: socket.socket, table: FunctionTable, invoker: Invoker) -> None:
    served = ActivityWorker(table, invoker)
    loop = asyncio.get_running_loop()
    _, channel = await loop.create_unix_connection(lambda: Channel(served.hear, served.end), sock=stream)
    await served.serve(channel)


def main(app: str, binding: str, level: str) -> None:
    """Answer until the stream ends."""
    stream = worker.connect(level)
    few_heaps()
    table = worker.read_table(Path(app))
    uvloop.new_event_loop().run_until_complete(_serve(stream, table, Invoker(MOST_THREADS, None, app, binding)))
    logging.shutdown()  # spans and lines that wait are sent
    sys.stdout.flush()
    os._exit(0)  # a thread that still runs was given its time


if __name__ == "__main__":
    main(*sys.argv[1:])
