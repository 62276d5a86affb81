"""One run: start both, kill by plan, start again, wait for every end, and check what is left."""

import asyncio
import contextlib
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import httpx

from tests.localhost.crash import checks
from tests.localhost.crash.clients import PAUSE, Callers
from tests.localhost.crash.disk import Committed, engine_state, messages_on_disk, unfinished
from tests.localhost.crash.mail import LATER, Mail
from tests.localhost.crash.plan import Kill, Plan, plan
from tests.localhost.crash.processes import QUEUES, broker, host, quiet_port

PATIENCE = 90.0  # seconds; a run takes five, and the machine may be busy


class CrashError(AssertionError):
    """A seed failed; says how to repeat it."""


async def run_seed(seed: int) -> int:
    """Run one seed and return how many kills it had; CrashError if anything was lost, doubled or never ended."""
    with tempfile.TemporaryDirectory(prefix=f"crash-{seed}-", ignore_cleanup_errors=True) as folder:
        run = Run(plan(seed), Path(folder))
        try:
            async with asyncio.timeout(PATIENCE):
                await run.play()
        except Exception as raised:
            if run.lost_a_port():
                return await run_seed(seed)  # on others: who answered was not the host of this run
            error = _first(raised)
            what = "it does not end" if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"
            raise CrashError(f"{what}\n{run.tail()}\nRepeat: python -m tests.localhost.crash --seed {seed}") from error
        finally:
            run.end()
    return len(run.plan.kills)


def _first(error: Exception) -> Exception:
    return _first(error.exceptions[0]) if isinstance(error, ExceptionGroup) else error


class Run:
    """Both processes, their callers, and what was committed whenever the host died."""

    def __init__(self, made: Plan, folder: Path) -> None:
        self.plan, self.folder = made, folder
        port, rpc = quiet_port(), quiet_port()
        bus = quiet_port()
        access = "SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE"
        connection = f"Endpoint=sb://127.0.0.1:{bus};{access};UseDevelopmentEmulator=true;"
        self.parts = {"broker": broker(folder, bus), "host": host(folder, port, rpc, connection)}
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{rpc}/durabletask", timeout=10)
        self.callers = Callers(made, self.http)
        self.mail = Mail(made, connection)
        self.deaths: list[Committed] = []
        self.returned: set[tuple[str, int]] = set()  # messages that were gone from the disk before

    async def play(self) -> None:
        """All of it."""
        for part in self.parts.values():
            part.start()
        watch = asyncio.create_task(self._watch())
        try:
            async with asyncio.TaskGroup() as work:
                for job in (self._kill_all(), self.callers.start_all(), self.mail.send_all()):
                    work.create_task(job)
                work.create_task(self.mail.put_aside(lambda: self._holds(LATER)))
                for item in self.plan.orchestrations:
                    work.create_task(self.callers.steer(item))
            ended = await self._ends()
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
            await self.http.aclose()
        self.end()
        checks.outputs(self.plan, ended)
        checks.results(self.deaths, engine_state(self.folder), self.folder, ended, {*self.callers.removed})
        assert not self.returned, f"messages came back from nowhere: {self.returned}"
        checks.messages(self.plan, self.mail, self.folder)
        checks.logs(*(part.log for part in self.parts.values()))

    def end(self) -> None:
        """Nothing runs on."""
        for part in self.parts.values():
            part.kill()

    def lost_a_port(self) -> bool:
        """Whether another program took the port of the host while that was dead."""
        log = self.parts["host"].log
        return log.exists() and "is taken:" in log.read_text()

    def tail(self) -> str:
        """The last lines of both logs."""
        logs = [part.log for part in self.parts.values() if part.log.exists()]
        return "\n".join(f"--- {log.name}\n" + "\n".join(log.read_text().splitlines()[-15:]) for log in logs)

    async def _kill_all(self) -> None:
        for kill in self.plan.kills:
            if kill.when_up:
                await self.mail.flowing.wait()  # the SDK takes its time to notice and to connect
                await self.callers.answered()
            await asyncio.sleep(kill.after)
            self._kill(kill)
            await asyncio.sleep(kill.pause)
            for name in reversed(kill.victims):
                self.parts[name].start()

    def _kill(self, kill: Kill) -> None:
        for name in kill.victims:
            self.parts[name].kill()
        if "host" in kill.victims:
            self.deaths.append(engine_state(self.folder))

    async def _watch(self) -> None:
        """A message that is gone from the disk stays gone."""
        before: set[tuple[str, int]] = set()
        gone: set[tuple[str, int]] = set()
        while True:
            with contextlib.suppress(sqlite3.OperationalError):  # no file yet, or being recovered
                now = messages_on_disk(self.folder)
                gone |= before - now
                self.returned |= gone & now
                before = now
            await asyncio.sleep(0.02)

    async def _ends(self) -> dict[str, Any]:
        started = [post.starts.id for post in self.plan.posts if post.starts]
        while not self._is_drained():
            for part in self.parts.values():
                assert part.code() is None, f"{part.name} ended by itself"
            await asyncio.sleep(PAUSE)
        names = [item.id for item in self.plan.orchestrations] + started
        ended = {name: await self.callers.finished(name) for name in names}
        while unfinished(self.folder):  # an activity outlives its terminated instance  # noqa: ASYNC110
            await asyncio.sleep(PAUSE)
        for name in self.callers.removed:
            assert not await self.callers.exists(name), f"{name} was purged and is there again"
        return ended

    def _is_drained(self) -> bool:
        return not any(self._holds(queue) for queue in QUEUES)

    def _holds(self, queue: str) -> bool:
        try:
            return any(name == queue for name, _ in messages_on_disk(self.folder))
        except sqlite3.OperationalError:  # no file yet, or being recovered
            return True
