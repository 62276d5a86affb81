"""Blobs in memory, and blobs that a storage forgets."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from shared.adapters.blob import JournalledBlobs, RecentBlobs
from shared.adapters.blob.journal import STARTED
from shared.domain.errors import NotFound, Unavailable
from tests.support.fakes import MemoryBlobs


class Counted(MemoryBlobs):
    """Counts what is asked of the storage."""

    asked = 0

    async def get(self, container: str, path: str, *, fresh: bool = False) -> bytes:
        self.asked += 1
        return await super().get(container, path)

    async def exists(self, container: str, path: str) -> bool:
        self.asked += 1
        return await super().exists(container, path)


async def test_what_was_written_or_read_a_moment_ago_is_not_asked_for_again() -> None:
    stored = Counted()
    blobs = RecentBlobs(stored)
    await blobs.put("documents", "a", b"1")
    stored.files["documents", "b"] = b"2"
    assert [await blobs.get("documents", path) for path in "aabb"] == [b"1", b"1", b"2", b"2"]
    assert await blobs.exists("documents", "a")
    assert stored.asked == 1


async def test_after_a_while_the_storage_is_asked_again() -> None:
    now = [0.0]
    stored = Counted()
    blobs = RecentBlobs(stored, seconds=60, clock=lambda: now[0])
    await blobs.put("documents", "a", b"old")
    stored.files["documents", "a"] = b"new"
    now[0] = 59
    assert await blobs.get("documents", "a") == b"old"
    now[0] = 61
    assert await blobs.get("documents", "a") == b"new"


async def test_a_fresh_one_is_as_another_process_has_stored_it_and_is_kept_instead_of_the_old() -> None:
    stored = Counted()
    blobs = RecentBlobs(stored)
    await blobs.put("documents", "a", b"old")
    stored.files["documents", "a"] = b"new"
    assert await blobs.get("documents", "a", fresh=True) == b"new"
    assert await blobs.get("documents", "a") == b"new"
    assert stored.asked == 1


async def test_memory_is_bounded_and_the_oldest_go_first() -> None:
    stored = Counted()
    blobs = RecentBlobs(stored, most=900, largest=50)
    for path, size in (("a", 40), ("b", 40), ("c", 40), ("large", 51)):
        await blobs.put("documents", path, bytes(size))
    for path in ("b", "c"):
        await blobs.get("documents", path)
    assert stored.asked == 0
    for path in ("a", "large"):
        await blobs.get("documents", path)
    assert stored.asked == 2


async def test_other_containers_and_what_was_removed_are_not_remembered() -> None:
    stored = Counted()
    blobs = RecentBlobs(stored)
    await blobs.put("uploads", "a", b"1")
    await blobs.put("documents", "a", b"1")
    await blobs.delete("documents", "a")
    assert await blobs.get("uploads", "a") == b"1"
    with pytest.raises(NotFound):
        await blobs.get("documents", "a")
    assert stored.asked == 2


async def test_what_the_storage_forgot_is_put_again_when_it_is_asked_for(tmp_path: Path) -> None:
    stored = MemoryBlobs()
    blobs = JournalledBlobs(stored, tmp_path / "journal")
    for path in ("a", "b"):
        await blobs.put("documents", path, path.encode(), media_type="text/plain", metadata={"reason": "ñ"})
    stored.files.clear()  # killed before it wrote its index
    stored.metadata.clear()
    after = JournalledBlobs(stored, tmp_path / "journal")  # another process, later
    assert await after.get("documents", "a") == b"a"
    assert await after.exists("documents", "b")
    assert stored.metadata["documents", "b"] == {"reason": "ñ"}
    with pytest.raises(NotFound):
        await after.get("documents", "c")
    assert not await after.exists("uploads", "a")


async def test_what_the_storage_forgot_is_put_again_though_nobody_asks(tmp_path: Path) -> None:
    stored = MemoryBlobs()
    blobs = JournalledBlobs(stored, tmp_path / "journal", settles_after=0.2, look_every=0.05)
    await blobs.put("documents", "a", b"a")
    stored.files.clear()
    for _ in range(1000):
        await asyncio.sleep(0.02)
        if stored.files and not list((tmp_path / "journal").iterdir()):
            break  # put again, seen to be kept, let go
    assert list((tmp_path / "journal").iterdir()) == []
    assert stored.files == {("documents", "a"): b"a"}


async def test_a_young_file_stays_in_the_journal_and_a_removed_one_does_not_come_back(tmp_path: Path) -> None:
    stored = MemoryBlobs()
    blobs = JournalledBlobs(stored, tmp_path / "journal")
    await blobs.put("documents", "a", b"a")
    await blobs.put("documents", "b", b"b")
    await blobs.delete("documents", "b")
    assert await blobs.settle() == 1
    stored.files.clear()
    assert not await blobs.exists("documents", "b")


def started(folder: Path, ago: float) -> None:
    """The storage was started so many seconds ago."""
    folder.mkdir(exist_ok=True)
    (folder / STARTED).touch()
    os.utime(folder / STARTED, (time.time() - ago,) * 2)


async def ripe(stored: MemoryBlobs, folder: Path, count: int) -> JournalledBlobs:
    """A journal with so many blobs that are old enough."""
    blobs = JournalledBlobs(stored, folder, settles_after=0.1)
    for number in range(count):
        await blobs.put("documents", str(number), b"1")
    await asyncio.sleep(0.15)
    return blobs


async def test_one_blob_speaks_for_all_that_were_put_since_the_storage_was_started(tmp_path: Path) -> None:
    started(tmp_path, 10)
    stored = Counted()
    blobs = await ripe(stored, tmp_path, 20)
    assert await blobs.settle() == 0
    assert stored.asked == 1
    assert [path.name for path in tmp_path.iterdir()] == [STARTED]


@pytest.mark.parametrize("ago", [None, 0, 0.5])
async def test_what_may_have_been_put_before_the_storage_was_started_is_asked_about_one_by_one(
    tmp_path: Path, ago: float | None
) -> None:
    stored = Counted()
    blobs = await ripe(stored, tmp_path, 5)
    if ago is not None:
        started(tmp_path, ago)
    del stored.files["documents", "3"]
    assert await blobs.settle() == 1
    assert stored.asked == 5
    assert stored.files["documents", "3"] == b"1"


async def test_a_storage_that_is_dead_and_not_yet_started_again_speaks_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dead(*_: str) -> bool:
        raise Unavailable("No answer.")

    started(tmp_path, 10)
    stored = Counted()
    blobs = await ripe(stored, tmp_path, 5)
    with monkeypatch.context() as patch:
        patch.setattr(stored, "exists", dead)
        with pytest.raises(Unavailable):
            await blobs.settle()
    stored.files.clear()
    started(tmp_path, 0)
    assert await blobs.settle() == 5
    assert len(stored.files) == 5


async def test_a_storage_that_is_started_while_it_is_asked_speaks_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(tmp_path, 10)
    stored = Counted()
    blobs = await ripe(stored, tmp_path, 5)
    kept = stored.files.pop(("documents", "3"))
    exists = stored.exists

    async def anew(container: str, path: str) -> bool:
        started(tmp_path, 0)
        return await exists(container, path)

    monkeypatch.setattr(stored, "exists", anew)
    assert await blobs.settle() == 1
    assert stored.files["documents", "3"] == kept


async def test_what_another_process_has_put_is_left_to_it_for_a_while(tmp_path: Path) -> None:
    started(tmp_path, 10)
    stored = Counted()
    await ripe(stored, tmp_path, 3)
    another = JournalledBlobs(stored, tmp_path, settles_after=0.1)
    assert await another.settle() == 3
    await asyncio.sleep(0.2)
    assert (await another.settle(), stored.asked) == (0, 3)
