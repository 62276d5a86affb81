"""What lies in archives and e-mails, file by file. Nothing is written to disk, and a name is never used as a path."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator

from shared.adapters.reading.limits import MEGABYTE, Limits
from shared.adapters.reading.mail import MAIL, attachments_of, content_of
from shared.adapters.reading.outlook import OUTLOOK, attachments_of_outlook, content_of_outlook
from shared.adapters.reading.unpacking import BROKEN, ZIP, open_zip, unfolds_too_far
from shared.domain.document import Member
from shared.domain.errors import Damaged, EmptyFile, Encrypted, Rejected, TooLarge, TooManyMembers

LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")

# A member's name, and what gives its bytes.
Entry = tuple[str, Callable[[], bytes]]


def count_members(data: bytes, media_type: str, limits: Limits) -> int:
    """How many files lie in the file; 0 for what is no container.

    Raises EmptyFile for an archive without any, TooManyMembers, Encrypted when none can be opened, Bomb and Damaged.
    """
    entries = _entries(data, media_type, limits)
    if media_type == ZIP and not entries:
        raise EmptyFile("The archive holds no files.")
    if len(entries) > limits.max_members:
        raise TooManyMembers(
            f"The file holds {len(entries)} files; at most {limits.max_members} can be taken out. Part it."
        )
    return len(entries)


def members_of(data: bytes, media_type: str, first: int, last: int, limits: Limits) -> Iterator[Member]:
    """Members `first` to `last` (from 1, inclusive); one that cannot be taken out says why."""
    for ordinal, (name, read) in enumerate(_entries(data, media_type, limits)[first - 1 : last], first):
        yield _member(ordinal, name, read, limits)


def _member(ordinal: int, name: str, read: Callable[[], bytes], limits: Limits) -> Member:
    try:
        data = read()
        if not data:
            raise EmptyFile
        if len(data) > limits.max_bytes:
            raise TooLarge(f"The file is larger than {limits.max_bytes // MEGABYTE} MB.")
    except Rejected as error:
        return Member(ordinal, name, None, error.code, str(error))
    return Member(ordinal, name, data)


def _entries(data: bytes, media_type: str, limits: Limits) -> list[Entry]:
    if media_type == ZIP:
        return _zipped(data, limits)
    if media_type == MAIL:
        return [(name, lambda part=part: content_of(part)) for name, part in attachments_of(data)]  # type: ignore[misc]
    if media_type == OUTLOOK:
        found = attachments_of_outlook(data)
        return [(name, lambda one=one: content_of_outlook(one)) for name, one in found]  # type: ignore[misc]
    return []


def _zipped(data: bytes, limits: Limits) -> list[Entry]:
    archive = open_zip(data)
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
    if entries and all(entry.flag_bits & 1 for entry in entries):
        raise Encrypted("The archive is protected by a password. Pack it again without one and upload it.")
    if sum(entry.file_size for entry in entries) > limits.max_unpacked:
        raise unfolds_too_far(limits)
    return [(entry.filename, lambda entry=entry: _unzipped(archive, entry, limits)) for entry in entries]  # type: ignore[misc]


def _unzipped(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> bytes:
    """An entry's bytes, no more than it declares: a table of contents that lies would break the limit of them all."""
    if entry.flag_bits & 1:
        raise Encrypted
    try:
        with archive.open(entry) as opened:
            data = opened.read(min(entry.file_size, limits.max_bytes) + 1)
    except BROKEN as error:
        raise Damaged("The file is damaged within its archive.") from error
    if len(data) > entry.file_size:
        raise unfolds_too_far(limits)
    return data


def _is_litter(name: str) -> bool:
    """What operating systems put beside people's files."""
    return name.startswith(LITTER[0]) or name.rsplit("/", 1)[-1] in LITTER[1:]
