"""Whether blobs can be written, read and removed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from shared.domain.errors import NotReady, TheoGenError

if TYPE_CHECKING:
    from shared.adapters.blob.blobs import AzureBlobs

CONTAINER = "rejected"  # of the app's containers the one that nothing keeps in memory and nothing listens to


async def check_blobs(blobs: AzureBlobs, *, deep: bool) -> str:
    """`deep` writes, reads and removes a blob of a few bytes; else the account is asked for one that is not there."""
    path = f".ready/{os.getpid()}"
    try:
        if not deep:
            await blobs.exists(CONTAINER, path)
            return "answers"
        await blobs.put(CONTAINER, path, b"ready")
        whole = await blobs.get(CONTAINER, path) == b"ready"
        await blobs.delete(CONTAINER, path)
    except (TheoGenError, ValueError) as error:
        raise NotReady(
            f"The blob storage cannot be used: {error}",
            "See AzureWebJobsStorage: the account's address, that it can be reached from here, and that the app may "
            "write (role Storage Blob Data Owner, or a connection string with the present key).",
        ) from error
    if not whole:
        raise NotReady("The blob storage gave back other bytes than were stored.", "See the storage account's health.")
    return "written, read, removed"
