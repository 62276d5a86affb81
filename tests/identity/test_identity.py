"""The app's identity towards other services: which tokens are asked for, when anew, and secrets that are rotated."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import trustme

from localhost.stack import Stack
from shared import credentials
from shared.adapters.blob import AzureBlobs
from shared.adapters.key_vault import secrets as vault_secrets
from shared.adapters.openai import AzureEndpoint, OpenAIClient
from shared.adapters.openai.check import check_model
from shared.adapters.postgres import Database
from shared.domain.errors import NotReady, Unavailable
from tests.identity.stand_ins import HEADER, IdentityEndpoint, Vault, serving
from tests.support.database import migrated_url
from tests.support.model_server import ModelServer

__all__ = ["migrated_url"]

DATABASE = "https://ossrdbms-aad.database.windows.net"
VAULT = "https://vault.azure.net"


@pytest.fixture
async def endpoint(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[IdentityEndpoint]:
    """The identity endpoint of App Service, as its environment names it."""
    given = IdentityEndpoint()
    server = await serving(given.app())
    monkeypatch.setenv("IDENTITY_ENDPOINT", str(server.make_url("/msi/token")))
    monkeypatch.setenv("IDENTITY_HEADER", HEADER)
    monkeypatch.setenv("AZURE_CLIENT_ID", "11111111-2222-3333-4444-555555555555")
    credentials.identity.cache_clear()
    yield given
    credential = credentials.identity()
    credentials.identity.cache_clear()
    await credential.close()
    await server.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    """A certificate authority of these tests, and its certificate as a file."""
    made = trustme.CA()
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    made.cert_pem.write_to_path(str(path))
    return made, path


async def test_a_token_is_kept_until_it_nears_its_end_and_then_renewed(endpoint: IdentityEndpoint) -> None:
    token = credentials.token(credentials.MODELS_SCOPE)
    first = [await token() for _ in range(5)]
    assert len(set(first)) == 1
    assert endpoint.asked == {"https://cognitiveservices.azure.com": 1}
    assert endpoint.clients == {"11111111-2222-3333-4444-555555555555"}


async def test_a_token_that_ends_soon_is_asked_for_anew_in_a_long_run(
    endpoint: IdentityEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.lifetime = 60  # less than the SDK wants to have left; it asks again after half a minute, here at once
    monkeypatch.setattr("azure.identity._internal.utils.DEFAULT_TOKEN_REFRESH_RETRY_DELAY", -1)
    token = credentials.token(credentials.DATABASE_SCOPE)
    seen = {await token() for _ in range(3)}
    assert endpoint.asked[DATABASE] == len(seen) == 3


async def test_the_database_is_signed_in_to_with_a_token_and_new_connections_with_a_new_one(
    endpoint: IdentityEndpoint, stack: Stack, migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = migrated_url.rpartition("@")[2]
    admin = await asyncpg.connect(f"postgresql://postgres:{stack.place.passwords['postgres']}@{address}")
    try:
        await admin.execute("create role by_token login password 'first-token'")
        endpoint.lifetime = 0
        endpoint.token_of[DATABASE] = "first-token"
        password = credentials.token(credentials.DATABASE_SCOPE)
        url = f"postgresql://by_token@{address}"
        database = Database(url, size=1, overflow=1, timeout=10, recycle=300, password=password)
        await database.ping()
        await admin.execute("alter role by_token password 'second-token'")
        endpoint.token_of[DATABASE] = "second-token"
        async with database.connection() as one, database.connection() as another:  # the second is a new one
            assert await one.fetchval("select current_user") == "by_token"
            assert await another.fetchval("select current_user") == "by_token"
        assert endpoint.asked[DATABASE] == 2
        await database.close()
    finally:
        await admin.execute("drop role by_token")
        await admin.close()


def test_a_password_is_wanted_only_where_the_url_has_none_and_the_server_is_elsewhere() -> None:
    def wanted(url: str) -> bool:
        return credentials.database_password(url, "https://v", by_vault=False) is not None

    assert wanted("postgresql://id-app@psql.example.org:5432/theogen?sslmode=require")
    assert not wanted("postgresql://id-app:secret@psql.example.org:5432/theogen")
    assert not wanted("postgresql://id-app@127.0.0.1:5432/theogen")


async def test_a_model_is_asked_with_a_token_for_its_scope(endpoint: IdentityEndpoint) -> None:
    async with ModelServer() as server:
        azure = AzureEndpoint(
            server.base_url.removesuffix("/v1"),
            "2024-10-21",
            token_provider=credentials.token(credentials.MODELS_SCOPE),
        )
        client = OpenAIClient("usual", azure, timeout=10)
        await check_model(client)
        await client.close()
        assert len(server.asked) == 1
    assert endpoint.asked == {"https://cognitiveservices.azure.com": 1}


async def test_a_rotated_secret_is_taken_up_without_a_restart(
    endpoint: IdentityEndpoint, authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ca, path = authority
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    vault = Vault(**{"neo4j-password": "old"})
    server = await serving(vault.app(), ca.issue_cert("localhost", "127.0.0.1"))
    held = vault_secrets.VaultSecrets(
        str(server.make_url("")), credentials.identity(), verify_challenge=False, certificates=str(path)
    )
    try:
        assert [await held.get("neo4j-password") for _ in range(3)] == ["old"] * 3
        assert len(vault.seen) == 1
        vault.secrets["neo4j-password"] = "new"
        monkeypatch.setattr(vault_secrets, "FRESH", 0.0)
        assert await held.get("neo4j-password") == "new"
        vault.away = True
        assert await held.get("neo4j-password") == "new"  # the last one, while the vault is away
        with pytest.raises(Unavailable):
            await held.get("qdrant-api-key")
        vault.away = False
        with pytest.raises(NotReady, match="qdrant-api-key"):
            await held.get("qdrant-api-key")
        assert endpoint.asked == {VAULT: 1}
        assert len(set(vault.seen)) == 1
    finally:
        await held.close()
        await server.close()


async def test_at_once_the_vault_is_asked_once(endpoint: IdentityEndpoint, authority: tuple[trustme.CA, Path]) -> None:
    ca, path = authority
    vault = Vault(**{"qdrant-api-key": "k"})
    server = await serving(vault.app(), ca.issue_cert("localhost", "127.0.0.1"))
    held = vault_secrets.VaultSecrets(
        str(server.make_url("")), credentials.identity(), verify_challenge=False, certificates=str(path)
    )
    try:
        assert set(await asyncio.gather(*(held.get("qdrant-api-key") for _ in range(20)))) == {"k"}
        assert len(vault.seen) == 1
    finally:
        await held.close()
        await server.close()


async def test_a_setting_goes_before_the_vault(endpoint: IdentityEndpoint) -> None:
    assert credentials.secret("set", "neo4j-password", "https://v") == "set"
    assert credentials.secret("", "neo4j-password", "") == ""
    assert callable(credentials.secret("", "neo4j-password", "https://v"))


def test_storage_takes_an_address_with_an_identity_or_a_connection_string_and_not_both() -> None:
    with pytest.raises(ValueError, match="not both"):
        AzureBlobs(connection_string="x", account_url="https://a")
