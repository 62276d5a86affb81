"""`python -m tests.support.model_server --port P --log FILE [--invent 0.2] [--delay 0.05] [--limit 60/60]`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from pathlib import Path

from tests.support.model_server.server import ModelServer


def _limit(text: str) -> tuple[int, float]:
    requests, _, seconds = text.partition("/")
    return int(requests), float(seconds or 60)


async def _serve(options: argparse.Namespace) -> None:
    server = ModelServer(invent=options.invent, delay=options.delay, limit=options.limit, log=options.log)
    await server.start(options.port)
    print(server.base_url, flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await server.stop()


def main() -> None:
    """Serve until interrupted; the first line printed is the base URL."""
    parser = argparse.ArgumentParser(description="An OpenAI-compatible server for tests, on the loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--invent", type=float, default=0.2, help="share of quotes that are made up (0-1)")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds that an answer takes")
    parser.add_argument("--limit", type=_limit, help="REQUESTS/SECONDS, beyond which 429 is answered")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))


main()
