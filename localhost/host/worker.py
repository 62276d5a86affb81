"""What the processes that run functions for a host have in common, whichever functions those are."""

import logging
import os
import select
import signal
import socket
import threading
from pathlib import Path

from localhost.host.functions import FunctionTable, read_functions
from localhost.host.loader import LoadError, index_folder
from localhost.host.logs import configure_logging


def connect(level: str) -> socket.socket:
    """Return the stream to the host, which is the standard input at first; log as the host does.

    From then on nothing that the app prints gets between the frames, and no program that it starts holds the stream.
    """
    # A signal to the whole group is the host's to answer; it closes the stream when it is done.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    stream = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    configure_logging(verbose=level == "DEBUG")
    threading.Thread(target=_end_with_the_host, args=(os.dup(stream.fileno()),), daemon=True).start()
    return stream


def read_table(app: Path) -> FunctionTable:
    """Import the app. What is to be said about it the host has said already."""
    logger = logging.getLogger("localhost")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        table = read_functions(index_folder(app), os.environ)
    except (LoadError, SystemExit):
        raise SystemExit(1) from None
    logger.setLevel(level)
    return table


def _end_with_the_host(stream: int) -> None:
    """End the process when the host is gone, whatever its functions do. A host that ends in order is still there."""
    gone = select.poll()
    gone.register(stream, 0)  # only that both directions are closed, which is always told
    gone.poll()
    os._exit(1)
