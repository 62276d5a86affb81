"""RecordReader over every syntax: tells which one a document is in, and reads its record."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from shared.adapters.structured import camt, cfdi, cii, facturae, fatturapa, statement_csv, swift_mt940, ubl
from shared.adapters.structured.attachments import Attached, Attachment, attached
from shared.adapters.structured.mapping import tree
from shared.domain.business import BusinessRecord, Fault, Origin
from shared.domain.document import CSV, MT940, PDF, XML, DocumentType
from shared.domain.errors import Damaged, Rejected, TheoGenError
from shared.domain.markup import Markup, read_markup
from shared.ports import StructuredRecord

log = logging.getLogger(__name__)

_READERS: dict[str, Any] = {
    "cii": cii.read, "zugferd1": cii.read, "ubl": ubl.read, "cfdi": cfdi.read, "fatturapa": fatturapa.read,
    "facturae": facturae.read, "camt": camt.read,
}  # fmt: skip
# The names that the standards give, the newest first: of two invoices in one PDF that one is read.
_NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml")
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
        log.exception("structured data could not be read")
        raise Damaged("The data in this file cannot be read. Export it again and upload it.") from error
    return None


def _from_markup(markup: Markup, attachment: str = "", faults: Sequence[Fault] = ()) -> StructuredRecord:
    record, reading = _READERS[str(markup.syntax)](tree(markup), markup)
    faults = [*faults, *reading.faults]
    if markup.problem:
        message = f"The encoding in the XML's first line is wrong: {markup.problem}. Declare the one used, as UTF-8."
        faults.insert(0, Fault(field="encoding", value=markup.declared, rule="xml_encoding", message=message))
    origin = record.origin.model_copy(update={"attachment": attachment, "faults": tuple(faults)})
    record = record.model_copy(update={"origin": origin, "sources": _named(record, reading.sources)})
    pending = origin.facts.get("pending")
    warnings = [f"{pending} movements that are not booked yet were left out."] if pending else []
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
            if file.name.lower() in _KNOWN:
                broken.append(Fault(field="attachment", value=file.name, rule="embedded_xml", message=str(error)))
            continue
        if markup.syntax:
            invoices.append((file, markup))
        elif file.name.lower() in _KNOWN:
            message = f"The file {file.name} inside this PDF is no invoice that is known: its root is {markup.name}."
            broken.append(Fault(field="attachment", value=file.name, rule="embedded_xml", message=message))
    invoices.sort(key=lambda pair: (_rank(pair[0].name), pair[0].relationship == "Supplement"))
    while invoices:
        file, markup = invoices[0]
        try:
            return _from_markup(markup, file.name, [*broken, *_container(found, invoices)])
        except Rejected as error:
            broken.append(Fault(field="attachment", value=file.name, rule="embedded_xml", message=str(error)))
            invoices.pop(0)
    if not broken:
        return None
    origin = Origin(syntax="", attachment=broken[0].value, faults=tuple(broken))
    return _found(BusinessRecord(kind=DocumentType.INVOICE, origin=origin), [])


def _rank(name: str) -> int:
    exact = _NAMES.index(name) if name in _NAMES else None
    if exact is not None:
        return exact
    return len(_NAMES) + (name.lower() not in _KNOWN)


def _container(found: Attached, invoices: Sequence[tuple[Attachment, Markup]]) -> list[Fault]:
    """What is wrong with how the PDF carries its invoice."""
    faults = []
    file, markup = invoices[0]
    if len(invoices) > 1:
        names = ", ".join(one.name for one, _ in invoices)
        message = f"There are {len(invoices)} invoices as XML inside this PDF, and there may be one: take out the others."
        faults.append(Fault(field="attachment", value=names, rule="one_invoice", message=message))
    elder = file.name == "ZUGFeRD-invoice.xml"
    if file.name.lower() in _KNOWN and elder != (markup.syntax == "zugferd1"):
        needed = "ZUGFeRD-invoice.xml" if markup.syntax == "zugferd1" else "factur-x.xml"
        message = f"A file of this name holds another version of the standard: name it {needed}."
        faults.append(Fault(field="attachment", value=file.name, rule="attachment_name", message=message))
    if found.file_name and file.name.lower() in _KNOWN and found.file_name.lower() != file.name.lower():
        message = f"The PDF's metadata name {found.file_name} as its invoice and the file inside is another: correct one."
        faults.append(Fault(field="attachment", value=file.name, rule="metadata_name", message=message))
    return faults


def _text(data: bytes) -> str:
    """Statements come in UTF-8, in the bank's own code page, or in UTF-16."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data[:65536]).best()
        return data.decode(best.encoding if best else "cp1252", "replace")
