"""A host in a process of its own, as people start it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]


class HostProcess:
    """Starts `python -m localhost.host` on free ports and speaks with it."""

    def __init__(self, app: Path, data: Path, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.report = data / "report.json"
        self.report.unlink(missing_ok=True)
        self.trace = data / "trace.txt"
        self.log = data / "host.log"
        command = [sys.executable, "-m", "localhost.host", "--app", str(app), "--data", str(data)]
        command += ["--port", "0", "--rpc-port", "0", "--report", str(self.report), *arguments]
        merged = {**os.environ, "TRIAL_TRACE": str(self.trace), **environ}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, stderr=log, stdout=log, env=merged, cwd=ROOT)

    def wait_until_ready(self) -> None:
        wait_for(lambda: self.report.exists() or self.process.poll() is not None, "the host is ready")
        assert self.report.exists(), self.log.read_text()
        urls = json.loads(self.report.read_text())
        assert urls["pid"] == self.process.pid
        self.http = httpx.Client(base_url=urls["http"], timeout=30)
        self.rpc = httpx.Client(base_url=f"{urls['rpc']}/durabletask", timeout=30)

    def start(self, name: str, instance_id: str, payload: Any = None) -> None:
        response = self.http.post(f"/api/start/{name}/{instance_id}", json=payload)
        assert response.status_code == 202, response.text

    def finished(self, instance_id: str) -> Any:
        """Wait until an instance has finished and return its status document."""
        wait_for(lambda: self.rpc.get(f"/instances/{instance_id}").status_code == 200, f"{instance_id} ends")
        return self.rpc.get(f"/instances/{instance_id}").json()

    def traced(self) -> list[str]:
        return self.trace.read_text().splitlines() if self.trace.exists() else []

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited in vain until {what}"
        time.sleep(0.02)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
