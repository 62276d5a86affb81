"""A Service Bus of one app's own, which can be killed and started again."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
_HELLO = b"AMQP\x00\x01\x00\x00"


class Bus:
    """`python -m localhost.service_bus` on a folder, always on the same port."""

    def __init__(self, folder: Path, queues: Path) -> None:
        self.folder, self._queues, self.port = folder, queues, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def connection(self) -> str:
        """For the SDK."""
        access = "SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE"
        return f"Endpoint=sb://127.0.0.1:{self.port};{access};UseDevelopmentEmulator=true;"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        places = ["--queues", str(self._queues), "--data", str(self.folder / "data"), "--port", str(self.port)]
        command = [sys.executable, "-m", "localhost.service_bus", *places, "--relaxed"]
        log = self.folder / "log.txt"
        with log.open("ab") as file:
            self._process = subprocess.Popen(command, cwd=ROOT, stderr=file)
        until = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as probe:
                probe.sendall(_HELLO)
                return probe.recv(len(_HELLO)) == _HELLO
        except OSError:
            return False
