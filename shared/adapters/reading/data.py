"""Files that are data: XML of business, SWIFT MT940, statements as CSV. What they are, and their text as pages."""

from __future__ import annotations

from shared.adapters.reading.encoding import decode
from shared.adapters.reading.plain import open_plain
from shared.adapters.reading.source import NativeText, tidy
from shared.domain.document import CSV, DATA_TYPES, MT940, XML
from shared.domain.errors import EmptyFile, UnsupportedType
from shared.domain.markup import looks_like_xml, read_markup
from shared.domain.remarks import Remark
from shared.domain.statement_columns import find_columns
from shared.domain.statements import is_mt940

DATA_NAMES = {XML: "XML document", MT940: "MT940 statement", CSV: "CSV statement"}
OTHER_XML = (
    "The file is an XML file of a kind that is not read. Invoices in CII, UBL, CFDI, FatturaPA and Facturae and "
    "statements in CAMT are; save others as text or PDF and upload that."
)
SIGNED = "The file is a signed envelope (.p7m). Take the XML file out of it and upload that."
# The object identifier of signed data (1.2.840.113549.1.7.2), as it stands at the top of a CMS file; and in Base64.
_CMS = bytes.fromhex("06092a864886f70d010702")
_CMS_BASE64 = b"KoZIhvcNAQcC"
_PAGES = ("<html", "<svg", "<!doctype html")


def data_kind(data: bytes) -> str | None:
    """The media type of a file that is data, or None. Raises what is wrong with its XML, and UnsupportedType.

    Texts that only mention such data, and HTML, are left to others.
    """
    if (data[:1] == b"\x30" and _CMS in data[:64]) or (data[:2] == b"MI" and _CMS_BASE64 in data[:120]):
        raise UnsupportedType(SIGNED)
    if looks_like_xml(data):
        return _kind_of_xml(data)
    if b":20:" in data or b"\0:\x002\x000" in data:
        text, _ = decode(data)
        return MT940 if is_mt940(text) else None
    if any(mark in data[:8192] for mark in (b";", b",", b"\t", b"|")) and b"\0" not in data[:8192]:
        return CSV if _is_statement(data) else None
    return None


def open_data(data: bytes, media_type: str) -> NativeText:
    """The text of the file as one page: XML in the encoding that it declares, the others as any text."""
    if media_type != XML:
        return open_plain(data)
    markup = read_markup(data)
    if not markup.text.strip():
        raise EmptyFile("The file holds nothing but white space.")
    warnings = (Remark("wrong_encoding", problem=markup.problem),) if markup.problem else ()
    return NativeText([tidy(markup.text)], warnings)


def _kind_of_xml(data: bytes) -> str | None:
    top = data[:2000].replace(b"\0", b"").decode("latin-1").lower()
    if any(page in top for page in _PAGES):
        return None
    if "<?xml" not in top and "xmlns" not in top:
        return None  # a text that begins with something in angle brackets
    markup = read_markup(data)
    if markup.syntax is None:
        raise UnsupportedType(OTHER_XML)
    return XML


def _is_statement(data: bytes) -> bool:
    top = data[:20_000]
    try:
        text, _ = decode(top[: top.rfind(b"\n") + 1] or top)
    except UnsupportedType:
        return False
    return find_columns(text) is not None


__all__ = ["DATA_NAMES", "DATA_TYPES", "data_kind", "open_data"]
