"""A journal for a storage that forgets: Azurite writes its index every five seconds; a kill loses what came since."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from shared.domain.errors import NotFound
from shared.ports import Blobs

KEPT_FOR = 600.0  # seconds; the storage needs five
SWEEP_EVERY = 60.0


class JournalledBlobs:
    """`Blobs` before another `Blobs`: what is put is kept in a folder as well, and put again when it is found missing.

    What is read or asked for within ten minutes of being written is thus there, whether the storage was killed in
    between or not; older files the storage has on disk.
    """

    def __init__(self, behind: Blobs, folder: Path) -> None:
        self._behind, self._folder = behind, folder
        self._swept = time.monotonic()

    async def put(
        self,
        container: str,
        path: str,
        data: bytes,
        *,
        media_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Into the journal, then into the storage."""
        about = {"media_type": media_type, "metadata": dict(metadata or {})}
        await asyncio.to_thread(self._write, container, path, data, about)
        await self._behind.put(container, path, data, media_type=media_type, metadata=metadata)

    async def get(self, container: str, path: str) -> bytes:
        """The bytes; raises NotFound when neither has them."""
        try:
            return await self._behind.get(container, path)
        except NotFound:
            if not await self._restore(container, path):
                raise
            return await self._behind.get(container, path)

    async def exists(self, container: str, path: str) -> bool:
        """Whether it is there, put back if it was lost."""
        return await self._behind.exists(container, path) or await self._restore(container, path)

    async def delete(self, container: str, path: str) -> None:
        """Remove it from both."""
        await asyncio.to_thread(self._file(container, path).unlink, missing_ok=True)
        await self._behind.delete(container, path)

    async def listing(self, container: str, prefix: str, at_most: int, *, older_than: float = 0) -> list[str]:
        """As the storage has it."""
        return await self._behind.listing(container, prefix, at_most, older_than=older_than)

    async def _restore(self, container: str, path: str) -> bool:
        found = await asyncio.to_thread(self._read, container, path)
        if found is None:
            return False
        about, data = found
        await self._behind.put(container, path, data, media_type=about["media_type"], metadata=about["metadata"])
        return True

    def _file(self, container: str, path: str) -> Path:
        return self._folder / sha256(f"{container}/{path}".encode()).hexdigest()

    def _write(self, container: str, path: str, data: bytes, about: Mapping[str, object]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(container, path)
        half = file.with_suffix(f".{os.getpid()}-{time.monotonic_ns()}")
        half.write_bytes(json.dumps(about).encode() + b"\n" + data)
        half.replace(file)
        self._sweep()

    def _read(self, container: str, path: str) -> tuple[dict[str, Any], bytes] | None:
        try:
            about, _, data = self._file(container, path).read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        return json.loads(about), data

    def _sweep(self) -> None:
        """Files whose time is over are removed, by whoever writes next."""
        if time.monotonic() - self._swept < SWEEP_EVERY:
            return
        self._swept = time.monotonic()
        oldest = time.time() - KEPT_FOR
        for file in self._folder.iterdir():
            try:
                if file.stat().st_mtime < oldest:
                    file.unlink()
            except FileNotFoundError:
                continue  # another process was quicker
