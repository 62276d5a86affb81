"""Ports for servers that a test starts, kills and starts again at the same address."""

import os
import random
import re
import socket

# Below those that the system gives to whoever connects somewhere, and a block for each process that runs tests: else
# another test's client could sit on a dead server's port when that server comes back.
_FIRST, _BLOCK = 20_000, 1_500
_given: set[int] = set()
_WORKER = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or "0")


def free_port() -> int:
    """A port of this process's block that nobody listens on, each once."""
    first = _FIRST + _BLOCK * (_WORKER % 8)
    for port in random.sample(range(first, first + _BLOCK), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            if port not in _given:
                _given.add(port)
                return port
    raise OSError(f"No port is free from {first} to {first + _BLOCK}.")
