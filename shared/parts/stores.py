"""Database, storage, queues and the numbers that steps keep to, built from the settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from shared.credentials import database_password, identity
from shared.ports import Limits

if TYPE_CHECKING:
    from shared.adapters.postgres import Database
    from shared.ports import Blobs, WorkQueue
    from shared.settings import Settings


def database(chosen: Settings) -> Database:
    """Postgres, with the app's own role."""
    from shared.adapters.postgres import Database

    return Database(
        chosen.database_url,
        size=chosen.db_pool_size,
        overflow=chosen.db_max_overflow,
        timeout=chosen.db_pool_timeout,
        recycle=chosen.db_pool_recycle,
        password=database_password(
            chosen.database_url, chosen.key_vault_url, by_vault=chosen.database_password_in_vault
        ),
    )


def blobs(chosen: Settings) -> Blobs:
    """The storage account, by connection string or by identity."""
    from shared.adapters.blob import AzureBlobs, JournalledBlobs, RecentBlobs

    if chosen.azurewebjobsstorage:
        stored: Blobs = AzureBlobs(connection_string=chosen.azurewebjobsstorage)
    else:
        stored = AzureBlobs(account_url=chosen.azurewebjobsstorage__blobserviceuri, credential=identity())
    if chosen.blob_journal:
        stored = JournalledBlobs(stored, Path(chosen.blob_journal))
    return RecentBlobs(stored)


def work(chosen: Settings) -> WorkQueue:
    """The queues, by connection string or by identity."""
    from shared.adapters.service_bus import ServiceBusQueue, UnsetQueue

    if chosen.servicebus:
        return ServiceBusQueue(connection_string=chosen.servicebus)
    if chosen.servicebus__fullyqualifiednamespace:
        return ServiceBusQueue(namespace=chosen.servicebus__fullyqualifiednamespace, credential=identity())
    return UnsetQueue()


def limits(chosen: Settings) -> Limits:
    """Numbers that steps keep to."""
    return Limits(
        pages_per_activity=chosen.pages_per_activity,
        fragment_concurrency=chosen.coding_fragment_concurrency,
        interview_concurrency=chosen.theory_interview_concurrency,
        lease_ttl=chosen.theory_task_lock_ttl_seconds,
        poll_hint=chosen.theory_status_poll_hint_seconds,
        retry_delays=tuple(chosen.retry_delays),
        ingests_per_minute=chosen.imports_max_ingests_per_min,
        uploads_per_minute=chosen.uploads_max_per_min,
        storage_bytes=chosen.tenant_storage_mb * 1024 * 1024 or None,
        max_members=chosen.max_members,
        max_depth=chosen.max_depth,
        scan_all=chosen.scan_all,
        items_per_batch=chosen.imports_max_items_per_batch,
        imports_enabled=chosen.imports_enabled,
        fleet_tenant=str(chosen.fleet_tenant_id),
    )
