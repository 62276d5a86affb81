"""The only reader of the environment. A bad value stops the app with a sentence that names the setting."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


def _delays(text: str) -> str:
    """Comma-separated waits in seconds, kept as text, as the environment has it."""
    if not all(part.strip().isdecimal() for part in text.split(",")):
        msg = "must be whole seconds separated by commas, such as 60,300,900"
        raise ValueError(msg)
    return text


def _prices(text: str) -> str:
    """Kept as text, as the environment has it."""
    if not re.fullmatch(r"(\s*[^=,]+=\s*\d+(\.\d+)?\s*/\s*\d+(\.\d+)?\s*(,|$))*\s*", text):
        msg = "must be deployment=question/answer, prices a million tokens, such as gpt-4o=2.50/10"
        raise ValueError(msg)
    return text


def _clamd(url: str) -> str:
    """Empty, or the address of a clamd."""
    if url and not re.fullmatch(r"tcp://[^\s/]+/?|unix:///\S+", url):
        msg = "must be tcp://host:port or unix:///path"
        raise ValueError(msg)
    return url


class Settings(BaseSettings):
    """All settings of the app, by group."""

    model_config = SettingsConfigDict(extra="ignore", case_sensitive=False)

    # Storage and databases
    azurewebjobsstorage: str = Field("", description="Connection string of the storage account that holds the blobs.")
    blob_journal: str = Field(
        "",
        description="Folder that keeps new blobs until the storage has them on disk, for one that forgets the last "
        "seconds when it dies, as Azurite does; empty in Azure.",
    )
    servicebus: str = Field("", description="Connection string of the Service Bus that holds the queues.")
    servicebus__fullyqualifiednamespace: str = Field(
        "", description="Name of the Service Bus, such as x.servicebus.windows.net, where identity is used instead."
    )
    azurewebjobsstorage__blobserviceuri: str = Field(
        "", description="Address of the account's blobs, reached by the app's identity instead of a connection string."
    )
    key_vault_url: str = Field(
        "",
        description="Vault whose secrets neo4j-password, qdrant-api-key, azure-pg-password stand in for settings that "
        "are empty; one that is rotated is taken up within minutes.",
    )
    database_url: str = Field(
        "",
        description="PostgreSQL, with the app's own role: postgresql://role:password@host/db; without a password the "
        "app's identity signs in.",
    )
    database_password_in_vault: bool = Field(
        False, description="Whether the database's password is the vault's azure-pg-password, not a token."
    )
    db_pool_size: int = Field(10, ge=1, description="Connections that the pool keeps.")
    db_max_overflow: int = Field(10, ge=0, description="Connections that the pool may open beyond DB_POOL_SIZE.")
    db_pool_timeout: float = Field(30, gt=0, description="Seconds to wait for a free connection.")
    db_pool_recycle: float = Field(300, ge=0, description="Seconds after which an idle connection is closed.")
    qdrant_url: str = Field("", description="Qdrant's REST endpoint.")
    qdrant_api_key: str | None = Field(None, description="Qdrant's key, where it has one.")
    neo4j_uri: str = Field("", description="Neo4j's Bolt endpoint.")
    neo4j_user: str = Field("neo4j", description="Neo4j's user.")
    neo4j_password: str = Field("", description="Neo4j's password.")

    # Models. With no endpoint the offline analyst works.
    azure_openai_endpoint: str = Field("", description="Azure OpenAI endpoint; empty means none.")
    azure_openai_api_key: str = Field("", description="Azure OpenAI key, only where identity cannot be used.")
    azure_openai_api_version: str = Field("2024-10-21", description="API version of Azure OpenAI.")
    openai_base_url: str = Field("", description="Any OpenAI-compatible endpoint, such as http://localhost:11434/v1.")
    openai_api_key: str = Field("", description="Key of that endpoint; may be empty for local ones.")
    model_deployment: str = Field("", description="Name of the chat model or deployment.")
    model_deployment_high: str = Field("", description="Model of runs that ask for tier `high`; empty: the usual one.")
    embedding_deployment: str = Field("", description="Name of the embedding model; empty means the built-in encoder.")
    embedding_dimensions: int = Field(1536, ge=1, description="Dimensions of EMBEDDING_DEPLOYMENT's vectors.")
    model_timeout_seconds: float = Field(120, gt=0, description="Seconds to wait for one answer of the model.")

    model_requests_per_minute: int = Field(
        0, ge=0, description="Requests a minute of a model deployment, for all workers together; 0: no limit of ours."
    )
    model_tokens_per_minute: int = Field(
        0, ge=0, description="Tokens a minute of a model deployment, for all workers together; 0: no limit of ours."
    )
    model_prices: Annotated[str, AfterValidator(_prices)] = Field(
        "", description="Prices a million tokens: deployment=question/answer, …; costs of others are not known."
    )
    tenant_spending_limit: Decimal = Field(
        Decimal(0), ge=0, description="What a tenant's model calls may cost a month, in the prices' currency; 0: any."
    )

    # Documents
    max_upload_mb: int = Field(50, ge=1, le=95, description="Largest file that is accepted, in MB.")
    max_pages: int = Field(2000, ge=1, description="Most pages a document may have.")
    pages_per_activity: int = Field(
        10, ge=1, description="Pages that one activity reads: what a retry repeats at most."
    )
    max_members: int = Field(10_000, ge=1, description="Most files taken out of one uploaded archive or e-mail.")
    max_depth: int = Field(3, ge=0, description="How many archives or e-mails within each other are opened.")
    clamd_url: Annotated[str, AfterValidator(_clamd)] = Field(
        "", description="ClamAV's daemon: tcp://host:3310 or unix:///path; empty means no virus scanner."
    )
    antivirus_policy: Literal["", "mark", "refuse"] = Field(
        "",
        description="Files that no scanner looked through: `mark` takes and marks them, `refuse` does not. "
        "Empty: `mark` where AUTH_MODE is local, else `refuse`.",
    )
    ocr_threads: int = Field(0, ge=0, description="Threads of the OCR engine; 0 means one a core.")
    ocr_engine: Literal["pp", "fast", "tesseract", "document_intelligence"] = Field(
        "pp", description="What reads scans: pp is accurate, fast takes a quarter of its time, the others as named."
    )
    ocr_second_engine: Literal["auto", "none", "pp", "fast", "tesseract", "document_intelligence"] = Field(
        "auto", description="What reads doubtful pages too; auto is Tesseract beside pp, where it is installed."
    )
    document_intelligence_endpoint: str = Field("", description="Azure AI Document Intelligence endpoint.")
    document_intelligence_key: str = Field("", description="Its key, only where identity cannot be used.")
    ocr_requests_per_minute: int = Field(
        0, ge=0, description="Pages a minute for Document Intelligence, of all workers together; 0: no limit of ours."
    )
    stage_retry_delays: Annotated[str, AfterValidator(_delays)] = Field(
        "60,300,900", description="Seconds to wait before each retry of a failed stage."
    )
    blob_trigger_source: Literal["EventGrid", "LogsAndContainerScan"] = Field(
        "EventGrid", description="Where blob events come from: EventGrid in Azure, LogsAndContainerScan on one machine."
    )

    imports_max_ingests_per_min: int = Field(30, ge=1, description="Ingests of a tenant in any 60 seconds.")
    uploads_max_per_min: int = Field(600, ge=1, description="Upload requests of a tenant in any 60 seconds.")
    tenant_storage_mb: int = Field(0, ge=0, description="Originals that a tenant may keep, in MB; 0: any amount.")
    # Batches
    imports_enabled: bool = Field(True, description="Whether batches take in documents.")
    imports_max_items_per_batch: int = Field(5000, ge=1, description="Most items that a batch may hold.")
    fleet_tenant_id: UUID = Field(
        UUID("00000000-0000-4000-8000-000000000001"),
        description="Tenant whose operators see dead letters that belong to nobody, such as malformed messages.",
    )

    # Theory
    coding_fragment_concurrency: int = Field(8, ge=1, description="Fragments of one interview coded at once.")
    theory_interview_concurrency: int = Field(3, ge=1, description="Interviews coded at once in a run.")
    theory_status_poll_hint_seconds: int = Field(2, ge=1, description="Seconds a client should wait between questions.")
    theory_task_lock_ttl_seconds: int = Field(
        900, ge=30, description="Seconds after which a silent run loses its lease."
    )

    # Warm-up. Two switches are accepted for the sake of those who set them: the libraries they were for are gone.
    warmup_enable: bool = Field(True, description="Warm a worker up before its first request, or with it.")
    activities_elsewhere: bool = Field(
        False, description="The local host sets it in its own process, which reads no documents: other processes do."
    )
    warmup_timeout_sec: float = Field(60, ge=1, description="Seconds for all of warm-up; what is late has failed.")
    warmup_preload_fast: bool = Field(True, description="Read a page that has its own text, for a trial.")
    warmup_preload_hires: bool = Field(True, description="Read a scanned page, for a trial.")
    warmup_preload_table_model: bool = Field(False, description="Without effect: no table model is loaded here.")
    warmup_silence_pdfminer: bool = Field(False, description="Without effect: pdfminer is not used here.")
    warmup_http_client: bool = Field(True, description="Build the HTTP client of HTTP_BASE_URL.")
    warmup_http_health_check: bool = Field(True, description="Ask WARMUP_HTTP_HEALTH_URL, where it is set.")
    warmup_http_health_url: str = Field("", description="An address to ask, absolute or below HTTP_BASE_URL.")
    warmup_http_health_timeout_sec: float = Field(5, gt=0, description="Seconds to wait for its answer.")
    warmup_http_health_warn_ms: int = Field(1000, ge=1, description="Milliseconds above which it counts as slow.")
    http_base_url: str = Field("", description="What relative addresses of WARMUP_HTTP_HEALTH_URL are relative to.")
    http_extra_headers: str = Field("", description='Headers of those requests as JSON: {"X-Name": "value"}.')

    # Logs and traces. Nothing is exported unless one of the two addresses is set.
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="The least that is logged.")
    log_emoji: bool = Field(False, description="Begin the lines of events with a sign: done, wrong, or in between.")
    applicationinsights_connection_string: str = Field("", description="Application Insights, for traces and logs.")
    applicationinsights_authentication_string: str = Field(
        "", description="How the app signs in there: Authorization=AAD, with ClientId=… for a user-assigned identity."
    )
    otel_exporter_otlp_endpoint: str = Field("", description="A collector (OTLP over HTTP), for traces and logs.")
    traces_sample_ratio: float = Field(
        1.0, ge=0, le=1, description="Share of traces that are kept; a caller's decision goes first. Logs all are."
    )
    cors_allowed_origins: str = Field(
        "",
        description="Origins that browsers may call the local host from, separated by commas; in Azure the "
        "platform is told.",
    )

    # Access
    auth_mode: Literal["local", "azure"] = Field(
        "azure", description="`local` trusts headers and works on one machine only; anything else needs `azure`."
    )
    auth_issuer: str = Field(
        "",
        description="Whose tokens are accepted, such as https://login.microsoftonline.com/TENANT/v2.0; {tenantid} in "
        "place of TENANT takes tokens of any tenant.",
    )
    auth_audience: str = Field("", description="The app's own id in tokens (claim aud); several separated by commas.")
    auth_jwks_url: str = Field("", description="Where the issuer's keys are; empty: its OpenID configuration tells.")
    website_auth_enabled: bool = Field(False, description="App Service sets it where its own sign-in guards the app.")

    @property
    def scan_all(self) -> bool:
        """ANTIVIRUS_POLICY in effect: whether what was not scanned is refused."""
        return (self.antivirus_policy or ("mark" if self.auth_mode == "local" else "refuse")) == "refuse"

    @property
    def retry_delays(self) -> list[int]:
        """STAGE_RETRY_DELAYS as numbers."""
        return [int(part) for part in self.stage_retry_delays.split(",")]


@lru_cache(maxsize=1)
def load() -> Settings:
    """The settings of this process. Raises SystemExit with a sentence a setting when a value cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"Setting {'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise SystemExit("\n".join(lines)) from None
