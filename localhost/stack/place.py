"""Where a stack lives: its folders, its passwords and its ports."""

import json
import os
import random
import secrets
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from localhost.stack.files import write_atomically

ROOT = Path(__file__).resolve().parents[2]
# Below the range from which systems give ports to outgoing connections: nothing takes one of these by chance.
PORT_RANGE = range(21000, 29000)


def default_folder() -> Path:
    """`.localhost` in the project, or what THEOGEN_LOCAL_DIR names."""
    return Path(os.environ.get("THEOGEN_LOCAL_DIR") or ROOT / ".localhost").resolve()


@dataclass
class Place:
    """The folders of one stack. `durable` off trades safety in a power cut for speed: for tests only."""

    folder: Path
    tools: Path
    durable: bool = True
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """Everything that must survive a restart."""
        return self.folder / "data"

    @property
    def logs(self) -> Path:
        """One log for each part."""
        return self.folder / "logs"

    def log(self, name: str) -> Path:
        """The log of a part."""
        return self.logs / f"{name}.log"

    def make(self) -> None:
        """Create the folders and read, or invent, the passwords. May run any number of times."""
        for folder in (self.folder, self.data, self.logs, self.tools):
            folder.mkdir(parents=True, exist_ok=True)
        if os.name == "posix" and os.geteuid() == 0:
            for folder in (self.folder, self.data):
                folder.chmod(0o711)  # Postgres, as another user, passes through to its own folder
        self._rotate_logs()
        # With the data, since roles and users in it were made with these passwords.
        file = self.data / "passwords.json"
        if file.exists():
            self.passwords = json.loads(file.read_text())
        wanted = ("postgres", "theogen_owner", "theogen_app", "graph")
        if missing := [name for name in wanted if name not in self.passwords]:
            self.passwords |= {name: secrets.token_hex(16) for name in missing}
            write_atomically(file, self.passwords)

    def _rotate_logs(self) -> None:
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > 10_000_000:
                log.replace(log.with_suffix(".log.1"))


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback interface."""
    with socket.socket() as probe:
        if sys.platform != "win32":  # ports of connections that have just closed are free for a server
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose_port(wanted: Iterable[int], taken: set[int]) -> int:
    """The first wanted port that is free, or any other; never one of `taken`, to which it is added."""
    for port in (*wanted, *random.sample(PORT_RANGE, len(PORT_RANGE))):
        if port not in taken and is_free(port):
            taken.add(port)
            return port
    raise OSError("no free port")


def answers(port: int) -> bool:
    """Whether something listens on this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
