"""Files inside a PDF, and what its metadata say of the invoice among them. By pypdf: PDFium knows no relationships."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.domain.markup import MOST_BYTES

log = logging.getLogger(__name__)

MOST_FILES = 50
MOST_NODES = 1000
# The stream of a file inside a PDF cannot hide in a compressed object, and PDF/A wants it to say what it is.
SIGNS = (b"EmbeddedFile", b"text#2Fxml", b"application#2Fxml", b"text/xml", b"application/xml")

_PROPERTY = r"{}(?:>\s*([^<]{{1,200}}?)\s*<|\s*=\s*[\"']([^\"']{{1,200}})[\"'])"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a PDF. `relationship` is PDF/A-3's (Alternative, Data, Source, Supplement …) or ""."""

    name: str
    relationship: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Attached:
    """All files of a PDF and what its XMP metadata say: the PDF/A part, and the name of the invoice's file."""

    files: tuple[Attachment, ...] = ()
    pdfa_part: str = ""
    file_name: str = ""


def attached(pdf: bytes) -> Attached:
    """The files by name tree and by relationship; none of a PDF that cannot be taken apart: its pages tell the rest."""
    if not any(sign in pdf for sign in SIGNS):
        return Attached()
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(pdf))
        if reader.is_encrypted:
            return Attached()
        catalog = reader.trailer["/Root"].get_object()
        files: dict[tuple[str, bytes], Attachment] = {}
        for one in _files(catalog):
            files.setdefault((one.name, one.data), one)
        part, name = _metadata(catalog)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        log.warning("the files inside a PDF could not be read: %s", type(error).__name__)
        return Attached()
    return Attached(tuple(files.values()), part, name)


def _files(catalog: Any) -> Iterator[Attachment]:
    seen = 0
    for specification in _specifications(catalog):
        if seen >= MOST_FILES:
            return
        entry = _object(specification)
        streams = _object(entry.get("/EF")) if hasattr(entry, "get") else None
        stream = _object(streams.get("/UF", streams.get("/F"))) if streams else None
        if stream is None or not hasattr(stream, "get_data"):
            continue
        name = str(_object(entry.get("/UF", entry.get("/F", ""))) or "")
        relationship = str(entry.get("/AFRelationship", "")).lstrip("/")
        if _wanted(name, str(stream.get("/Subtype", ""))):
            seen += 1
            yield Attachment(name, relationship, _content(stream))


def _content(stream: Any) -> bytes:
    """The bytes of a file; none of one that unfolds into more than a library takes, which is then a broken file."""
    from pypdf.errors import PyPdfError

    try:
        return bytes(stream.get_data()[: MOST_BYTES + 1])
    except (PyPdfError, ValueError) as error:
        log.warning("a file inside a PDF could not be unfolded: %s", type(error).__name__)
        return b""


def _wanted(name: str, subtype: str) -> bool:
    return name.lower().endswith(".xml") or "xml" in subtype.lower()


def _specifications(catalog: Any) -> Iterator[Any]:
    """Those that the document is associated with, then those of the name tree."""
    yield from _object(catalog.get("/AF")) or ()
    names = _object(catalog.get("/Names"))
    waiting = [_object(names.get("/EmbeddedFiles"))] if names else []
    for _ in range(MOST_NODES):  # a tree that bites its own tail ends here
        if not waiting:
            return
        node = waiting.pop(0)
        if node is None:
            continue
        yield from (_object(node.get("/Names")) or [])[1::2]
        waiting += [_object(kid) for kid in _object(node.get("/Kids")) or ()]


def _object(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _metadata(catalog: Any) -> tuple[str, str]:
    stream = _object(catalog.get("/Metadata"))
    if stream is None or not hasattr(stream, "get_data"):
        return "", ""
    xmp = stream.get_data()[:500_000].decode("utf-8", "replace")
    return _property(xmp, "pdfaid:part"), _property(xmp, r"\w+:DocumentFileName")


def _property(xmp: str, name: str) -> str:
    match = re.search(_PROPERTY.format(name), xmp)
    return (match[1] or match[2]).strip() if match else ""
