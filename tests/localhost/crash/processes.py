"""Host and broker in processes of their own that begin in a tenth of a second: forked with their imports done."""

import json
import multiprocessing
import os
import random
import socket
import threading
from pathlib import Path
from typing import Any

import azure.durable_functions as _imported_before_the_fork  # noqa: F401
from azure.servicebus.aio import ServiceBusReceiver

import localhost.host.__main__ as host_main
import localhost.service_bus.__main__ as broker_main
from tests.localhost.crash.mail import LATER

APP = Path(__file__).parents[1] / "apps" / "crash"
QUEUES: dict[str, dict[str, Any]] = {
    "once": {"requiresDuplicateDetection": True, "maxDeliveryCount": 50},
    "plain": {"maxDeliveryCount": 50},
    "bitter": {"maxDeliveryCount": 3},
    LATER: {"maxDeliveryCount": 50},
}


class Part:
    """The host or the broker of one run: killed and started again on the same data and ports."""

    def __init__(self, name: str, folder: Path, arguments: list[str], environ: dict[str, str]) -> None:
        self.name, self.log = name, folder / f"{name}.log"
        self._call = (name, self.log, arguments, environ)
        self._process: Any = None

    def start(self) -> None:
        """Begin; not ready yet."""
        self._process = _context().Process(target=_enter, args=self._call, daemon=True)
        self._process.start()

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def code(self) -> int | None:
        """How it ended by itself; None while it runs."""
        return None if self._process is None else self._process.exitcode


def broker(folder: Path, port: int) -> Part:
    declared = [{"name": name, "properties": {**own, "lockDuration": "PT2S"}} for name, own in QUEUES.items()]
    (folder / "queues.json").write_text(json.dumps({"queues": declared}))
    places = ["--queues", str(folder / "queues.json"), "--data", str(folder / "bus")]
    return Part("broker", folder, [*places, "--port", str(port)], {})


def host(folder: Path, port: int, rpc: int, connection: str) -> Part:
    arguments = ["--app", str(APP), "--data", str(folder / "host"), "--port", str(port), "--rpc-port", str(rpc)]
    environ = {"CRASH_LEDGER": str(folder / "ledger.txt"), "ServiceBus": connection}
    return Part("host", folder, arguments, {**environ, "AZURE_FUNCTIONS_DURABLE_STRICT_TYPING": "1"})


def quiet_port() -> int:
    """A free port that no outgoing connection takes while its owner is dead."""
    while True:
        port = random.SystemRandom().randrange(10_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def _context() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _enter(name: str, log: Path, arguments: list[str], environ: dict[str, str]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with log.open("a") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.update(environ)
    if name == "host":
        _record_completions(Path(environ["CRASH_LEDGER"]))
    os._exit((host_main if name == "host" else broker_main).main(arguments))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _record_completions(ledger: Path) -> None:
    original = ServiceBusReceiver.complete_message

    async def complete(self: Any, message: Any) -> None:
        await original(self, message)
        file = os.open(ledger, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.write(file, f"completed {message.message_id} {message.sequence_number}\n".encode())
        os.fsync(file)
        os.close(file)

    vars_of: Any = ServiceBusReceiver
    vars_of.complete_message = complete
