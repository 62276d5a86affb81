"""Plain text, Markdown and subtitles: as they are, a page at each form feed."""

from __future__ import annotations

import re

from shared.adapters.reading.encoding import decode
from shared.adapters.reading.source import NativeText, tidy
from shared.domain.errors import EmptyFile
from shared.domain.remarks import Remark

TEXT = "text/plain"
MARKDOWN = "text/markdown"
VTT = "text/vtt"
SRT = "application/x-subrip"
USUAL = frozenset({"utf-8", "utf-8-sig"})

_SRT = re.compile(r"\s*\d+[ \t]*\r?\n\d{1,2}:\d\d:\d\d[,.]\d{1,3}[ \t]*-->")


def open_plain(data: bytes) -> NativeText:
    """Raises EmptyFile, UndecodableText or UnsupportedType (binary data)."""
    text, encoding = decode(data)
    if not text.strip():
        raise EmptyFile("The file holds nothing but white space.")
    warnings = () if encoding in USUAL else (Remark("decoded_as", encoding=encoding),)
    pages = [tidy(page) for page in text.split("\f")]
    while not pages[-1].strip() and len(pages) > 1:
        pages.pop()
    return NativeText(pages, warnings)


def kind_of_text(text: str, suffix: str) -> str:
    """The media type among those of plain text; only the name can tell Markdown."""
    if text.lstrip("\ufeff").startswith("WEBVTT"):
        return VTT
    if _SRT.match(text):
        return SRT
    return MARKDOWN if suffix in (".md", ".markdown") else TEXT
