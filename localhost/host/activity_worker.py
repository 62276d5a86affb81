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
        self._channel = Channel(self._hear, self._over.set)

    async def serve(self, stream: socket.socket) -> None:
        """Say that it is ready, and return when the host needs no more."""
        await asyncio.get_running_loop().create_unix_connection(lambda: self._channel, sock=stream)
        self._channel.send(HELLO, RETURNED)
        giving_back = asyncio.create_task(give_back_regularly(), name="memory")
        await self._over.wait()
        giving_back.cancel()
        if self._running:
            await asyncio.wait(self._running.values(), timeout=PATIENCE)

    def _hear(self, number: int, text: str) -> None:
        """Begin what is asked, or end what is no longer asked."""
        if text:
            name, _, given = text.partition("\n")
            task = self._running[number] = asyncio.create_task(self._answer(number, name, given))
            task.add_done_callback(lambda ended: self._end_of(number, name, ended))
        elif task_under_way := self._running.get(number):
            task_under_way.cancel()

    async def _answer(self, number: int, name: str, given: str) -> None:
        try:
            answer = RETURNED + await self._run(name, given)
        except (Exception, SystemExit) as error:  # a program that may stop itself must not stop the others' activities
            answer = RAISED + compact(activity_failure(name, error))
        self._channel.send(number, answer)

    def _end_of(self, number: int, name: str, task: "asyncio.Task[None]") -> None:
        del self._running[number]
        if task.cancelled():  # taken back, mostly: then the answer only says that the loop is not stuck
            failure = activity_failure(name, asyncio.CancelledError("it was cancelled"))
            self._channel.send(number, RAISED + compact(failure))

    async def _run(self, name: str, given: str) -> str:
        if name != WARM_UP:
            return await self._activities.run(name, given)
        await warm_up(self._table, self._invoker)
        return ""


def main(app: str, binding: str, level: str) -> None:
    """Answer until the stream ends."""
    stream = worker.connect(level)
    few_heaps()
    table = worker.read_table(Path(app))
    served = ActivityWorker(table, Invoker(MOST_THREADS, None, app, binding))
    uvloop.new_event_loop().run_until_complete(served.serve(stream))
    logging.shutdown()  # spans and lines that wait are sent
    sys.stdout.flush()
    os._exit(0)  # a thread that still runs was given its time


if __name__ == "__main__":
    main(*sys.argv[1:])
