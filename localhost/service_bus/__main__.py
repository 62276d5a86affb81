"""`python -m localhost.service_bus --queues FILE --data DIR --port P`: serve until SIGTERM, on loopback only."""

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from localhost.service_bus.declaration import read_declaration
from localhost.service_bus.errors import DeclarationError
from localhost.service_bus.server import serve

log = logging.getLogger("localhost.service_bus")


def main(argv: list[str] | None = None) -> int:
    """0 after a clean stop, 1 with one sentence if it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m localhost.service_bus", description=__doc__)
    parser.add_argument("--queues", type=Path, required=True, help="the declaration of the queues")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the messages")
    parser.add_argument("--port", type=int, required=True, help="0: any, which the log names")
    parser.add_argument("--relaxed", action="store_true", help="faster, not safe in a power cut: for tests")
    options = parser.parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)-7s %(message)s")

    def ready(port: int) -> None:
        log.info("listening on 127.0.0.1:%d", port)

    try:
        declaration = read_declaration(options.queues)
        asyncio.run(serve(declaration, options.data, options.port, durable=not options.relaxed, ready=ready))
    except (DeclarationError, OSError) as error:
        log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
