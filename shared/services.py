"""The composition root: which adapter stands behind each port. Everything is built when first asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from shared.credentials import secret
from shared.parts import models, readers, stores
from shared.ports import Ports, SignIn

if TYPE_CHECKING:
    from shared.adapters.openai import OpenAIClient
    from shared.adapters.reading import FileReader
    from shared.settings import Settings


def settings() -> Settings:
    """The settings of this process."""
    from shared.settings import load

    return load()


@lru_cache(maxsize=1)
def observe() -> None:
    """Log as the settings say and send traces where they say, from the first use on."""
    import logging

    from shared.steps.events import use_signs

    chosen = settings()
    for name in ("theogen", "shared", "functions"):
        logging.getLogger(name).setLevel(chosen.log_level)
    use_signs(chosen.log_emoji)
    address, identity = chosen.applicationinsights_connection_string, chosen.applicationinsights_authentication_string
    if address or chosen.otel_exporter_otlp_endpoint:
        from shared.adapters.telemetry import Destination, begin_export

        begin_export(Destination(address, identity, chosen.otel_exporter_otlp_endpoint, chosen.traces_sample_ratio))


@lru_cache(maxsize=1)
def ports() -> Ports:
    """All ports, built once a process."""
    from shared.adapters.archives import ZippedFiles
    from shared.adapters.languages import LangidDetector
    from shared.adapters.neo4j import Neo4jGraph
    from shared.adapters.qdrant import QdrantVectors
    from shared.adapters.structured import StructuredReader

    chosen = settings()
    database = stores.database(chosen)
    embedder = models.embedder(chosen, database)
    analyst = models.analyst(chosen, chosen.model_deployment, embedder, database)
    return Ports(
        store=database,
        blobs=stores.blobs(chosen),
        reader=readers.reader(chosen, readers.ocr(chosen, database)),
        structured=StructuredReader(),
        languages=LangidDetector(),
        embedder=embedder,
        vectors=QdrantVectors(chosen.qdrant_url, secret(chosen.qdrant_api_key, "qdrant-api-key", chosen.key_vault_url)),
        graph=Neo4jGraph(
            chosen.neo4j_uri,
            chosen.neo4j_user,
            secret(chosen.neo4j_password, "neo4j-password", chosen.key_vault_url) or "",
        ),
        analyst=analyst,
        limits=stores.limits(chosen),
        work=stores.work(chosen),
        archives=ZippedFiles(largest=chosen.max_upload_mb * 1024 * 1024),
        tiers=models.tiers(chosen, embedder, database),
        scanner=readers.scanner(chosen),
        clerk=models.clerk(chosen, analyst),
    )


@lru_cache(maxsize=1)
def sign_in() -> SignIn:
    """How callers prove who they are outside one machine."""
    from shared.adapters.entra import EntraSignIn

    chosen = settings()
    audiences = [part.strip() for part in chosen.auth_audience.split(",") if part.strip()]
    return EntraSignIn(
        chosen.auth_issuer, audiences, jwks_url=chosen.auth_jwks_url, easy_auth=chosen.website_auth_enabled
    )


def model_clients() -> list[OpenAIClient]:
    """A client for each model deployment that is configured; none with the offline analyst."""
    chosen = settings()
    endpoint = models.model_endpoint(chosen)
    if endpoint is None:
        return []
    from shared.adapters.openai import OpenAIClient

    names = dict.fromkeys(filter(None, (chosen.model_deployment, chosen.model_deployment_high)))
    return [OpenAIClient(name, endpoint, timeout=chosen.model_timeout_seconds) for name in names]


async def close() -> None:
    """Give every connection back, for programs that end."""
    chosen = ports()
    for adapter in (chosen.store, chosen.blobs, chosen.vectors, chosen.graph, chosen.embedder, chosen.work):
        if hasattr(adapter, "close"):
            await adapter.close()


def reader() -> FileReader:
    """The reader of documents, which needs no service: evaluations use it alone."""
    chosen = settings()
    return readers.reader(chosen, readers.ocr(chosen))


def analyst_name() -> str:
    """`model` when a model endpoint is configured, else `offline`."""
    return "model" if models.model_endpoint(settings()) else "offline"
