"""The composition root: which adapter stands behind each port. Everything is built when first asked for."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from shared.credentials import MODELS_SCOPE, database_password, identity, secret, token
from shared.domain.errors import InvalidRequest
from shared.ports import Analyst, Blobs, Clerk, Embedder, Limits, OcrEngine, Ports, Scanner, SignIn, WorkQueue

if TYPE_CHECKING:
    from shared.adapters.openai import Endpoint, OpenAIClient
    from shared.adapters.postgres import Database, PostgresBudget, PostgresLedger
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
    database = _database(chosen)
    embedder = _embedder(chosen, database)
    analyst = _analyst(chosen, chosen.model_deployment, embedder, database)
    return Ports(
        store=database,
        blobs=_blobs(chosen),
        reader=_reader(chosen, _ocr(chosen, database)),
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
        limits=_limits(chosen),
        work=_work(chosen),
        archives=ZippedFiles(largest=chosen.max_upload_mb * 1024 * 1024),
        tiers=_tiers(chosen, embedder, database),
        scanner=_scanner(chosen),
        clerk=_clerk(analyst),
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
    endpoint = _endpoint(chosen)
    if endpoint is None:
        return []
    from shared.adapters.openai import OpenAIClient

    names = dict.fromkeys(filter(None, (chosen.model_deployment, chosen.model_deployment_high)))
    return [OpenAIClient(name, endpoint, timeout=chosen.model_timeout_seconds) for name in names]


async def close() -> None:
    """Give every connection back, for programs that end."""
    chosen = ports()
    for adapter in (chosen.store, chosen.blobs, chosen.vectors, chosen.graph, chosen.embedder):
        if hasattr(adapter, "close"):
            await adapter.close()


def reader() -> FileReader:
    """The reader of documents, which needs no service: evaluations use it alone."""
    chosen = settings()
    return _reader(chosen, _ocr(chosen))


def _reader(chosen: Settings, ocr: OcrEngine) -> FileReader:
    from shared.adapters.reading import FileReader
    from shared.adapters.reading import Limits as FileLimits

    return FileReader(
        ocr,
        FileLimits(
            max_bytes=chosen.max_upload_mb * 1024 * 1024, max_pages=chosen.max_pages, max_members=chosen.max_members
        ),
    )


def _ocr(chosen: Settings, database: Database | None = None) -> OcrEngine:
    """The engine that reads scans. Stops the app when the one that is set is not here.

    With a database, pages that are paid for are kept there, and metered.
    """
    from shared.adapters.ocr import chosen_engine

    threads = chosen.ocr_threads or os.cpu_count() or 1
    try:
        return chosen_engine(
            chosen.ocr_engine, chosen.ocr_second_engine, threads, lambda: _document_intelligence(chosen, database)
        )
    except InvalidRequest as error:
        raise SystemExit(f"Settings OCR_ENGINE and OCR_SECOND_ENGINE: {error}") from None


def _document_intelligence(chosen: Settings, database: Database | None) -> OcrEngine:
    from shared.adapters.ocr.document_intelligence import DocumentIntelligence

    endpoint, key = chosen.document_intelligence_endpoint, chosen.document_intelligence_key
    if not endpoint:
        raise InvalidRequest("Setting DOCUMENT_INTELLIGENCE_ENDPOINT: the engine document_intelligence needs it.")
    if key:
        from azure.core.credentials import AzureKeyCredential

        service = DocumentIntelligence(endpoint, AzureKeyCredential(key))
    else:
        service = DocumentIntelligence(endpoint, identity())
    if database is None:
        return service
    from shared.adapters.ocr.paid import PaidOcr

    budget = _budget(chosen, database, chosen.ocr_requests_per_minute, 0)
    return PaidOcr(service, _ledger(chosen, database), budget)


def _ledger(chosen: Settings, database: Database) -> PostgresLedger:
    from shared.adapters.postgres import PostgresLedger
    from shared.domain.prices import Prices

    return PostgresLedger(database, Prices.parse(chosen.model_prices))


def _budget(
    chosen: Settings, database: Database, requests: int, tokens: int, *, spending: bool = True
) -> PostgresBudget:
    from shared.adapters.postgres import PostgresBudget

    limit = chosen.tenant_spending_limit or None
    return PostgresBudget(
        database, requests_a_minute=requests, tokens_a_minute=tokens, spending_limit=limit if spending else None
    )


def analyst_name() -> str:
    """`model` when a model endpoint is configured, else `offline`."""
    return "model" if _endpoint(settings()) else "offline"


def _limits(chosen: Settings) -> Limits:
    return Limits(
        pages_per_activity=chosen.pages_per_activity,
        fragment_concurrency=chosen.coding_fragment_concurrency,
        interview_concurrency=chosen.theory_interview_concurrency,
        lease_ttl=chosen.theory_task_lock_ttl_seconds,
        poll_hint=chosen.theory_status_poll_hint_seconds,
        retry_delays=tuple(chosen.retry_delays),
        ingests_per_minute=chosen.imports_max_ingests_per_min,
        uploads_per_minute=chosen.uploads_max_per_min,
        storage_bytes=chosen.tenant_storage_mb * 1024 * 1024 or None,
        max_members=chosen.max_members,
        max_depth=chosen.max_depth,
        scan_all=chosen.scan_all,
        items_per_batch=chosen.imports_max_items_per_batch,
        imports_enabled=chosen.imports_enabled,
        fleet_tenant=str(chosen.fleet_tenant_id),
    )


def _scanner(chosen: Settings) -> Scanner | None:
    if not chosen.clamd_url:
        return None
    from shared.adapters.clamav import ClamdScanner

    return ClamdScanner(chosen.clamd_url)


def _blobs(chosen: Settings) -> Blobs:
    from shared.adapters.blob import AzureBlobs, JournalledBlobs, RecentBlobs

    if chosen.azurewebjobsstorage:
        stored: Blobs = AzureBlobs(connection_string=chosen.azurewebjobsstorage)
    else:
        stored = AzureBlobs(account_url=chosen.azurewebjobsstorage__blobserviceuri, credential=identity())
    if chosen.blob_journal:
        stored = JournalledBlobs(stored, Path(chosen.blob_journal))
    return RecentBlobs(stored)


def _work(chosen: Settings) -> WorkQueue:
    from shared.adapters.service_bus import ServiceBusQueue, UnsetQueue

    if chosen.servicebus:
        return ServiceBusQueue(connection_string=chosen.servicebus)
    if chosen.servicebus__fullyqualifiednamespace:
        return ServiceBusQueue(namespace=chosen.servicebus__fullyqualifiednamespace, credential=identity())
    return UnsetQueue()


def _database(chosen: Settings) -> Database:
    from shared.adapters.postgres import Database

    return Database(
        chosen.database_url,
        size=chosen.db_pool_size,
        overflow=chosen.db_max_overflow,
        timeout=chosen.db_pool_timeout,
        recycle=chosen.db_pool_recycle,
        password=database_password(
            chosen.database_url, chosen.key_vault_url, by_vault=chosen.database_password_in_vault
        ),
    )


def _endpoint(chosen: Settings) -> Endpoint | None:
    """The model endpoint that is configured, if any; Azure's goes first."""
    if not chosen.azure_openai_endpoint and not chosen.openai_base_url:
        return None
    from shared.adapters.openai import AzureEndpoint, CompatibleEndpoint

    if chosen.azure_openai_endpoint:
        key = chosen.azure_openai_api_key
        return AzureEndpoint(
            chosen.azure_openai_endpoint,
            chosen.azure_openai_api_version,
            api_key=key or None,
            token_provider=None if key else token(MODELS_SCOPE),
        )
    return CompatibleEndpoint(chosen.openai_base_url, api_key=chosen.openai_api_key)


