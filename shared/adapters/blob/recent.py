"""Blobs that were written or read a moment ago, in memory: the stages of a document read the same ones repeatedly."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from shared.ports import Blobs

KILOBYTE = 1024
OVERHEAD = 400  # bytes that an entry costs beyond its data
# Originals, pages and texts: written once, the same by whoever writes them. Only of a document that was started anew,
# pages and text may be others than those that some process keeps: whoever reads them then asks for `fresh` ones.
KEPT = "documents"


class RecentBlobs:
    """`Blobs` before another `Blobs`. Small files of container `documents` are kept for a while."""

    def __init__(
        self,
        behind: Blobs,
        *,
        most: int = 8 * KILOBYTE * KILOBYTE,
        largest: int = 256 * KILOBYTE,
        seconds: float = 600,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`most` bytes in all with what entries cost, none of a file larger than `largest`, each for `seconds`."""
        self._behind, self._most, self._largest, self._seconds, self._clock = behind, most, largest, seconds, clock
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._size = 0

    async def close(self) -> None:
        """Close the connections of the blobs behind."""
        close = getattr(self._behind, "close", None)
        if close is not None:
            await close()

    async def put(
        self,
        container: str,
        path: str,
        data: bytes,
        *,
        media_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Store it, then keep it."""
        await self._behind.put(container, path, data, media_type=media_type, metadata=metadata)
        self._keep(container, path, data)

    async def get(self, container: str, path: str, *, fresh: bool = False) -> bytes:
        """From memory, else from where it is stored; `fresh` ones are kept again for others."""
        data = None if fresh else self._found(container, path)
        if data is None:
            data = await self._behind.get(container, path)
            self._keep(container, path, data)
        return data

    async def exists(self, container: str, path: str) -> bool:
        """Whether it is there; what is in memory was there a moment ago."""
        return self._found(container, path) is not None or await self._behind.exists(container, path)

    async def delete(self, container: str, path: str) -> None:
        """Remove it here and there."""
        self._drop(path)
        await self._behind.delete(container, path)

    async def listing(self, container: str, prefix: str, at_most: int, *, older_than: float = 0) -> list[str]:
        """As it is stored."""
        return await self._behind.listing(container, prefix, at_most, older_than=older_than)

    def _found(self, container: str, path: str) -> bytes | None:
        if container != KEPT or path not in self._kept:
            return None
        at, data = self._kept[path]
        if self._clock() - at > self._seconds:
            self._drop(path)
            return None
        return data

    def _keep(self, container: str, path: str, data: bytes) -> None:
        if container != KEPT:
            return
        self._drop(path)
        if len(data) > self._largest:
            return
        self._kept[path] = (self._clock(), data)
        self._size += len(data) + OVERHEAD
        while self._size > self._most:
            self._drop(next(iter(self._kept)))

    def _drop(self, path: str) -> None:
        if path in self._kept:
            _, data = self._kept.pop(path)
            self._size -= len(data) + OVERHEAD
