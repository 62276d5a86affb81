"""Files in Azure Blob Storage, or in Azurite on one machine."""

from shared.adapters.blob.blobs import AzureBlobs

__all__ = ["AzureBlobs"]
