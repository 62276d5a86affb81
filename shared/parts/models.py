"""Models and what meters and pays them, built from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.credentials import MODELS_SCOPE, token

if TYPE_CHECKING:
    from shared.adapters.openai import Endpoint
    from shared.adapters.postgres import Database, PostgresBudget, PostgresLedger
    from shared.ports import Analyst, Clerk, Embedder
    from shared.settings import Settings


def model_endpoint(chosen: Settings) -> Endpoint | None:
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


def ledger(chosen: Settings, database: Database) -> PostgresLedger:
    """The ledger of paid calls, with what they cost."""
    from shared.adapters.postgres import PostgresLedger
    from shared.domain.prices import Prices

    return PostgresLedger(database, Prices.parse(chosen.model_prices))


def budget(chosen: Settings, database: Database, requests: int, tokens: int) -> PostgresBudget:
    """The fleet's limiter for one kind of call."""
    from shared.adapters.postgres import PostgresBudget

    limit = chosen.tenant_spending_limit or None
    return PostgresBudget(database, requests_a_minute=requests, tokens_a_minute=tokens, spending_limit=limit)


def embedder(chosen: Settings, database: Database) -> Embedder:
    """Embeddings by a model where one is named, else by the encoder on the machine."""
    endpoint = model_endpoint(chosen)
    if endpoint and chosen.embedding_deployment:
        from shared.adapters.openai import OpenAIEmbedder, PaidEmbedder

        model = OpenAIEmbedder(chosen.embedding_deployment, chosen.embedding_dimensions, endpoint)
        requests, tokens = chosen.model_requests_per_minute, chosen.model_tokens_per_minute
        return PaidEmbedder(model, ledger(chosen, database), budget(chosen, database, requests, tokens))
    from shared.adapters.sentence_encoder import SentenceEncoder

    return SentenceEncoder()


def tiers(chosen: Settings, embedder: Embedder, database: Database) -> dict[str, Analyst]:
    """Analysts of tiers other than the usual one. Without a model there is one analyst, and it takes every run."""
    if not chosen.model_deployment_high or not model_endpoint(chosen):
        return {}
    return {"high": analyst(chosen, chosen.model_deployment_high, embedder, database)}


def clerk(chosen: Settings, analyst: Analyst) -> Clerk | None:
    """The second reader of papers: the analyst where it is a model, else nobody."""
    if model_endpoint(chosen) is None:
        return None
    from shared.adapters.model_analyst import ModelAnalyst

    return analyst if isinstance(analyst, ModelAnalyst) else None


def analyst(chosen: Settings, deployment: str, embedder: Embedder, database: Database) -> Analyst:
    """The model's analyst where an endpoint is configured, else the offline one."""
    endpoint = model_endpoint(chosen)
    if endpoint is None:
        from shared.adapters.offline_analyst import OfflineAnalyst

        return OfflineAnalyst(embedder)
    from shared.adapters.model_analyst import ModelAnalyst
    from shared.adapters.openai import OpenAIClient

    if not deployment:
        raise SystemExit("Setting MODEL_DEPLOYMENT: name the model, since a model endpoint is set.")
    client = OpenAIClient(deployment, endpoint, timeout=chosen.model_timeout_seconds, region=chosen.model_region)
    metered = budget(chosen, database, chosen.model_requests_per_minute, chosen.model_tokens_per_minute)
    return ModelAnalyst(client, ledger(chosen, database), metered)
