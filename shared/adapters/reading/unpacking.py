"""Zip-based files: what kind they are, and their entries, without unfolding a bomb."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from shared.adapters.reading.limits import MEGABYTE, Limits
from shared.domain.errors import Damaged, Encrypted, TooLarge, UnsupportedType

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CONTENT_TYPES = "[Content_Types].xml"
WORD_MAIN = b"wordprocessingml.document.main+xml"
MOST_ENTRIES = 10_000

UNUSABLE = (
    (b"macroEnabled", "an Office file with macros. Save it without macros (.docx) or as PDF"),
    (b"wordprocessingml.template", "a Word template. Save it as a Word document (.docx)"),
    (b"spreadsheetml", "an Excel workbook. Save the sheets as PDF"),
    (b"presentationml", "a PowerPoint presentation. Save it as PDF"),
)
BY_MIMETYPE = (
    (b"opendocument.text", "an OpenDocument text. Save it as .docx or PDF"),
    (b"opendocument", "an OpenDocument file. Save it as PDF"),
    (b"epub", "an e-book (EPUB). Save it as PDF"),
)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, KeyError)


class Zip:
    """A zipped file, opened under limits. Raises Damaged, Encrypted and TooLarge."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._file = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN as error:
            raise Damaged from error
        self._limits = limits
        entries = self._file.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise Encrypted
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > limits.max_unpacked:
            raise self._bomb()
        self.names = frozenset(entry.filename for entry in entries)

    def read(self, name: str, most: int | None = None) -> bytes:
        """An entry's bytes, counted while they unfold: what an entry declares may be a lie."""
        most = most or self._limits.max_unpacked
        try:
            with self._file.open(name) as entry:
                data = entry.read(most + 1)
        except BROKEN as error:
            raise Damaged from error
        if len(data) > most:
            raise self._bomb()
        return data

    def _bomb(self) -> TooLarge:
        most = self._limits.max_unpacked // MEGABYTE
        return TooLarge(f"The file unpacks to more than {most} MB. Save it again without large contents.")


def kind_of_zip(data: bytes, limits: Limits) -> str:
    """WORD, or UnsupportedType with what it is; Damaged when it cannot be opened."""
    archive = Zip(data, limits)
    if CONTENT_TYPES in archive.names:
        types = archive.read(CONTENT_TYPES, MEGABYTE)
        for sign, what in UNUSABLE:
            if sign in types:
                raise UnsupportedType(f"The file is {what} and upload that.")
        if any(name.lower().endswith("vbaproject.bin") for name in archive.names):
            raise UnsupportedType(f"The file is {UNUSABLE[0][1]} and upload that.")
        if main_part(types):
            return WORD
    if "mimetype" in archive.names:
        mimetype = archive.read("mimetype", MEGABYTE)
        for sign, what in BY_MIMETYPE:
            if sign in mimetype:
                raise UnsupportedType(f"The file is {what} and upload that.")
    if "META-INF/MANIFEST.MF" in archive.names:
        raise UnsupportedType("The file is a Java program. Upload documents only.")
    raise UnsupportedType("The file is a ZIP archive. Unpack it and upload its documents one by one.")


def main_part(content_types: bytes) -> str | None:
    """The entry that holds a Word document's text, as its table of content types says."""
    if WORD_MAIN not in content_types:
        return None
    for override in re.findall(rb"<Override\b[^>]*>", content_types):
        name = re.search(rb"PartName\s*=\s*[\"']/?([^\"']+)[\"']", override)
        if name and WORD_MAIN in override:
            return name.group(1).decode("utf-8", "replace")
    return "word/document.xml"  # some programs name the type for all XML entries alike
