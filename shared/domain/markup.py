"""XML as text, safely: its encoding, its limits, and which known kind of business data it is. Nothing is expanded."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from shared.domain.errors import Damaged, TooLarge, UndecodableText, UnsafeXml

MOST_BYTES = 20 * 1024 * 1024
MOST_ELEMENTS = 500_000
DEEPEST = 100
LONGEST_ATTRIBUTE = 1_000_000  # characters: CFDI keeps a certificate in one

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(r"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([^\"'>]{1,60})[\"']")
_DECLARATION = re.compile(r"<\?xml\s[^>]{0,300}\?>")
_CHARACTER_SETS = re.compile(r"ascii|utf-(?:8|16)(?:-[bl]e|-sig)?|iso8859-\d+|cp(?:125\d|437|85\d)|mac-roman|koi8-[ru]")

_ROOTS = (
    ("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:", "CrossIndustryInvoice", "cii"),
    ("urn:ferd:", "CrossIndustryDocument", "zugferd1"),
    ("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "Invoice", "ubl"),
    ("urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", "CreditNote", "ubl"),
    ("http://www.sat.gob.mx/cfd/", "Comprobante", "cfdi"),
    ("http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/", "FatturaElettronica", "fatturapa"),
    ("http://www.fatturapa.gov.it/sdi/fatturapa/", "FatturaElettronica", "fatturapa"),
    ("http://www.facturae.", "Facturae", "facturae"),
    ("urn:iso:std:iso:20022:tech:xsd:camt.052", "Document", "camt"),
    ("urn:iso:std:iso:20022:tech:xsd:camt.053", "Document", "camt"),
    ("urn:iso:std:iso:20022:tech:xsd:camt.054", "Document", "camt"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Markup:
    """Well-formed XML within the limits. `problem` says what is wrong with the encoding that it declares, or "".

    `declared` is that encoding as written; `namespace` and `name` are those of the root element.
    """

    text: str
    declared: str
    problem: str
    namespace: str
    name: str

    @property
    def body(self) -> str:
        """The text without its declaration, which speaks of bytes; lines keep their numbers."""
        return _without_declaration(self.text)

    @property
    def syntax(self) -> str | None:
        """Which business data this is: a syntax of `Origin`, or None for any other XML."""
        for namespace, name, syntax in _ROOTS:
            if self.name == name and self.namespace.startswith(namespace):
                return syntax
        return None


def looks_like_xml(data: bytes) -> bool:
    """Whether a file begins as XML does, in whatever encoding."""
    top = data[:400].replace(b"\0", b"")
    for mark, _ in _MARKS:
        top = top.removeprefix(mark)
    return re.match(rb"\s*<(?:\?xml\b|!--|[A-Za-z_][\w.-]*:?[\w.-]*[\s>])", top) is not None


def read_markup(data: bytes) -> Markup:
    """Decode and check. Raises Damaged (not well-formed), UnsafeXml, TooLarge and UndecodableText."""
    if len(data) > MOST_BYTES:
        raise TooLarge(f"The XML is larger than {MOST_BYTES // 1024 // 1024} MB. Split it and upload its parts.")
    text, declared, problem = _decoded(data)
    text = text.lstrip("\ufeff \t\r\n")
    namespace, _, name = _checked_root(text).rpartition(" ")
    return Markup(text, declared, problem, namespace, name)


def _decoded(data: bytes) -> tuple[str, str, str]:
    for mark, marked in _MARKS:
        if data.startswith(mark):
            text = _strict(data, marked)
            return text, *_claim(text, marked)
    if data[:2] in (b"<\0", b"\0<"):
        text = _strict(data, "utf-16-le" if data[:1] == b"<" else "utf-16-be")
        return text, *_claim(text, "utf-16")
    top = data[:300].decode("latin-1")
    declared = match[1] if (match := _DECLARED.search(top)) else ""
    encoding = _known(declared or "utf-8")
    if encoding is None:
        return _guess(data), declared, f"{declared} is no encoding that there is"
    if encoding.startswith("utf-16"):
        return _guess(data), declared, f"the file is not in {declared}"
    try:
        return data.decode(encoding), declared, ""
    except UnicodeDecodeError:
        return _guess(data), declared, f"the file is not in {declared or 'UTF-8'}"


def _claim(text: str, encoding: str) -> tuple[str, str]:
    """What a text in UTF says of its encoding, and what is wrong with that."""
    declared = match[1] if (match := _DECLARED.search(text[:300])) else ""
    known = _known(declared or encoding)
    if known is None:
        return declared, f"{declared} is no encoding that there is"
    return declared, "" if known[:5] == encoding[:5] else f"the file is not in {declared}"


def _known(encoding: str) -> str | None:
    try:
        name = codecs.lookup(encoding.strip()).name
    except (LookupError, ValueError):
        return None
    return name if _CHARACTER_SETS.fullmatch(name) else None


def _guess(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(data, "cp1252")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodableText from error


def _without_declaration(text: str) -> str:
    match = _DECLARATION.match(text)
    return "\n" * match[0].count("\n") + text[match.end() :] if match else text


class _Limits:
    """Counts while expat reads, and stops at the first thing that is too much."""

    def __init__(self) -> None:
        self.root = ""
        self._depth = self._elements = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST or self._elements > MOST_ELEMENTS:
            raise TooLarge("The XML has too many elements, or too many within one another, to be a business document.")
        if any(len(value) > LONGEST_ATTRIBUTE for value in attributes.values()):
            raise TooLarge("The XML has an attribute that is too long for a business document.")

    def end(self, name: str) -> None:
        self._depth -= 1

    def refuse(self, *_: Any) -> None:
        raise UnsafeXml


def _checked_root(text: str) -> str:
    limits = _Limits()
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler, parser.EndElementHandler = limits.start, limits.end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = limits.refuse
    try:
        parser.Parse(_without_declaration(text).encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        what = expat.errors.messages.get(error.code, "")
        raise Damaged(
            f"The XML is not well-formed ({what}, line {error.lineno}): it is damaged or cut off. Export it again."
        ) from error
    return limits.root
