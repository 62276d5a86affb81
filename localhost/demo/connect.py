"""Where the app and its storage are; started first if they are not there yet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from localhost.demo.errors import DemoError

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Address:
    """The app's base URL (no `/` at the end) and the connection string of its blob storage."""

    http: str
    storage: str


def local_folder() -> Path:
    """`.localhost` in the project, or what THEOGEN_LOCAL_DIR names."""
    return Path(os.environ.get("THEOGEN_LOCAL_DIR") or ROOT / ".localhost").resolve()


def connect() -> Address:
    """The running app; `python -m localhost up` brings it up when it does not answer."""
    address = _running()
    if address is None:
        if _localhost("up").returncode:
            raise DemoError("The app did not start; the lines above say why.")
        address = _running()
    if address is None:
        raise DemoError("The app runs but does not answer. `python -m localhost status` shows what is wrong.")
    return address


def _running() -> Address | None:
    asked = _localhost("env", "--json", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    http = _host_url()
    if asked.returncode or not http or not _answers(http):
        return None
    storage = json.loads(asked.stdout).get("AzureWebJobsStorage")
    if not storage:
        raise DemoError("`python -m localhost env` does not say where the blob storage is (AzureWebJobsStorage).")
    return Address(http, storage)


def _localhost(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "localhost", *arguments], cwd=ROOT, check=False, **options)


def _host_url() -> str | None:
    try:
        url = json.loads((local_folder() / "host.json").read_text()).get("http")
    except (OSError, ValueError):
        return None
    return str(url).rstrip("/") if url else None


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/health", timeout=10, trust_env=False).status_code < 500
    except httpx.TransportError:
        return False
