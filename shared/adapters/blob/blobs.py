"""The `Blobs` port on the storage SDK's asynchronous client."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from shared.domain.errors import NotFound

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.storage.blob.aio import BlobClient, BlobServiceClient

TRANSFERS = 16


class AzureBlobs:
    """Blobs of one storage account, reached by a connection string or by an account URL and an identity.

    At most 16 transfers run at once. Metadata values travel in HTTP headers, which know only ASCII: they are
    percent-encoded, so that `urllib.parse.unquote` gives back any file name.
    """

    def __init__(
        self,
        *,
        connection_string: str | None = None,
        account_url: str | None = None,
        credential: AsyncTokenCredential | None = None,
    ) -> None:
        """Give `connection_string`, or `account_url` with `credential` (which stays the caller's to close)."""
        if bool(connection_string) == bool(account_url):
            raise ValueError("Blob storage needs a connection string or an account URL, and not both.")
        self._connection_string = connection_string
        self._account_url = account_url
        self._credential = credential
        self._service: BlobServiceClient | None = None
        self._transfers = asyncio.Semaphore(TRANSFERS)
        self._known_containers: set[str] = set()
        self._creating = asyncio.Lock()

    async def put(
        self,
        container: str,
        path: str,
        data: bytes,
        *,
        media_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Store `data`, in place of what was there; the container is created when missing."""
        await self._ensure_container(container)
        try:
            await self._upload(container, path, data, media_type, metadata or {})
        except NotFound:  # only the container can be missing here: it was removed since this process saw it
            self._known_containers.discard(container)
            await self._ensure_container(container)
            await self._upload(container, path, data, media_type, metadata or {})

    async def get(self, container: str, path: str, *, fresh: bool = False) -> bytes:
        """The bytes; raises NotFound."""
        async with self._transfers:
            with _our_errors(f"{container}/{path}"):
                download = await self._blob(container, path).download_blob(max_concurrency=1)
                return await download.readall()

    async def exists(self, container: str, path: str) -> bool:
        """Whether the blob is there."""
        async with self._transfers:
            with _our_errors(f"{container}/{path}"):
                return bool(await self._blob(container, path).exists())

    async def delete(self, container: str, path: str) -> None:
        """Remove it and its snapshots; nothing happens when it is not there."""
        async with self._transfers:
            try:
                with _our_errors(f"{container}/{path}"):
                    await self._blob(container, path).delete_blob(delete_snapshots="include")
            except NotFound:
                return

    async def listing(self, container: str, prefix: str, at_most: int, *, older_than: float = 0) -> list[str]:
        """Paths that begin so, in the order of their names; empty where there is no container."""
        found: list[str] = []
        latest = datetime.now(UTC) - timedelta(seconds=older_than)
        async with self._transfers:
            try:
                with _our_errors(container):
                    pages = self._client().get_container_client(container).list_blobs(name_starts_with=prefix or None)
                    async for blob in pages:
                        if blob.last_modified <= latest or not older_than:
                            found.append(str(blob.name))
                        if len(found) >= at_most:
                            break
            except NotFound:
                return []
        return found

    async def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        service, self._service = self._service, None
        if service is not None:
            await service.close()

    async def _upload(
        self, container: str, path: str, data: bytes, media_type: str, metadata: Mapping[str, str]
    ) -> None:
        from azure.storage.blob import ContentSettings

        async with self._transfers:
            with _our_errors(f"{container}/{path}"):
                await self._blob(container, path).upload_blob(
                    data,
                    overwrite=True,
                    max_concurrency=1,
                    content_settings=ContentSettings(content_type=media_type),
                    metadata={key: quote(value, safe="") for key, value in metadata.items()},
                )

    async def _ensure_container(self, container: str) -> None:
        from azure.core.exceptions import ResourceExistsError

        if container in self._known_containers:
            return
        async with self._creating:
            if container in self._known_containers:
                return
            with _our_errors(container):
                try:
                    await self._client().create_container(container)
                except ResourceExistsError as error:
                    if (
                        getattr(error, "error_code", "") != "ContainerAlreadyExists"
                    ):  # being deleted: not there, and not to be made yet
                        raise
            self._known_containers.add(container)

    def _blob(self, container: str, path: str) -> BlobClient:
        return self._client().get_blob_client(container, path)

    def _client(self) -> BlobServiceClient:
        if self._service is None:
            self._service = self._connect()
        return self._service

    def _connect(self) -> BlobServiceClient:
        from urllib.request import getproxies

        from azure.storage.blob.aio import BlobServiceClient, ExponentialRetry

        # The SDK waits 15 s before its first retry by default; long waits are for the orchestrators.
        options: dict[str, Any] = {
            "retry_policy": ExponentialRetry(initial_backoff=1, increment_base=2, random_jitter_range=1, retry_total=3),
            "connection_timeout": 10,
            "read_timeout": 60,
            # Where there is no proxy, the environment is not looked at in two threads before each request.
            "use_env_settings": bool(getproxies()),
        }
        if self._connection_string:
            return BlobServiceClient.from_connection_string(self._connection_string, **options)
        return BlobServiceClient(str(self._account_url), credential=self._credential, **options)


def _our_errors(what: str) -> AbstractContextManager[None]:
    from shared.adapters.blob.errors import our_errors  # loads the SDK

    return our_errors(what)
