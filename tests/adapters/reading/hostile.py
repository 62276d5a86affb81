"""Hostile files made on the spot: bombs, polyglots, programs in documents."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from tests.adapters.reading.files import SPANISH, lines, pdf, zipped


def raw_pdf(*objects: bytes, catalog: bytes = b"", page: bytes = b"") -> bytes:
    """A PDF of one page, with further objects from number 5 on, and entries of the catalog and of the page."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>" + page + b">>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *objects,
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


TEXT = stream(b"BT /F1 12 Tf 72 700 Td (This page says quite enough to be read as a page of text.) Tj ET")


def with_attachment(name: str, data: bytes) -> bytes:
    """A PDF with a file attached to it."""
    names = b"/Names<</EmbeddedFiles<</Names[(%s)6 0 R]>>>>" % name.encode()
    specification = b"<</Type/Filespec/F(%s)/EF<</F 7 0 R>>>>" % name.encode()
    return raw_pdf(TEXT, specification, stream(data, b"/Type/EmbeddedFile"), catalog=names, page=b"/Contents 5 0 R")


def squeezed(size: int, layers: int = 1) -> bytes:
    """Spaces, compressed as often as asked; made in pieces, for the maker's memory counts too."""
    one = zlib.compressobj(9)
    piece = b" " * 1024 * 1024
    data = b"".join(one.compress(piece) for _ in range(size // len(piece))) + one.flush()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    return data


def bomb_pdf(size: int, layers: int = 1) -> bytes:
    """A PDF whose page unfolds into so many bytes."""
    filters = b"/Filter[%s]" % (b"/FlateDecode " * layers)
    return raw_pdf(stream(squeezed(size, layers), filters), page=b"/Contents 5 0 R")


def bomb_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A small PNG that claims, and has, very many pixels."""
    return _png(width, height, squeezed(64 * 1024 * 1024))


def _png(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def huge_picture_pdf(side: int = 60_000) -> bytes:
    """A page that is one picture, of far more pixels than fit into memory."""
    entries = b"/Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
    picture = stream(squeezed(2**20), entries + b"/Width %d/Height %d" % (side, side))
    drawn = stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    return raw_pdf(drawn, picture, page=b"/Contents 5 0 R/Resources<</XObject<</I 6 0 R>>>>")


def bomb_zip(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open("a.txt", "w") as one:
        for _ in range(size // 2**20):
            one.write(b" " * 2**20)
    return out.getvalue()


def nested_zip(depth: int, data: bytes = b"Down here at last, some words of text.") -> bytes:
    """A file in an archive in an archive …"""
    for level in range(depth):
        data = zipped({f"level-{level}.{'txt' if level == 0 else 'zip'}": data})
    return data


def locked_zip(**entries: bytes) -> bytes:
    """An archive whose table of contents says that its files are encrypted."""
    data = bytearray(zipped(dict(entries)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


GOOD_PDF = pdf(lines(*SPANISH))
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
