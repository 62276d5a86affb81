"""From the text of a business paper to its record, by rules: labels, formats and arithmetic, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from shared.domain import paper_labels as labels
from shared.domain.amounts import amounts, decimal_mark
from shared.domain.business import BusinessRecord, Source
from shared.domain.credits import as_credit
from shared.domain.currencies import currency, currency_of_countries
from shared.domain.dates import FoundDate, dates, day_first
from shared.domain.document import DocumentType, Page
from shared.domain.identifiers import called_ibans, find_ibans, iban_is_valid
from shared.domain.labelled import Read, T, TextLine, best, labelled
from shared.domain.lines import consistent, line_items, summed
from shared.domain.money_figures import invoice_figures
from shared.domain.parties import parties
from shared.domain.payment_terms import due_by_terms
from shared.domain.receipt_date import receipt_date
from shared.domain.receipt_seller import receipt_seller
from shared.domain.receipt_total import receipt_money
from shared.domain.sheet import Row, Sheet, flat_sheet, sheet_of
from shared.domain.statement_paper import paper_statement
from shared.domain.statements import has_balances, mt940_fields
from shared.domain.taxes import only_row, summary_of, tax_rows
from shared.domain.totals import currency_of, reconciled
from shared.domain.untaxed import untaxed_net

_NUMBER_VALUE = re.compile(r"[\s:.#º°=*-]*(?P<value>[A-Za-z0-9][A-Za-z0-9_]*(?:[/.\-–_ ]?[A-Za-z0-9_]+)*)")
_SAMPLE = 40_000  # characters that are looked at: what stands later is annexes

Fields = dict[str, Read[Any]]


def extract(pages: Sequence[Page] | str, type: DocumentType, language: str) -> BusinessRecord:
    """The record of a paper of this type. Offsets in `sources` refer to the pages' canonical text.

    `language` (ISO 639-1) decides how "1.234" and "03/04/2024" read where the paper itself does not tell. What is not
    there, or could mean two things, stays None. Pages without places on them (Word, plain text) are read as lines; a
    text stands for such pages, parted by form feeds.
    """
    sheet = flat_sheet(pages) if isinstance(pages, str) else sheet_of(pages)
    mark, order = decimal_mark(sheet.text, language), day_first(sheet.text, language)
    if type is DocumentType.BANK_STATEMENT:
        return _statement(sheet, mark, order, language)
    rows = [row for row in sheet.rows if row.start < _SAMPLE]
    if type is DocumentType.RECEIPT:
        return _record(sheet, type, _receipt(rows, sheet.text[:_SAMPLE], mark, language))
    return _invoice(sheet, rows, mark, order, language)


def _statement(sheet: Sheet, mark: str, order: bool | None, language: str) -> BusinessRecord:
    if has_balances(sheet.text):
        fields, transactions = mt940_fields(sheet.text)
        return _with_list(_record(sheet, DocumentType.BANK_STATEMENT, fields), sheet, "transactions", transactions)
    fields, movements = paper_statement(sheet, mark, order, language)
    record = _record(sheet, DocumentType.BANK_STATEMENT, fields)
    record = _with_list(record, sheet, "transactions", [_whole(one, parts) for one, parts in movements])
    sources = {
        f"transactions.{index}.{name}": _source(sheet, read)
        for index, (_, parts) in enumerate(movements)
        for name, read in parts.items()
    }
    return record.model_copy(update={"sources": record.sources | sources})


def _whole(value: T, parts: Fields) -> Read[T]:
    """A row that was read by its parts: from the first of them to the last, and as sure as the least sure."""
    start, end = min(part.start for part in parts.values()), max(part.end for part in parts.values())
    return Read(value, start, end, min(part.confidence for part in parts.values()))


def _receipt(rows: Sequence[Row], text: str, mark: str, language: str) -> Fields:
    if not rows:
        return {}
    own = receipt_seller(rows) | receipt_money(rows, mark) | _field("issue_date", receipt_date(rows, text, language))
    found = amounts(text, mark)
    said = {name: read for name, read in parties(rows).items() if name in ("seller_tax_id",)}
    total = next((amount for amount in found if "total" in own and amount.start == own["total"].start), None)
    return _number(rows) | said | _field("currency", currency(text, found, total, language)) | own


def _invoice(sheet: Sheet, rows: Sequence[Row], mark: str, order: bool | None, language: str) -> BusinessRecord:
    text = sheet.text[:_SAMPLE]
    blanks_group = language == "fr"
    figures, summary = invoice_figures(rows, mark, blanks_group), tax_rows(rows, mark, blanks_group)
    found = amounts(text, mark, blanks_group=blanks_group)
    totals = reconciled(figures, summary, [amount for amount in found if amount.is_money])
    fields = _number(rows) | _dates(text, rows, order, DocumentType.INVOICE) | parties(rows) | _iban(text) | totals
    countries = [fields[name] for name in ("seller_country", "buyer_country") if name in fields]
    said = currency(text, found, currency_of(figures, totals), language)
    fields |= _field("currency", said or currency_of_countries(found, countries))
    lines = consistent(line_items(rows, figures, mark, blanks_group), totals)
    fields |= summed(lines, fields)
    record = _record(sheet, DocumentType.INVOICE, untaxed_net(rows, lines, fields) | fields)
    record = _with_list(record, sheet, "lines", lines)
    summary = summary_of(summary, record.net, record.tax) or only_row(rows, mark, blanks_group, record.net, record.tax)
    return as_credit(_with_list(record, sheet, "taxes", [Read(r.tax(), r.start, r.end, r.confidence) for r in summary]))


def _with_list(record: BusinessRecord, sheet: Sheet, name: str, reads: Sequence[Read[Any]]) -> BusinessRecord:
    """The record with a list field, and a source for each of its parts."""
    sources = {f"{name}.{index}": _source(sheet, read) for index, read in enumerate(reads)}
    update = {name: tuple(read.value for read in reads), "sources": record.sources | sources}
    return record.model_copy(update=update)


def _record(sheet: Sheet, kind: DocumentType, fields: Fields) -> BusinessRecord:
    values = {name: read.value for name, read in fields.items()}
    sources = {name: _source(sheet, read) for name, read in fields.items()}
    return BusinessRecord(kind=kind, sources=sources, **values)


def _source(sheet: Sheet, read: Read[Any]) -> Source:
    """Where it was read; as sure as the rule that found it and the reader of the page together."""
    page, box, sure = sheet.place(read.start, read.end)
    return Source(start=read.start, end=read.end, page=page, box=box, confidence=round(read.confidence * sure, 2))


def _field(name: str, read: Read[T] | None) -> Fields:
    return {name: read} if read is not None else {}


def _number(lines: Sequence[TextLine]) -> Fields:
    for label, confidence in zip(labels.NUMBER, (0.9, 0.6), strict=True):

        def reader(text: str, offset: int, confidence: float = confidence) -> list[Read[str]]:
            return _identifier(text, offset, confidence)

        chosen = best(list(labelled(lines, label, reader, reach=6)))
        if chosen:
            return {"number": chosen}
    return {}


def _identifier(text: str, offset: int, confidence: float) -> list[Read[str]]:
    """What may be a document's number at the start of `text`: letters and digits, one digit at least, no date."""
    match = _NUMBER_VALUE.match(text)
    if not match:
        return []
    # Words after a blank belong to the number only while they hold digits: "A 2024 117" but not "117 Fecha".
    words = match["value"].split(" ")
    taken = words[0]
    for word in words[1:]:
        if not word.isdigit() or taken.isdigit() or len(taken) > 4:
            break
        taken += f" {word}"
    if re.match(r"[.,]\d", text[match.end("value") :]):  # an amount
        return []
    start = offset + match.start("value")
    dated = dates(text[match.start("value") :][:24], True)
    if not any(map(str.isdigit, taken)) or len(taken) > 40 or (dated and dated[0].start == 0):
        return []
    return [Read(taken, start, start + len(taken), confidence)]


