"""A client for the services of HTTP_BASE_URL, and whether one of them is well.

Proxies (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`) and certificates (`SSL_CERT_FILE`) are taken from the environment.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from shared.domain.errors import NotReady

if TYPE_CHECKING:
    import aiohttp


def build_client(base_url: str, extra_headers: str) -> aiohttp.ClientSession:
    """A session, to be closed by the caller. `extra_headers`: a JSON object. Raises NotReady that names the setting."""
    import aiohttp

    try:
        headers = json.loads(extra_headers or "{}")
        if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
            raise ValueError
    except ValueError:
        raise NotReady(
            "HTTP_EXTRA_HEADERS is no JSON object of texts.", 'Write it as {"X-Name": "value"}, or leave it empty.'
        ) from None
    try:
        return aiohttp.ClientSession(base_url=base_url or None, headers=headers, trust_env=True)
    except (ValueError, AssertionError):
        raise NotReady("HTTP_BASE_URL is no address.", "Write it as https://host/path/, or leave it empty.") from None


async def check_health(client: Callable[[], aiohttp.ClientSession], url: str, patience: float) -> str:
    """GET the address within `patience` seconds; its body is not read."""
    import aiohttp

    remedy = "See WARMUP_HTTP_HEALTH_URL and HTTP_BASE_URL, and whether the service runs and can be reached from here."
    async with client() as session:
        try:
            async with session.get(url, timeout=aiohttp.ClientTimeout(total=patience)) as response:
                status = response.status
        except TimeoutError:
            raise NotReady(f"The health address gave no answer within {patience:g} seconds.", remedy) from None
        except (aiohttp.ClientError, ValueError, OSError) as error:
            raise NotReady(f"The health address cannot be reached ({type(error).__name__}).", remedy) from None
    if status >= 400:
        raise NotReady(f"The health address answered with {status}.", remedy)
    return f"answered {status}"
