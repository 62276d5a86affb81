"""RecordReader over every syntax: tells which one a document is in, and reads its record."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from shared.adapters.structured import camt, cfdi, cii, facturae, fatturapa, statement_csv, swift_mt940, ubl
from shared.adapters.structured.attachments import Attached, Attachment, attached
from shared.adapters.structured.mapping import tree
from shared.domain.business import BusinessRecord, Fault, Origin
from shared.domain.document import CSV, MT940, PDF, XML, DocumentType
from shared.domain.errors import Damaged, Rejected, TheoGenError
from shared.domain.markup import Markup, read_markup
from shared.domain.remarks import Remark
from shared.ports import StructuredRecord
from shared.tracing import place_of

log = logging.getLogger(__name__)

_READERS: dict[str, Any] = {
    "cii": cii.read, "zugferd1": cii.read, "ubl": ubl.read, "cfdi": cfdi.read, "fatturapa": fatturapa.read,
    "facturae": facturae.read, "camt": camt.read,
}  # fmt: skip
# The names that the standards give, the newest first: of two invoices in one PDF that one is read.
_NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml")
_NO_ARCHIVE = Remark("no_archive")
_KNOWN = frozenset(name.lower() for name in _NAMES)


class StructuredReader:
    """Reads the data of PDF, XML, MT940 and CSV; in memory, in a thread, without a network."""

    async def read(self, data: bytes, media_type: str) -> StructuredRecord | None:
        """The record, or None when the document carries no data that are known. Raises Rejected errors."""
        return await asyncio.to_thread(_read, data, media_type)


def _read(data: bytes, media_type: str) -> StructuredRecord | None:
    try:
        if media_type == PDF:
            return _from_pdf(attached(data))
        if media_type == XML:
            markup = read_markup(data)
            return _from_markup(markup) if markup.syntax else None
        if media_type == MT940:
            record, warnings = swift_mt940.read(_text(data))
            return _found(record, warnings)
        if media_type == CSV:
            found = statement_csv.read(_text(data))
            return _found(found, []) if found else None
    except TheoGenError:
        raise
    except Exception as error:
        log.warning("structured data could not be read: %s at %s", type(error).__name__, place_of(error))
        raise Damaged("The data in this file cannot be read. Export it again and upload it.") from error
    return None


def _from_markup(markup: Markup, attachment: str = "", faults: Sequence[Fault] = ()) -> StructuredRecord:
    record, reading = _READERS[str(markup.syntax)](tree(markup), markup)
    faults = [*faults, *reading.faults]
    if markup.problem:
        wrong = _fault(
            "encoding",
            markup.declared,
            "xml_encoding",
            f"The encoding in the XML's first line is wrong: {markup.problem}. Declare the one used, as UTF-8.",
            "La codificación declarada en la primera línea del XML es errónea: declare la que se usa, como UTF-8.",
        )
        faults.insert(0, wrong)
    origin = record.origin.model_copy(update={"attachment": attachment, "faults": tuple(faults)})
    record = record.model_copy(update={"origin": origin, "sources": _named(record, reading.sources)})
    pending = origin.facts.get("pending")
    warnings = [Remark("pending_movements", n=pending)] if pending else []
    return _found(record, warnings)


def _named(record: BusinessRecord, sources: dict[str, Any]) -> dict[str, Any]:
    """Sources of what the record has: some fields were only read to make others."""
    fields = BusinessRecord.model_fields
    return {
        name: source for name, source in sources.items()
        if ("." in name and name.split(".")[0] in fields) or (name in fields and getattr(record, name) is not None)
    }  # fmt: skip


def _found(record: BusinessRecord, warnings: Sequence[str]) -> StructuredRecord:
    origin = record.origin or Origin(syntax="")
    return StructuredRecord(record, origin.syntax, origin.version, origin.profile, tuple(warnings))


def _from_pdf(found: Attached) -> StructuredRecord | None:
    """The newest of the invoices inside. One that should be there and cannot be read is a fault of the document."""
    invoices: list[tuple[Attachment, Markup]] = []
    broken: list[Fault] = []
    for file in found.files:
        try:
            markup = read_markup(file.data)
        except Rejected as error:
            broken += [_broken(file, str(error))] if file.name.lower() in _KNOWN else []
            continue
        if markup.syntax:
            invoices.append((file, markup))
        elif file.name.lower() in _KNOWN:
            broken.append(_broken(file, f"Its root is {markup.name}, which is no invoice that is known."))
    invoices.sort(key=lambda pair: (_rank(pair[0].name), pair[0].relationship == "Supplement"))
    while invoices:
        file, markup = invoices[0]
        try:
            read = _from_markup(markup, file.name, [*broken, *_container(found, invoices)])
            return read if found.pdfa_part == "3" else replace(read, warnings=(*read.warnings, _NO_ARCHIVE))
        except Rejected as error:
            broken.append(_broken(file, str(error)))
            invoices.pop(0)
    if not broken:
        return None
    origin = Origin(syntax="", attachment=broken[0].value, faults=tuple(broken))
    return _found(BusinessRecord(kind=DocumentType.INVOICE, origin=origin), [])


def _broken(file: Attachment, why: str) -> Fault:
    return _fault(
        "attachment",
        file.name,
        "embedded_xml",
        f"The invoice inside this PDF cannot be read. {why}",
        f"La factura incrustada en este PDF no se puede leer. {why}",
    )


def _fault(field: str, value: str, rule: str, message: str, spanish: str) -> Fault:
    return Fault(field=field, value=value, rule=rule, message=message, message_es=spanish)


def _rank(name: str) -> int:
    exact = _NAMES.index(name) if name in _NAMES else None
    if exact is not None:
        return exact
    return len(_NAMES) + (name.lower() not in _KNOWN)


def _container(found: Attached, invoices: Sequence[tuple[Attachment, Markup]]) -> Iterator[Fault]:
    """What is wrong with how the PDF carries its invoice."""
    file, markup = invoices[0]
    if len(invoices) > 1:
        yield _fault(
            "attachment",
            ", ".join(one.name for one, _ in invoices),
            "one_invoice",
            f"There are {len(invoices)} invoices as XML inside this PDF, and there may be one: take out the others.",
            f"Hay {len(invoices)} facturas en XML dentro de este PDF y solo puede haber una: quite las demás.",
        )
    if file.name.lower() not in _KNOWN:
        return
    if (file.name == _NAMES[-1]) != (markup.syntax == "zugferd1"):
        needed = _NAMES[-1] if markup.syntax == "zugferd1" else _NAMES[0]
        yield _fault(
            "attachment",
            file.name,
            "attachment_name",
            f"A file of this name holds another version of the standard: name it {needed}.",
            f"Un archivo con este nombre contiene otra versión del estándar: llámelo {needed}.",
        )
    if found.file_name and found.file_name.lower() != file.name.lower():
        yield _fault(
            "attachment",
            file.name,
            "metadata_name",
            f"The PDF's metadata name {found.file_name} as its invoice and the file inside is another: correct one.",
            f"Los metadatos del PDF nombran {found.file_name} como factura y el archivo es otro: corrija uno.",
        )


def _text(data: bytes) -> str:
    """Statements come in UTF-8, in the bank's own code page, or in UTF-16."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        western = data.decode("cp1252", "replace")
        beyond = [letter for letter in western if letter > "\x7f"]
        if sum(letter.isalpha() or letter in "€°" for letter in beyond) >= 0.9 * len(beyond):
            return western
        from charset_normalizer import from_bytes

        best = from_bytes(data[:65536]).best()
        return data.decode(best.encoding if best else "cp1252", "replace")
