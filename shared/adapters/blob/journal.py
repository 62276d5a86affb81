"""A journal for a storage that forgets: Azurite writes its index every five seconds; a kill loses what came since."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from shared.domain.errors import NotFound, TheoGenError
from shared.ports import Blobs

log = logging.getLogger(__name__)

# Seconds after which the storage has written its index for certain, if it still has the blob; and between two looks.
SETTLES_AFTER = 20.0
LOOK_EVERY = 5.0
# A file in the folder that whoever starts the storage touches, each time before. Its time may lag behind by some
# milliseconds; a second is more than enough.
STARTED, LAG = ".storage-started", 1.0
# So many times later what other processes have put is looked for: they are no more, or would have done it.
OF_OTHERS = 2


class JournalledBlobs:
    """`Blobs` before another `Blobs`: what is put is kept in a folder until the storage is seen to have kept it.

    Once a blob is old enough it is looked for: if it is there, the storage has it on disk and the journal lets it go;
    if it is not, the storage was killed meanwhile and gets it again. So it is when it is read before that.

    One that is there speaks for all others that this process has put since the storage was last started: the one that
    answers has taken them, too, and has run ever since.
    """

    def __init__(
        self, behind: Blobs, folder: Path, *, settles_after: float = SETTLES_AFTER, look_every: float = LOOK_EVERY
    ) -> None:
        """`settles_after`: seconds that the storage needs to write its index, with room to spare."""
        self._behind, self._folder = behind, folder
        self._settles_after, self._look_every = settles_after, look_every
        self._settling: asyncio.Task[None] | None = None
        self._taken: dict[Path, tuple[float, float]] = {}  # by us: when written, and when the storage had taken it

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
        file, at = await asyncio.to_thread(self._write, about, data)
        await self._behind.put(container, path, data, media_type=media_type, metadata=metadata)
        self._taken[file] = (at, time.time())
        self._settle()

    async def get(self, container: str, path: str, *, fresh: bool = False) -> bytes:
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
        """Look once for what is old enough; how many files stay in the journal."""
        started, known = await asyncio.to_thread(self._started), list(self._taken)
        files = dict(await asyncio.to_thread(self._files))
        for gone in [file for file in known if file not in files]:
            self._taken.pop(gone, None)
        ripe = [file for file, at in files.items() if self._is_ripe(file, at)]
        speaking = {
            file for file in ripe if file in self._taken and self._taken[file][0] == files[file] > started + LAG
        }
        left = len(files) - len(ripe)
        for file in sorted(ripe, key=speaking.__contains__, reverse=True):
            if file not in files:
                continue
            if not await self._is_kept(file, files[file]):
                left += 1
            elif file in speaking and await asyncio.to_thread(self._started) == started:
                others = [(other, files.pop(other)) for other in speaking]  # it was this storage that has answered
                await asyncio.to_thread(_remove, others)
        return left

    def _is_ripe(self, file: Path, at: float) -> bool:
        """Whether the storage has written its index since. What other processes put is left to them for a while."""
        written, taken = self._taken.get(file, (at, at + OF_OTHERS * self._settles_after))
        return time.time() - (taken if written == at else at) >= self._settles_after

    async def _is_kept(self, file: Path, at: float) -> bool:
        """Whether the storage has the blob of a file of this time, and the journal has let it go; else put it again."""
        found = await asyncio.to_thread(_read, file)
        if found is None:
            return True
        about, _ = found
        if not await self._behind.exists(about["container"], about["path"]):
            return not await self._restore(file)
        await asyncio.to_thread(_remove, [(file, at)])
        return True

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
        """Files with the times at which they were written; half-written ones are left to whoever writes them."""
        if not self._folder.is_dir():
            return []
        found = []
        for entry in os.scandir(self._folder):
            try:
                if "." not in entry.name:
                    found.append((Path(entry.path), entry.stat().st_mtime))
            except FileNotFoundError:
                continue
        return found

    def _started(self) -> float:
        """When the storage was last started; infinity where nobody says so."""
        try:
            return (self._folder / STARTED).stat().st_mtime
        except FileNotFoundError:
            return math.inf

    def _write(self, about: Mapping[str, object], data: bytes) -> tuple[Path, float]:
        """The file, and when it was written."""
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(str(about["container"]), str(about["path"]))
        half = file.with_suffix(f".{os.getpid()}-{time.monotonic_ns()}")
        half.write_bytes(json.dumps(about).encode() + b"\n" + data)
        at = half.stat().st_mtime
        half.replace(file)
        return file, at


def _read(file: Path) -> tuple[dict[str, Any], bytes] | None:
    try:
        about, _, data = file.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    return json.loads(about), data


def _remove(files: Iterable[tuple[Path, float]]) -> None:
    """Those that were not written anew since they were looked at."""
    for file, at in files:
        with suppress(FileNotFoundError):
            if file.stat().st_mtime == at:
                file.unlink()
