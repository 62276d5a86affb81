"""A journal for a storage that forgets: Azurite writes its index every five seconds; a kill loses what came since."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from shared.domain.errors import NotFound, TheoGenError
from shared.ports import Blobs

log = logging.getLogger(__name__)

# Seconds after which the storage has written its index for certain, if it still has the blob; and between two looks.
SETTLES_AFTER = 20.0
LOOK_EVERY = 5.0


class JournalledBlobs:
    """`Blobs` before another `Blobs`: what is put is kept in a folder until the storage is seen to have kept it.

    Once a blob is old enough it is looked for: if it is there, the storage has it on disk and the journal lets it go;
    if it is not, the storage was killed meanwhile and gets it again. So it is when it is read before that.
    """

    def __init__(
        self, behind: Blobs, folder: Path, *, settles_after: float = SETTLES_AFTER, look_every: float = LOOK_EVERY
    ) -> None:
        """`settles_after`: seconds that the storage needs to write its index, with room to spare."""
        self._behind, self._folder = behind, folder
        self._settles_after, self._look_every = settles_after, look_every
        self._settling: asyncio.Task[None] | None = None

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
        """Into the journal, then into the storage."""
        about = {"container": container, "path": path, "media_type": media_type, "metadata": dict(metadata or {})}
        await asyncio.to_thread(self._write, about, data)
        await self._behind.put(container, path, data, media_type=media_type, metadata=metadata)
        self._settle()

    async def get(self, container: str, path: str) -> bytes:
        """The bytes; raises NotFound when neither has them."""
        self._settle()
        try:
            return await self._behind.get(container, path)
        except NotFound:
            if not await self._restore(self._file(container, path)):
                raise
            return await self._behind.get(container, path)

    async def exists(self, container: str, path: str) -> bool:
        """Whether it is there, put back if it was lost."""
        return await self._behind.exists(container, path) or await self._restore(self._file(container, path))

    async def delete(self, container: str, path: str) -> None:
        """Remove it from both."""
        await asyncio.to_thread(self._file(container, path).unlink, missing_ok=True)
        await self._behind.delete(container, path)

    async def listing(self, container: str, prefix: str, at_most: int, *, older_than: float = 0) -> list[str]:
        """As the storage has it."""
        return await self._behind.listing(container, prefix, at_most, older_than=older_than)

    async def settle(self) -> int:
        """Look once for everything that is old enough; how many files stay in the journal."""
        left = 0
        for file, age in await asyncio.to_thread(self._files):
            if age < self._settles_after:
                left += 1
            elif (found := await asyncio.to_thread(_read, file)) is not None:
                about, _ = found
                if await self._behind.exists(about["container"], about["path"]):
                    await asyncio.to_thread(_remove, file, age)
                else:
                    left += await self._restore(file)
        return left

    def _settle(self) -> None:
        """See to it that somebody looks."""
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._look(), name="blob journal")

    async def _look(self) -> None:
        left = 1
        while left:
            await asyncio.sleep(self._look_every)
            try:
                left = await self.settle()
            except (TheoGenError, OSError) as error:
                log.warning("the blob journal could not be compared with the storage: %s", error)

    async def _restore(self, file: Path) -> bool:
        """Put it again, and again wait for the storage to write its index."""
        found = await asyncio.to_thread(_read, file)
        if found is None:
            return False
        about, data = found
        await self.put(
            about["container"], about["path"], data, media_type=about["media_type"], metadata=about["metadata"]
        )
        log.warning("a blob that the storage had lost was put again")
        return True

    def _file(self, container: str, path: str) -> Path:
        return self._folder / sha256(f"{container}/{path}".encode()).hexdigest()

    def _files(self) -> list[tuple[Path, float]]:
        """Files with their ages in seconds; half-written ones are left to whoever writes them."""
        if not self._folder.is_dir():
            return []
        now, found = time.time(), []
        for entry in os.scandir(self._folder):
            try:
                if "." not in entry.name:
                    found.append((Path(entry.path), now - entry.stat().st_mtime))
            except FileNotFoundError:
                continue
        return found

    def _write(self, about: Mapping[str, object], data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(str(about["container"]), str(about["path"]))
        half = file.with_suffix(f".{os.getpid()}-{time.monotonic_ns()}")
        half.write_bytes(json.dumps(about).encode() + b"\n" + data)
        half.replace(file)


def _read(file: Path) -> tuple[dict[str, Any], bytes] | None:
    try:
        about, _, data = file.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    return json.loads(about), data


def _remove(file: Path, age: float) -> None:
    """Unless it was written anew since it was looked at."""
    try:
        if time.time() - file.stat().st_mtime >= age:
            file.unlink()
    except FileNotFoundError:
        return
