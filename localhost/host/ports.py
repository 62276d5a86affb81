"""Listening sockets on the loopback interface: the wanted port, or the next free one."""

import random
import socket

LOOPBACK = "127.0.0.1"


def listen(wanted: int) -> socket.socket:
    """Listen on `wanted` or the next free port above it; 0 means any."""
    candidates = range(wanted, wanted + 100) if wanted else [0]
    return _first_free(candidates)


def listen_rpc(wanted: int) -> socket.socket:
    """Listen on `wanted` or, like the extension, on one of ten random ports from 30000 to 30999."""
    return _first_free([wanted, *random.sample(range(30000, 31000), 10)] if wanted else [0])


def url(listener: socket.socket) -> str:
    """Return the URL of a listening socket, without a slash at its end."""
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"


def _first_free(ports: "range | list[int]") -> socket.socket:
    problem: OSError | None = None
    for port in ports:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((LOOPBACK, port))
            listener.listen(128)
            return listener
        except OSError as error:
            listener.close()
            problem = error
    raise OSError(f"No port is free: {problem}.")