def _embedder(chosen: Settings, database: Database) -> Embedder:
    endpoint = _endpoint(chosen)
    if endpoint and chosen.embedding_deployment:
        from shared.adapters.openai import OpenAIEmbedder

        requests, tokens = chosen.model_requests_per_minute, chosen.model_tokens_per_minute
        return OpenAIEmbedder(
            chosen.embedding_deployment,
            chosen.embedding_dimensions,
            endpoint,
            budget=_budget(chosen, database, requests, tokens, spending=False),
            payer=str(chosen.fleet_tenant_id),
        )
    from shared.adapters.sentence_encoder import SentenceEncoder

    return SentenceEncoder()


def _tiers(chosen: Settings, embedder: Embedder, database: Database) -> dict[str, Analyst]:
    """Analysts of tiers other than the usual one. Without a model there is one analyst, and it takes every run."""
    if not chosen.model_deployment_high or not _endpoint(chosen):
        return {}
    return {"high": _analyst(chosen, chosen.model_deployment_high, embedder, database)}


def _clerk(analyst: Analyst) -> Clerk | None:
    """The second reader of papers: the analyst where it is a model, else nobody."""
    if analyst_name() != "model":
        return None
    from shared.adapters.model_analyst import ModelAnalyst

    return analyst if isinstance(analyst, ModelAnalyst) else None


def _analyst(chosen: Settings, deployment: str, embedder: Embedder, database: Database) -> Analyst:
    endpoint = _endpoint(chosen)
    if endpoint is None:
        from shared.adapters.offline_analyst import OfflineAnalyst

        return OfflineAnalyst(embedder)
    from shared.adapters.model_analyst import ModelAnalyst
    from shared.adapters.openai import OpenAIClient

    if not deployment:
        raise SystemExit("Setting MODEL_DEPLOYMENT: name the model, since a model endpoint is set.")
    client = OpenAIClient(deployment, endpoint, timeout=chosen.model_timeout_seconds)
    budget = _budget(chosen, database, chosen.model_requests_per_minute, chosen.model_tokens_per_minute)
    return ModelAnalyst(client, _ledger(chosen, database), budget)
