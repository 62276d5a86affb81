"""Archives of documents: what is meant comes out, and nothing unfolds without end."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from shared.adapters.archives import ZippedFiles
from shared.domain.errors import Damaged, Encrypted

SMALL = ZippedFiles(largest=1000)


def packed(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def test_files_come_out_in_order_with_their_folders() -> None:
    data = packed(("b.txt", b"1"), ("a/ñ.txt", b"2"), ("a/", b""))
    names = SMALL.names(data)
    assert names == ["b.txt", "a/ñ.txt"]
    assert [(m.name, m.data) for m in SMALL.members(data, names)] == [("b.txt", b"1"), ("a/ñ.txt", b"2")]


def test_what_systems_leave_behind_and_links_are_passed_over() -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO(packed(("__MACOSX/a.txt", b"x"), ("x/.DS_Store", b"x"), ("Thumbs.db", b"x"), ("a.txt", b"a")))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert SMALL.names(buffer.getvalue()) == ["a.txt"]


def test_a_file_that_is_too_large_or_unfolds_too_steeply_is_named_and_the_others_come_out() -> None:
    data = packed(("large.txt", bytes(range(256)) * 5), ("fine.txt", b"fine"))
    large, fine = SMALL.members(data, SMALL.names(data))
    assert (large.data, large.error_code) == (None, "too_large")
    assert (fine.data, fine.error_code) == (b"fine", None)
    bomb = packed(("bomb.txt", bytes(30_000_000)))
    [member] = ZippedFiles().members(bomb, ["bomb.txt"])
    assert (member.data, member.error_code) == (None, "too_large")


def test_a_file_that_is_damaged_is_named() -> None:
    data = packed(("a.txt", b"some words " * 20), ("b.txt", b"b"))
    at = data.index(b"a.txt") + len(b"a.txt") + 4
    data = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
    assert [m.error_code for m in SMALL.members(data, ["a.txt", "b.txt", "missing.txt"])] == [
        "damaged",
        None,
        "damaged",
    ]


def test_an_archive_with_a_password_is_refused() -> None:
    data = bytearray(packed(("a.txt", b"a")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    with pytest.raises(Encrypted):
        SMALL.names(bytes(data))


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive at all", packed(("a.txt", b"a"))[:-10]])
def test_what_is_no_archive_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        SMALL.names(data)
