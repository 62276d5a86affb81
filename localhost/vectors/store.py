"""Collections on disk, each one shard of Qdrant's embedded engine.

The engine writes each update to its log before it returns, so what was answered survives SIGKILL. It searches
exactly: `optimize()` would build an HNSW graph, but holds the interpreter's lock meanwhile (10 s for 20,000
vectors of 512), and an exact search of those takes 2.5 ms.
"""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import qdrant_edge as edge

from localhost.stack.files import read_json, write_atomically
from localhost.vectors.errors import VectorError, no_collection, wrong
from localhost.vectors.schema import vector_sizes, vectors_config

T = TypeVar("T")

_TRANSIENT = "half-"  # folders being made or removed; swept away at the next start


class Collection:
    """A shard, used by one thread at a time, outside the event loop."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.vectors: dict[str, Any] = read_json(folder / "collection.json")["vectors"]
        self.sizes = vector_sizes(self.vectors)
        self.folder = folder
        self.operations = 0
        self._shard: Any = edge.EdgeShard.load(str(folder / "shard"))
        self._lock = asyncio.Lock()
        self._unflushed = False

    async def read(self, ask: Callable[[Any], T]) -> T:
        """What `ask` makes of the shard."""
        async with self._lock:
            if self._shard is None:
                raise no_collection(self.name)
            try:
                return await asyncio.to_thread(ask, self._shard)
            except (ValueError, TypeError) as error:
                raise wrong(str(error)) from error
            except VectorError:
                raise
            except Exception as error:
                raise _judged(error) from error

    async def update(self, *operations: Any) -> int:
        """Apply operations and return the number of the last; it is on disk when this returns."""

        def apply(shard: Any) -> None:
            for operation in operations:
                shard.update(operation)

        self._unflushed = True
        await self.read(apply)
        self.operations += len(operations)
        return self.operations

    async def flush(self) -> None:
        """Move what the log holds into the segments, so that the next start has little to replay."""
        if self._unflushed:
            self._unflushed = False
            await self.read(lambda shard: shard.flush())

    async def close(self) -> None:
        """Let go of the files."""
        async with self._lock:
            if self._shard is not None:
                shard, self._shard = self._shard, None
                await asyncio.to_thread(shard.close)


class Store:
    """All collections of one folder."""

    def __init__(self, folder: Path) -> None:
        self.collections: dict[str, Collection] = {}
        self._folder = folder
        self._changing = asyncio.Lock()

    async def open(self) -> None:
        """Load what is there."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for folder in sorted(self._folder.iterdir()):
            if folder.name.startswith(_TRANSIENT):
                shutil.rmtree(folder)
            elif name := read_json(folder / "collection.json").get("name"):
                self.collections[name] = await asyncio.to_thread(Collection, name, folder)

    def get(self, name: str) -> Collection:
        """The collection, or Qdrant's 404."""
        if name not in self.collections:
            raise no_collection(name)
        return self.collections[name]

    async def create(self, name: str, vectors: dict[str, Any]) -> None:
        """Make a collection: under its final name only once it is complete."""
        async with self._changing:
            if name in self.collections:
                raise VectorError(409, f"Wrong input: Collection `{name}` already exists!")
            self.collections[name] = await asyncio.to_thread(self._make, name, vectors)

    async def delete(self, name: str) -> bool:
        """Remove a collection; False if there was none."""
        async with self._changing:
            collection = self.collections.pop(name, None)
            if collection is None:
                return False
            await collection.close()
            gone = collection.folder.with_name(_TRANSIENT + collection.folder.name)
            collection.folder.replace(gone)
            await asyncio.to_thread(shutil.rmtree, gone, ignore_errors=True)
            return True

    async def flush(self) -> None:
        """Flush every collection."""
        for collection in list(self.collections.values()):
            await collection.flush()

    async def close(self) -> None:
        """Close every collection."""
        for collection in self.collections.values():
            await collection.close()

    def _make(self, name: str, vectors: dict[str, Any]) -> Collection:
        final = self._folder / ("collection-" + quote(name, safe=""))
        half = self._folder / (_TRANSIENT + final.name)
        shutil.rmtree(half, ignore_errors=True)
        (half / "shard").mkdir(parents=True)
        edge.EdgeShard.create(str(half / "shard"), vectors_config(vectors)).close()
        write_atomically(half / "collection.json", {"name": name, "vectors": vectors})
        half.replace(final)
        return Collection(name, final)


def _judged(error: Exception) -> VectorError:
    """The engine raises plain exceptions; its words tell a bad request from a failure."""
    text = str(error)
    if text.startswith("No point with id"):
        return VectorError(404, f"Not found: {text}")
    if "No space left" in text:
        return VectorError(507, f"The disk is full: {text}")
    return VectorError(500, f"Service internal error: {text}")
