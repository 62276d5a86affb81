"""Secrets by name, read again every few minutes: one that was rotated is taken up without a restart."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from shared.domain.errors import NotReady, Unavailable

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.keyvault.secrets.aio import SecretClient

FRESH = 300.0  # seconds that a value is used before the vault is asked again


class VaultSecrets:
    """One vault, read with an identity (role Key Vault Secrets User)."""

    def __init__(
        self,
        url: str,
        credential: AsyncTokenCredential,
        *,
        verify_challenge: bool = True,
        certificates: str | None = None,
    ) -> None:
        """`verify_challenge`: the vault may ask for tokens of its own domain only; off for a stand-in elsewhere.

        `certificates`: a file of authorities to trust, in place of the usual ones.
        """
        self._url, self._credential, self._verify = url, credential, verify_challenge
        self._options = {"connection_verify": certificates} if certificates else {}
        self._client: SecretClient | None = None
        self._values: dict[str, tuple[str, float]] = {}
        self._asking = asyncio.Lock()

    async def get(self, name: str) -> str:
        """The secret's present value. While the vault is away the last one is used; without one: Unavailable."""
        value, read = self._values.get(name, ("", float("-inf")))
        if time.monotonic() - read <= FRESH:
            return value
        async with self._asking:
            value, read = self._values.get(name, ("", float("-inf")))
            if time.monotonic() - read > FRESH:
                value = await self._read(name, value)
                self._values[name] = value, time.monotonic()
        return value

    async def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _read(self, name: str, last: str) -> str:
        from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
        from azure.keyvault.secrets.aio import SecretClient

        if self._client is None:
            self._client = SecretClient(
                self._url,
                self._credential,
                verify_challenge_resource=self._verify,
                retry_total=3,
                retry_backoff_factor=0.3,
                **self._options,
            )
        try:
            return (await self._client.get_secret(name)).value or ""
        except ResourceNotFoundError as error:
            raise NotReady(
                f"The key vault has no secret {name}.", f"Set it: az keyvault secret set --name {name} …"
            ) from error
        except (AzureError, OSError) as error:
            if last:
                return last
            status = error.status_code if isinstance(error, HttpResponseError) else type(error).__name__
            raise Unavailable(f"The key vault did not give secret {name} ({status}).") from error
