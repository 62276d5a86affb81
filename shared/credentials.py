"""Who the app is to other services: its identity, and the few secrets that identity cannot replace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from shared.adapters.key_vault import VaultSecrets

Secret = Callable[[], Awaitable[str]]

DATABASE_SCOPE = "https://ossrdbms-aad.database.windows.net/.default"
MODELS_SCOPE = "https://cognitiveservices.azure.com/.default"


@lru_cache(maxsize=1)
def identity() -> AsyncTokenCredential:
    """The managed identity in Azure (`AZURE_CLIENT_ID` says which), elsewhere whoever is signed in on the machine.

    It keeps tokens and renews them before they expire.
    """
    from azure.identity.aio import DefaultAzureCredential

    return DefaultAzureCredential()


def token(scope: str) -> Secret:
    """A provider of the identity's tokens for a scope."""

    async def give() -> str:
        return (await identity().get_token(scope)).token

    return give


def secret(value: str | None, name: str, vault_url: str) -> str | Secret | None:
    """A setting's value; where it is empty and there is a vault, a provider of the vault's secret `name`."""
    if value or not vault_url:
        return value
    vault = _vault(vault_url)

    async def give() -> str:
        return await vault.get(name)

    return give


def database_password(url: str, vault_url: str, *, by_vault: bool) -> Secret | None:
    """What signs in where the URL holds no password: the identity's token, or secret `azure-pg-password`."""
    parts = urlsplit(url)
    if parts.password or not parts.username or parts.hostname in {None, "localhost", "127.0.0.1"}:
        return None
    if by_vault:
        vault = _vault(vault_url)

        async def give() -> str:
            return await vault.get("azure-pg-password")

        return give
    return token(DATABASE_SCOPE)


@lru_cache(maxsize=4)
def _vault(url: str) -> VaultSecrets:
    from shared.adapters.key_vault import VaultSecrets

    return VaultSecrets(url, identity())