def _dates(text: str, lines: Sequence[TextLine], order: bool | None, kind: DocumentType) -> Fields:
    def reader(piece: str, offset: int) -> list[Read[Any]]:
        return [Read(found.value, found.start, found.end, 0.9) for found in dates(piece, order, offset)]

    due = best([read for label in labels.DUE_DATE for read in labelled(lines, label, reader)])
    fields = _field("due_date", due)
    for label in labels.ISSUE_DATE:
        issued = best([read for read in labelled(lines, label, reader) if due is None or read.start != due.start])
        if issued:
            break
    fields |= _field("issue_date", issued) or _only_date(dates(text, order), due, kind)
    if due is None and "issue_date" in fields:
        fields |= _field("due_date", due_by_terms(lines, fields["issue_date"]))
    return fields


def _only_date(found: Sequence[FoundDate], due: Read[Any] | None, kind: DocumentType) -> Fields:
    """Without a label, a date is the paper's own only when there is no other; a receipt's first date is its own."""
    others = [one for one in found if due is None or one.value != due.value]
    if others and (len({one.value for one in others}) == 1 or kind is DocumentType.RECEIPT):
        return {"issue_date": Read(others[0].value, others[0].start, others[0].end, 0.5)}
    return {}


def _iban(text: str) -> Fields:
    """The first IBAN that checks; else the first that does not, for validation to say so: its digits, or its length."""
    found = [Read(iban, start, end, 0.95 if iban_is_valid(iban) else 0.4) for iban, start, end in find_ibans(text)]
    found += [Read(iban, start, end, 0.3) for iban, start, end in called_ibans(text)]
    return _field("iban", max(found, key=lambda read: read.confidence, default=None))
