"""Writes an Outlook message: a compound file whose streams are all long enough to need no second allocation table."""

from __future__ import annotations

import struct

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
Tree = dict[str, "bytes | Tree"]


def outlook(subject: str, body: str, attachments: dict[str, bytes]) -> bytes:
    """A message with these attachments."""
    tree: Tree = {
        "__properties_version1.0": _properties(32, [(0x0037, 0x1F), (0x1000, 0x1F)]),
        "__substg1.0_0037001F": _text(subject),
        "__substg1.0_1000001F": _text(body),
    }
    for at, (name, data) in enumerate(attachments.items()):
        tree[f"__attach_version1.0_#{at:08X}"] = {
            "__properties_version1.0": _properties(8, [(0x3701, 0x102), (0x3707, 0x1F)]),
            "__substg1.0_37010102": data,
            "__substg1.0_3707001F": _text(name),
        }
    return compound(tree)


def _text(text: str) -> bytes:
    return text.encode("utf-16-le")


def _properties(header: int, kinds: list[tuple[int, int]]) -> bytes:
    return bytes(header) + b"".join(struct.pack("<HH12x", ptyp, pid) for pid, ptyp in kinds)


def compound(tree: Tree) -> bytes:
    """A compound file (version 3) of these storages and streams; short streams lie in the mini stream."""
    entries: list[list[object]] = []
    mini, minifat, big = bytearray(), list[int](), list[tuple[list[object], bytes]]()

    def add(name: str, content: bytes | Tree | None, kind: int) -> int:
        # name, kind, right sibling, child, start, size
        entry: list[object] = [name, kind, FREE, FREE, 0, 0]
        entries.append(entry)
        number = len(entries) - 1
        if isinstance(content, dict):
            children = [add(child, inner, 1 if isinstance(inner, dict) else 2) for child, inner in content.items()]
            for one, following in zip(children, [*children[1:], FREE], strict=True):
                entries[one][2] = following
            entry[3] = children[0]
        elif content is not None:
            entry[5] = len(content)
            if len(content) >= 4096:
                big.append((entry, content))
            else:
                count = max(-(-len(content) // 64), 1)
                first = len(minifat)
                entry[4] = first
                minifat.extend([*range(first + 1, first + count), END])
                mini.extend(content.ljust(64 * count, b"\0"))
        return number

    add("Root Entry", tree, 5)
    streams = [(entries[0], bytes(mini)), *big]
    entries[0][5] = len(mini)
    return _laid_out(entries, streams, b"".join(struct.pack("<I", link) for link in minifat))


def _laid_out(entries: list[list[object]], streams: list[tuple[list[object], bytes]], minifat: bytes) -> bytes:
    body, fat = bytearray(), list[int]()

    def put(data: bytes, fill: bytes = b"\0") -> int:
        count = max(-(-len(data) // SECTOR), 1)
        first = len(fat)
        fat.extend([*range(first + 1, first + count), END])
        body.extend(data.ljust(count * SECTOR, fill))
        return first

    for entry, data in streams:
        entry[4] = put(data)
    minifat_at = put(minifat, b"\xff")
    directory = b"".join(_entry(*entry) for entry in entries)  # type: ignore[arg-type]
    directory_at = put(directory)
    fat_sectors = -(-(len(fat) + 8) // 127)
    fat_at = len(fat)
    fat.extend([FAT] * fat_sectors)
    body.extend(b"".join(struct.pack("<I", link) for link in fat).ljust(fat_sectors * SECTOR, b"\xff"))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIII", 0, fat_sectors, directory_at, 0, 4096, minifat_at, -(-len(minifat) // SECTOR))
    header += struct.pack("<II", END, 0)
    header += b"".join(struct.pack("<I", fat_at + n if n < fat_sectors else FREE) for n in range(109))
    return header + bytes(body)


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    encoded = _text(name + "\0")
    head = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, FREE, right, child)
    return head + bytes(36) + struct.pack("<II4x", start, size)
