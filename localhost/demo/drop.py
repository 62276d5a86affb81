"""Files dropped into the blob storage, as other systems would; and a link with which curl can do the same."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from azure.core.exceptions import AzureError, ResourceExistsError
from azure.storage.blob import BlobServiceClient, ContainerSasPermissions, ContentSettings, generate_container_sas

from localhost.demo.errors import DemoError
from localhost.demo.study import StudyFile

UPLOADS = "uploads"


def drop(connection_string: str, folder: str, files: Sequence[StudyFile]) -> None:
    """Put `files` under `folder` (`{tenant_id}/{project_id}`) of the container that the app watches."""
    with _service(connection_string) as service:
        try:
            uploads = service.get_container_client(UPLOADS)
            with suppress(ResourceExistsError):
                uploads.create_container()
            for file in files:
                with file.path.open("rb") as data:
                    settings = ContentSettings(content_type="application/octet-stream")
                    uploads.upload_blob(f"{folder}/{file.name}", data, overwrite=True, content_settings=settings)
        except AzureError as error:
            raise DemoError(f"The blob storage did not take a file: {str(error).splitlines()[0]}") from error


def link(connection_string: str, path: str) -> str:
    """A URL that allows to PUT a blob at `path` for a day."""
    with _service(connection_string) as service:
        signature = generate_container_sas(
            str(service.account_name),
            UPLOADS,
            account_key=service.credential.account_key,
            permission=ContainerSasPermissions(create=True, write=True),
            expiry=datetime.now(UTC) + timedelta(days=1),
        )
        return f"{service.get_blob_client(UPLOADS, path).url}?{signature}"


def _service(connection_string: str) -> BlobServiceClient:
    return BlobServiceClient.from_connection_string(connection_string, connection_timeout=10, retry_total=2)
