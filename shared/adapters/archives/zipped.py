"""The `Archives` port on the standard library: bytes are counted while they unfold, never believed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from shared.domain.errors import Damaged, Encrypted, Rejected, TooLarge
from shared.ports import Member

MEGABYTE = 1024 * 1024
MOST_ENTRIES = 20_000  # of any kind, folders included
LARGEST_IN_ALL = 2048 * MEGABYTE
STEEPEST, STEEP_FROM = 200, MEGABYTE  # a file that unfolds to more than 200 times its size is no document
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, KeyError)
# What systems and programs leave in archives that nobody means to send.
_LEFTOVERS = {"thumbs.db", "desktop.ini", ".ds_store"}


class ZippedFiles:
    """Archives whose files are documents of at most `largest` bytes each."""

    def __init__(self, largest: int = 50 * MEGABYTE) -> None:
        self._largest = largest

    def names(self, data: bytes) -> list[str]:
        """In the archive's order; a name that stands twice is one file, the last one."""
        entries = _entries(data)
        if len(entries) > MOST_ENTRIES:
            raise TooLarge(f"The archive has more than {MOST_ENTRIES} entries. Part it.")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Encrypted("The archive is protected by a password. Remove the password and send it again.")
        if sum(entry.file_size for entry in entries) > LARGEST_IN_ALL:
            raise TooLarge(f"The archive unpacks to more than {LARGEST_IN_ALL // MEGABYTE} MB. Part it.")
        return list(dict.fromkeys(entry.filename for entry in entries if _is_meant(entry)))

    def members(self, data: bytes, names: Sequence[str]) -> Iterator[Member]:
        """One in memory at a time; one that is damaged or too large does not keep the others from coming out."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in names:
                try:
                    yield Member(name, self._read(archive, name))
                except Rejected as error:
                    yield Member(name, None, error.code, str(error))

    def _read(self, archive: zipfile.ZipFile, name: str) -> bytes:
        try:
            entry = archive.getinfo(name)
            most = min(self._largest, max(STEEP_FROM, entry.compress_size * STEEPEST))
            with archive.open(entry) as file:
                data = file.read(most + 1)
        except BROKEN as error:
            raise Damaged("The file is damaged in the archive. Pack it again.") from error
        if len(data) > most:
            raise TooLarge(f"The file unpacks to more than {most // MEGABYTE} MB.")
        return data


def _entries(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist()
    except BROKEN as error:
        raise Damaged("The archive cannot be opened. Pack it again as ZIP.") from error


def _is_meant(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.replace("\\", "/").split("/")
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    return not (entry.is_dir() or is_link or "__MACOSX" in parts or parts[-1].lower() in _LEFTOVERS)
