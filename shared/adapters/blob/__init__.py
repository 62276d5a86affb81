"""Files in Azure Blob Storage, or in Azurite on one machine."""

from shared.adapters.blob.blobs import AzureBlobs
from shared.adapters.blob.journal import JournalledBlobs
from shared.adapters.blob.recent import RecentBlobs

__all__ = ["AzureBlobs", "JournalledBlobs", "RecentBlobs"]
