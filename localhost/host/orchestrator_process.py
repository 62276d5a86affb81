"""Keeps a process that runs the app's orchestrators: replays cost more than all else, and have a core of their own.

In Azure the Python worker is a process apart as well, and an app may have several: an orchestrator may not rely on
what activities left in memory, here or there.
"""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from pathlib import Path

from localhost.durable.failures import AbortedError
from localhost.host.frames import LENGTH, RETURNED, frame, text_of

PATIENCE = 5.0
_ROOT = str(Path(__file__).parents[2])


class OrchestratorError(Exception):
    """What an orchestrator raised, as text."""


class OrchestratorProcess:
    """Asks the process and starts it when there is none; questions are answered in their order."""

    def __init__(self, app: Path, client_binding: str) -> None:
        self._command = [sys.executable, "-m", "localhost.host.orchestrator_worker", str(app), client_binding]
        self._process: Process | None = None
        self._starting = asyncio.Lock()
        self._asked: deque[asyncio.Future[str]] = deque()
        self._reader: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the process if there is none; what it is asked before it is ready waits in its stream."""
        async with self._starting:
            if self._process is not None:
                return
            path = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
            environ = {**os.environ, "PYTHONPATH": path}
            process = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE, env=environ)
            self._process, self._asked = process, deque([self._expect_hello()])
            self._reader = asyncio.create_task(self._read(process, self._asked), name="orchestrator answers")

    async def ready(self) -> None:
        """Return when the process has imported the app: that takes its time, and is not the orchestrators'."""
        await self.start()
        await asyncio.shield(self._hello)

    def _expect_hello(self) -> "asyncio.Future[str]":
        self._hello: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._hello.add_done_callback(lambda hello: hello.cancelled() or hello.exception())  # maybe nobody waits
        return self._hello

    @property
    def waiting(self) -> int:
        """How many questions have no answer yet."""
        return len(self._asked)

    async def ask(self, name: str, document: str) -> str:
        """Return what an orchestrator returns; raises OrchestratorError for what it raises."""
        while (process := self._process) is None:
            await self.start()
        assert process.stdin is not None
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        process.stdin.write(frame(f"{name}\n{document}"))
        try:
            return await answer
        except asyncio.CancelledError:
            # Out of time: only the process as a whole can be stopped, and what else it was asked is asked again.
            if process.returncode is None:
                process.kill()
            raise

    async def stop(self) -> None:
        """Let the process end by itself, or end it."""
        process, reader = self._process, self._reader
        if process is None or reader is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(reader), PATIENCE)
        if process.returncode is None:
            process.kill()
        await reader

    async def _read(self, process: Process, asked: "deque[asyncio.Future[str]]") -> None:
        assert process.stdout is not None
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                head = await process.stdout.readexactly(LENGTH.size)
                text = text_of(await process.stdout.readexactly(LENGTH.unpack(head)[0]))
                answer = asked.popleft()
                if answer.done():
                    continue
                if text[0] == RETURNED:
                    answer.set_result(text[1:])
                else:
                    answer.set_exception(OrchestratorError(text[1:]))
        self._process = None
        await process.wait()
        for answer in asked:
            if not answer.done():
                answer.set_exception(AbortedError("the process that runs orchestrators has ended"))


class OrchestratorProcesses:
    """Several processes; whichever has least to do is asked."""

    def __init__(self, count: int, app: Path, client_binding: str) -> None:
        self._processes = [OrchestratorProcess(app, client_binding) for _ in range(count)]

    async def start(self) -> None:
        """Start them all; what they are asked before they are ready waits for them."""
        await asyncio.gather(*(process.start() for process in self._processes))

    async def ready(self) -> None:
        """Return when all can answer; AbortedError if one ends instead."""
        await asyncio.gather(*(process.ready() for process in self._processes))

    async def ask(self, name: str, document: str) -> str:
        """Return what an orchestrator returns; raises OrchestratorError for what it raises."""
        return await min(self._processes, key=lambda process: process.waiting).ask(name, document)

    async def stop(self) -> None:
        """Let them end by themselves, or end them."""
        await asyncio.gather(*(process.stop() for process in self._processes))
