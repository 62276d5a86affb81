"""Zip-based files: what kind they are, and their entries, without unfolding a bomb."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from shared.adapters.reading.limits import MEGABYTE, Limits
from shared.domain.errors import Bomb, CutOff, Damaged, Encrypted, Macros, UnsupportedType

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP = "application/zip"
CONTENT_TYPES = "[Content_Types].xml"
WORD_MAIN = b"wordprocessingml.document.main+xml"
MOST_ENTRIES = 10_000
END_OF_ZIP = b"PK\x05\x06"
END_WITHIN = 22 + 65_535  # bytes of the end record with the longest comment

UNUSABLE = (
    (b"wordprocessingml.template", "a Word template. Save it as a Word document (.docx)"),
    (b"spreadsheetml", "an Excel workbook. Save the sheets as PDF"),
    (b"presentationml", "a PowerPoint presentation. Save it as PDF"),
)
PROGRAMS = ("vbaproject.bin", "vbadata.xml", "macrosheets/sheet1.xml")
BY_MIMETYPE = (
    (b"opendocument.text", "an OpenDocument text. Save it as .docx or PDF"),
    (b"opendocument", "an OpenDocument file. Save it as PDF"),
    (b"epub", "an e-book (EPUB). Save it as PDF"),
)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, KeyError)


class Zip:
    """A zipped file, opened under limits. Raises Damaged, Encrypted and Bomb."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._file, self._limits = open_zip(data), limits
        entries = self._file.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise Encrypted
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > limits.max_unpacked:
            raise unfolds_too_far(limits)
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
            raise unfolds_too_far(self._limits)
        return data


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive with its table of contents read. Raises CutOff where that is missing, Damaged where it is broken."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise (Damaged if END_OF_ZIP in data[-END_WITHIN:] else CutOff) from error


def unfolds_too_far(limits: Limits) -> Bomb:
    """The error of a file whose contents are over the limit."""
    most = limits.max_unpacked // MEGABYTE
    return Bomb(f"The file unpacks to more than {most} MB. Save it again without large contents.")


def kind_of_zip(data: bytes, limits: Limits) -> str:
    """WORD, or ZIP for an archive of files. UnsupportedType for other things made of zips, Macros for programs in them.

    Damaged, CutOff, Encrypted or Bomb where it cannot be opened.
    """
    names = frozenset(entry.filename for entry in open_zip(data).infolist())
    if CONTENT_TYPES in names and _is_word(Zip(data, limits)):
        return WORD
    if "mimetype" in names:
        mimetype = Zip(data, limits).read("mimetype", MEGABYTE)
        for sign, what in BY_MIMETYPE:
            if sign in mimetype:
                raise UnsupportedType(f"The file is {what} and upload that.")
    if "META-INF/MANIFEST.MF" in names:
        raise UnsupportedType("The file is a Java program. Upload documents only.")
    return ZIP


def _is_word(archive: Zip) -> bool:
    """Raises Macros for programs in it, UnsupportedType for what else Office makes."""
    types = archive.read(CONTENT_TYPES, MEGABYTE)
    if b"macroEnabled" in types or any(name.lower().endswith(PROGRAMS) for name in archive.names):
        raise Macros
    for sign, what in UNUSABLE:
        if sign in types:
            raise UnsupportedType(f"The file is {what} and upload that.")
    return main_part(types) is not None


def main_part(content_types: bytes) -> str | None:
    """The entry that holds a Word document's text, as its table of content types says."""
    if WORD_MAIN not in content_types:
        return None
    for override in re.findall(rb"<Override\b[^>]*>", content_types):
        name = re.search(rb"PartName\s*=\s*[\"']/?([^\"']+)[\"']", override)
        if name and WORD_MAIN in override:
            return name.group(1).decode("utf-8", "replace")
    return "word/document.xml"  # some programs name the type for all XML entries alike
