"""Keeps processes that run functions for the host: orchestrators and activities each have an interpreter of their own.

In Azure the Python worker is a process apart as well, and an app may have several: no function may rely on what
another left in memory, here or there.
"""

import asyncio
import contextlib
import itertools
import logging
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from localhost.durable.failures import WorkerLostError
from localhost.host.channel import Channel
from localhost.host.frames import HELLO, RETURNED

log = logging.getLogger("localhost.host")

PATIENCE = 5.0  # seconds that a process gets to end by itself
GRACE = 5.0  # seconds to let go of a question that was taken back; one that does not is stuck
BETWEEN_STARTS = 1.0  # seconds, at least
TAKE_BACK = ""  # sent with the number of a question that nobody asks any more
_ROOT = str(Path(__file__).parents[2])


class RaisedError(Exception):
    """What a function raised, as its process words it."""


@dataclass(frozen=True)
class Kind:
    """What processes run. One that runs a function at a time can only be ended where a question is taken back."""

    title: str
    module: str
    one_at_a_time: bool


ORCHESTRATORS = Kind("orchestrators", "localhost.host.orchestrator_worker", one_at_a_time=True)
ACTIVITIES = Kind("activities", "localhost.host.activity_worker", one_at_a_time=False)


class WorkerProcess:
    """Asks the process and starts it again when it has ended; answers come in any order."""

    def __init__(self, kind: Kind, arguments: list[str], environ: Mapping[str, str]) -> None:
        self._kind = kind
        self._command = [sys.executable, "-m", kind.module, *arguments]
        self._environ = environ
        self._process: Process | None = None
        self._channel: Channel | None = None
        self._starting = asyncio.Lock()
        self._next_start = 0.0
        self._stopping = False
        self._numbers = itertools.count(HELLO + 1)
        self._asked: dict[int, asyncio.Future[str]] = {}
        self._taken_back: dict[int, asyncio.TimerHandle] = {}
        self._restart: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many questions have no answer yet."""
        return len(self._asked)

    @property
    def is_ready(self) -> bool:
        """Whether it has imported the app."""
        return self._channel is not None and HELLO not in self._asked

    async def start(self) -> None:
        """Start the process if there is none; what it is asked before it is ready waits in its stream."""
        async with self._starting:
            if self._channel is not None:
                return
            loop = asyncio.get_running_loop()
            await asyncio.sleep(self._next_start - loop.time())
            self._next_start = loop.time() + BETWEEN_STARTS
            path = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
            environ = {**os.environ, **self._environ, "PYTHONPATH": path}
            hello = loop.create_future()
            hello.add_done_callback(lambda done: done.cancelled() or done.exception())  # maybe nobody waits
            ours, theirs = socket.socketpair()
            with theirs:
                # First the stream, which tells of an end that comes at once.
                _, channel = await loop.create_unix_connection(lambda: Channel(self._hear, self._ended), sock=ours)
                self._channel, self._asked = channel, {HELLO: hello}
                self._process = await asyncio.create_subprocess_exec(*self._command, stdin=theirs.fileno(), env=environ)

    async def ready(self) -> None:
        """Return when the process has imported the app: that takes its time, and is not its functions'."""
        await self.start()
        if (hello := self._asked.get(HELLO)) is not None:
            await asyncio.shield(hello)

    async def ask(self, question: str) -> str:
        """Return what a function returns; raises RaisedError for what it raises, WorkerLostError if it never will."""
        while (channel := self._channel) is None:
            await self.start()
        number = next(self._numbers)
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        channel.send(number, question)
        try:
            return await answer
        except asyncio.CancelledError:
            self._take_back(number)
            raise

    async def stop(self) -> None:
        """Let the process end by itself, or end it."""
        self._stopping = True
        if self._restart is not None:
            self._restart.cancel()
        process, channel = self._process, self._channel
        if process is None or channel is None:
            return
        channel.say_no_more()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), PATIENCE)
        self._kill()
        await process.wait()

    def _take_back(self, number: int) -> None:
        if self._asked.pop(number, None) is None or self._channel is None:
            return
        if self._kind.one_at_a_time:
            self._kill()
            return
        # A function that blocks the loop is not to block all others for ever: Azure ends its process, too.
        self._taken_back[number] = asyncio.get_running_loop().call_later(GRACE, self._kill)
        self._channel.send(number, TAKE_BACK)

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def _hear(self, number: int, text: str) -> None:
        if (grace := self._taken_back.pop(number, None)) is not None:
            grace.cancel()
        answer = self._asked.pop(number, None)
        if answer is None or answer.done():
            return
        if text[0] == RETURNED:
            answer.set_result(text[1:])
        else:
            answer.set_exception(RaisedError(text[1:]))

    def _ended(self) -> None:
        channel, self._channel = self._channel, None
        if channel is None:
            return
        channel.close()
        self._kill()  # one that has closed its stream can do nothing any more
        asked, self._asked = self._asked, {}
        for grace in self._taken_back.values():
            grace.cancel()
        self._taken_back.clear()
        for answer in asked.values():
            if not answer.done():
                answer.set_exception(WorkerLostError(f"the process that runs {self._kind.title} has ended"))
        if not self._stopping:
            log.warning("The process that runs %s has ended and is started again.", self._kind.title)
            self._restart = asyncio.create_task(self.start(), name=f"process for {self._kind.title}")


class WorkerProcesses:
    """Several processes of a kind; whichever has least to do is asked."""

    def __init__(self, kind: Kind, count: int, app: Path, client_binding: str, environ: Mapping[str, str]) -> None:
        level = logging.getLevelName(logging.getLogger("localhost").level)
        arguments = [str(app), client_binding, level]
        self._processes = [WorkerProcess(kind, arguments, environ) for _ in range(count)]

    def __len__(self) -> int:
        return len(self._processes)

    async def start(self) -> None:
        """Start them all; what they are asked before they are ready waits for them."""
        await asyncio.gather(*(process.start() for process in self._processes))

    async def ready(self) -> None:
        """Return when all can answer; WorkerLostError if one ends instead."""
        for process in self._processes:
            if not process.is_ready:
                await process.ready()

    async def ask(self, name: str, text: str) -> str:
        """Return what the function of that name returns for a text; raises what `WorkerProcess.ask` raises."""
        return await min(self._processes, key=lambda process: process.waiting).ask(f"{name}\n{text}")

    async def ask_each(self, name: str) -> None:
        """Let each process run a function once; raises what one of them raises."""
        await asyncio.gather(*(process.ask(f"{name}\n") for process in self._processes))

    async def stop(self) -> None:
        """Let them end by themselves, or end them."""
        await asyncio.gather(*(process.stop() for process in self._processes))
