"""Files that are of two types at once: one program shows a harmless document, another runs what lies behind it."""

from __future__ import annotations

import re

from shared.adapters.reading.unpacking import END_OF_ZIP, END_WITHIN
from shared.domain.errors import Polyglot

HEADER_WITHIN = 1024  # where readers of PDF look for its first line
LINE_ENDS = 4  # bytes that programs add to the end of a file

# Mailers and printers put their own lines before a PDF; what another program would run or show is no such line.
FOREIGN = re.compile(
    rb"<\s*(?:!doctype|html|script|svg|\?php|\?xml|body|iframe)|^#!|^MZ|^\x7fELF|^GIF8|^\x89PNG|^PK\x03\x04|^Rar!",
    re.IGNORECASE,
)


def check_single_type(data: bytes, what: str, *, is_pdf: bool) -> None:
    """Raise Polyglot where a PDF or a picture (`what`) is something else, too."""
    if _ends_as_zip(data):
        raise Polyglot(f"The file is a {what} and a ZIP archive at once. Export the document anew and upload that.")
    at = data[:HEADER_WITHIN].find(b"%PDF-")
    if is_pdf and FOREIGN.search(data[:at]):
        raise Polyglot("The file is a PDF with another file in front of it. Export the document anew and upload that.")
    if not is_pdf and at >= 0 and b"startxref" in data:
        raise Polyglot(f"The file is a {what} and a PDF at once. Export the document anew and upload that.")


def _ends_as_zip(data: bytes) -> bool:
    """Whether the end record of a ZIP reaches to the end of the file, as it does in one that programs open.

    An archive attached to a PDF has further bytes of the PDF behind it.
    """
    tail = data[-END_WITHIN - LINE_ENDS :]
    at = tail.rfind(END_OF_ZIP)
    while at >= 0:
        record = tail[at:]
        if len(record) >= 22:
            left = len(record) - 22 - int.from_bytes(record[20:22], "little")
            if 0 <= left <= LINE_ENDS and int.from_bytes(record[10:12], "little") > 0:
                return True
        at = tail.rfind(END_OF_ZIP, 0, at)
    return False
