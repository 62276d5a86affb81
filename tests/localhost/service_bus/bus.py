"""A broker in a process of its own, and the SDK's two clients behind one face."""

import asyncio
import itertools
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import azure.servicebus
import azure.servicebus.aio

from tests.support.ports import free_port

ROOT = Path(__file__).parents[3]

PLAIN = {"maxDeliveryCount": 3, "lockDuration": "PT30S"}
KINDS: dict[str, tuple[int, dict[str, Any]]] = {
    "plain": (60, PLAIN),
    "ten": (4, {}),  # as Azure has it when nothing is said
    "brief": (8, PLAIN | {"lockDuration": "PT5S"}),
    "expiring": (8, PLAIN | {"deadLetteringOnMessageExpiration": True}),
    "unique": (8, PLAIN | {"requiresDuplicateDetection": True}),
    "graves": (4, {}),
    "forwarding": (4, PLAIN),
}


def declaration() -> dict[str, Any]:
    """Enough queues of every kind that no test meets another's messages."""
    queues: list[dict[str, Any]] = [
        {"name": f"{kind}-{n}", "properties": dict(properties)}
        for kind, (count, properties) in KINDS.items()
        for n in range(count)
    ]
    for queue in queues:
        if queue["name"].startswith("forwarding"):
            queue["properties"]["forwardDeadLetteredMessagesTo"] = queue["name"].replace("forwarding", "graves")
    return {"queues": queues}


class Bus:
    """`python -m localhost.service_bus` on a folder; stopped and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.log = folder / "log.txt"
        self.queues = {kind: itertools.count() for kind in KINDS}
        (folder / "queues.json").write_text(json.dumps(declaration()))
        self.start()

    @property
    def connection(self) -> str:
        access = "SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE"
        return f"Endpoint=sb://127.0.0.1:{self.port};{access};UseDevelopmentEmulator=true;"

    def start(self) -> None:
        places = ["--queues", str(self.folder / "queues.json"), "--data", str(self.folder / "data")]
        command = [sys.executable, "-m", "localhost.service_bus", *places, "--port", str(self.port)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stderr=log)
        until = time.monotonic() + 30
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.02)

    def answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(10)
            if probe.connect_ex(("127.0.0.1", self.port)):
                return False
            probe.sendall(b"AMQP\x00\x01\x00\x00")
            return probe.recv(8) == b"AMQP\x00\x01\x00\x00"

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)

    def queue(self, kind: str = "plain") -> str:
        """A queue that no other test has."""
        return f"{kind}-{next(self.queues[kind])}"

    def memory(self) -> int:
        """Resident kilobytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])


class Threaded:
    """An object of the synchronous SDK whose methods can be awaited."""

    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._wrapped, name)

        async def call(*arguments: Any, **options: Any) -> Any:
            return await asyncio.to_thread(method, *arguments, **options)

        return call

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._wrapped.__enter__)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._wrapped.close)


class Client:
    """One of the SDK's two clients."""

    def __init__(self, connection: str, flavour: str) -> None:
        self._asynchronous = flavour == "aio"
        module: Any = azure.servicebus.aio if self._asynchronous else azure.servicebus
        self._client = module.ServiceBusClient.from_connection_string(connection, retry_total=0)

    def sender(self, queue: str, **options: Any) -> Any:
        found = self._client.get_queue_sender(queue, **options)
        return found if self._asynchronous else Threaded(found)

    def receiver(self, queue: str, **options: Any) -> Any:
        found = self._client.get_queue_receiver(queue, **options)
        return found if self._asynchronous else Threaded(found)

    async def send(self, queue: str, *messages: Any) -> None:
        async with self.sender(queue) as sender:
            await sender.send_messages(list(messages) if len(messages) > 1 else messages[0])

    async def close(self) -> None:
        if self._asynchronous:
            await self._client.close()
        else:
            self._client.close()
