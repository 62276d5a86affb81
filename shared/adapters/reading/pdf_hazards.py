"""What a PDF would do besides showing pages. Nothing of it is run here: PDFium comes without a script engine.

What starts programs is refused, for the sake of those who get the file later; what only could annoy is named.
The search is over names in the file and in its compressed object streams. It finds what is written as programs write
it; hiding from it is possible, and helps nobody against this app.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from shared.adapters.reading.pdf import PDFIUM
from shared.domain.errors import ActiveContent, Bomb
from shared.domain.remarks import Remark

MEGABYTE = 1024 * 1024
SCRIPT = Remark("has_script")
MOST_NAMED = 5
MOST_IN_STREAM = 256 * MEGABYTE  # of one stream, unfolded: a page of 80 million pixels in colour
MOST_IN_FILE = 2048 * MEGABYTE
MOST_OBJECTS = 16 * MEGABYTE  # of one object stream
MOST_RATIO = 1000  # deflate unfolds into no more than 1,032 times its size

NAMES = re.compile(rb"/(?:[^\s()<>\[\]{}/%#]{0,20}#[0-9A-Fa-f]{2}){1,20}[^\s()<>\[\]{}/%#]{0,20}")
LAUNCH = re.compile(rb"/S\s*/Launch\b")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
PROGRAM_NAMES = re.compile(
    r"\.(?:exe|com|scr|pif|bat|cmd|ps1|psm1|vb[se]?|js[e]?|ws[fh]?|hta|jar|lnk|msi|dll|sys|cpl|reg|sh|app|dmg|iso|img|"
    r"docm|xlsm|pptm|dotm|xltm)\s*$",
    re.IGNORECASE,
)
PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


def check_streams(data: bytes) -> None:
    """Raise Bomb where a stream unfolds into more than a page can hold. Before the file is opened: it costs memory."""
    total = 0
    for layers, start, end in _flate_streams(data):
        if layers == 1 and (end - start) * MOST_RATIO < MOST_IN_STREAM:
            continue
        total += _unfolded(data, start, end, layers)
        if total > MOST_IN_FILE:
            raise Bomb


def hazards(data: bytes) -> tuple[str, ...]:
    """Warnings of what the PDF holds besides pages. Raises ActiveContent for what would start a program."""
    readable = [_outside_streams(data), *_object_streams(data)]
    names = b" ".join(_plain_name(name) for part in readable for name in NAMES.findall(part))
    if any(LAUNCH.search(part) for part in readable) or b"/Launch" in names:
        raise ActiveContent("The PDF would start a program when it is opened. Print it to a new PDF and upload that.")
    has_script = b"/JavaScript" in names or any(b"/JavaScript" in part for part in readable)
    files = _attached(data) if any(b"/EmbeddedFile" in part for part in [*readable, names]) else []
    return ((SCRIPT,) if has_script else ()) + _named(files)


def _named(files: list[str]) -> tuple[str, ...]:
    """E-invoices carry their data as XML: that is no surprise. Other files are named, for they are not read."""
    others = [name for name in files if not name.lower().endswith(".xml")]
    more = (Remark("more_files_attached", n=len(others) - MOST_NAMED),)
    shown = tuple(Remark("file_attached", name=name) for name in others[:MOST_NAMED])
    return shown + (more if len(others) > MOST_NAMED else ())


def _attached(data: bytes) -> list[str]:
    """Names of the files attached to the PDF. Raises ActiveContent for a program among them."""
    import pypdfium2

    with PDFIUM:
        document = pypdfium2.PdfDocument(data)
        try:
            found = []
            for at in range(min(document.count_attachments(), 1000)):
                attachment = document.get_attachment(at)
                name = attachment.get_name()
                try:
                    head = bytes(attachment.get_data()[:4])
                except pypdfium2.PdfiumError:  # empty or damaged: there is nothing that could be run
                    head = b""
                if head.startswith(PROGRAM_STARTS) or PROGRAM_NAMES.search(name):
                    raise ActiveContent("A program is attached to the PDF. Print it to a new PDF and upload that.")
                found.append(name)
            return found
        finally:
            document.close()


def _plain_name(name: bytes) -> bytes:
    """A name without its escapes: `/Java#53cript` is another way to write `/JavaScript`."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), name)


def _outside_streams(data: bytes) -> bytes:
    """The file without what is in its streams: a page may speak of anything."""
    parts, at = [], 0
    for start, end in _streams(data):
        parts.append(data[at:start])
        at = end
    return b"".join([*parts, data[at:]])


def _object_streams(data: bytes) -> Iterator[bytes]:
    """What lies in compressed object streams, as far as it can be unfolded."""
    left = MOST_OBJECTS
    for found in re.finditer(rb"/ObjStm\b", data):
        begun = STREAM.search(data, found.end(), found.end() + 1000)
        if begun is None or left <= 0:
            continue
        end = data.find(b"endstream", begun.end())
        try:
            part = zlib.decompressobj().decompress(data[begun.end() : end if end > 0 else None], left)
        except zlib.error:
            continue
        left -= len(part)
        yield part


def _flate_streams(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(how often it is compressed, start, end) of every compressed stream."""
    for start, end in _streams(data):
        header = data[max(data.rfind(b"obj", max(start - 2000, 0), start), 0) : start]
        if layers := len(FLATE.findall(header)):
            yield layers, start, end


def _streams(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each stream starts and ends."""
    at = 0
    while (begun := STREAM.search(data, at)) is not None:
        end = data.find(b"endstream", begun.end())
        at = end if end > 0 else len(data)
        yield begun.end(), at


def _unfolded(data: bytes, start: int, end: int, layers: int) -> int:
    """How much comes out of all layers. Raises Bomb past the limit; what is damaged ends where it is."""
    chain = [zlib.decompressobj() for _ in range(layers)]
    total = 0
    for at in range(start, end, 16 * 1024):
        try:
            total += _through(chain, data[at : min(at + 16 * 1024, end)], MOST_IN_STREAM - total)
        except zlib.error:
            break
    return total


def _through(chain: list[zlib._Decompress], piece: bytes, left: int) -> int:
    """Bytes that a piece becomes after all layers. Raises Bomb when these are more than `left`."""
    if not chain:
        if len(piece) > left:
            raise Bomb("A picture or page of the PDF unfolds into far too much. Save it again without large contents.")
        return len(piece)
    total = 0
    while piece:
        total += _through(chain[1:], chain[0].decompress(piece, MEGABYTE), left - total)
        piece = chain[0].unconsumed_tail
    return total
