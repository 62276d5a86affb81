"""`python -m localhost.vectors --data DIR --port P`: serve until SIGTERM, on loopback only."""

import argparse
from pathlib import Path

from aiohttp import web

from localhost.vectors.server import make_app


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m localhost.vectors", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the collections")
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    app = make_app(arguments.data)
    web.run_app(app, host="127.0.0.1", port=arguments.port, print=None, access_log=None, shutdown_timeout=5)


if __name__ == "__main__":
    main()
