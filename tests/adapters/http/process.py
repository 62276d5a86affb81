"""A process in which each of our HTTP clients asks for one thing; what comes back is no matter here."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial

from shared.adapters.blob import AzureBlobs
from shared.adapters.entra.keys import SigningKeys
from shared.adapters.http.client import build_client, check_health
from shared.adapters.openai import CompatibleEndpoint, OpenAIClient
from shared.adapters.telemetry import Destination, begin_export
from shared.domain.analysis import ModelRequest

ACCOUNT = "AccountName=a;AccountKey=YQ==;BlobEndpoint=https://blobs.example"


async def main() -> None:
    """Every client once, one after another."""
    begin_export(Destination(otlp_endpoint="https://collector.example"))
    logging.getLogger("theogen").warning("a line")
    model = OpenAIClient("m", CompatibleEndpoint("https://model.example/v1", api_key="k"), timeout=10)
    blobs = AzureBlobs(connection_string=ACCOUNT)
    calls = [
        check_health(partial(build_client, "", ""), "https://health.example/health", 10),
        model.complete(ModelRequest("check", "1", "s", "u", "check", {})),
        asyncio.wait_for(blobs.exists("documents", "x"), 10),
        SigningKeys("https://issuer.example").key("no such key"),
    ]
    for call in calls:
        with contextlib.suppress(Exception):
            await call
    await model.close()
    await blobs.close()
    logging.shutdown()


if __name__ == "__main__":
    asyncio.run(main())
