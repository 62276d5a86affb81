"""What the host's processes log, and in which form."""

import logging
import sys


def configure_logging(verbose: bool) -> None:
    """Log to standard error; libraries only from a warning on."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s"
    )
    logging.getLogger("localhost").setLevel(logging.DEBUG if verbose else logging.INFO)
    for chatty in ("azure", "aiohttp", "httpx", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
