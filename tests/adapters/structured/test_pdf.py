"""Invoices as XML inside PDFs: found by name and by relationship, and what is wrong with how they are carried."""

from __future__ import annotations

import io
from typing import Any

import pytest

from shared.adapters.structured import StructuredReader
from shared.adapters.structured.attachments import attached
from shared.domain.document import PDF
from shared.domain.validation import validate
from shared.ports import StructuredRecord
from tests.adapters.structured import invoices
from tests.support.carriers import pdf_with


async def read(pdf: bytes) -> StructuredRecord | None:
    return await StructuredReader().read(pdf, PDF)


async def rules(pdf: bytes) -> list[tuple[str, str]]:
    found = await read(pdf)
    assert found is not None
    return [(finding.rule, finding.value) for finding in validate(found.record)]


async def test_the_invoice_inside_is_the_record() -> None:
    found = await read(pdf_with({"factur-x.xml": invoices.CII}))
    assert found is not None
    assert (found.record.number, found.syntax, found.profile) == ("R-2024-7", "cii", invoices.EN16931)
    assert found.record.origin is not None
    assert found.record.origin.attachment == "factur-x.xml"
    assert validate(found.record) == []


@pytest.mark.parametrize("by", ["names", "relationship"])
async def test_the_file_is_found_by_name_and_by_relationship(by: str) -> None:
    found = await read(pdf_with({"factur-x.xml": invoices.CII}, by=by))
    assert found is not None
    assert found.record.number == "R-2024-7"


async def test_a_file_of_another_name_is_found_by_what_it_holds() -> None:
    assert await rules(pdf_with({"invoice.xml": invoices.ubl()})) == []


async def test_other_files_inside_are_left_alone() -> None:
    assert await rules(pdf_with({"factur-x.xml": invoices.CII, "terms.xml": "<terms/>", "photo.png": "x"})) == []
    assert await read(pdf_with({"terms.xml": "<terms/>"})) is None


async def test_two_invoices_in_one_pdf_are_one_too_many() -> None:
    pdf = pdf_with({"ZUGFeRD-invoice.xml": invoices.ZUGFERD_1, "factur-x.xml": invoices.CII})
    assert await rules(pdf) == [("one_invoice", "factur-x.xml, ZUGFeRD-invoice.xml")]


async def test_a_name_of_another_version_is_named() -> None:
    assert await rules(pdf_with({"factur-x.xml": invoices.ZUGFERD_1})) == [("attachment_name", "factur-x.xml")]
    assert await rules(pdf_with({"ZUGFeRD-invoice.xml": invoices.CII})) == [("attachment_name", "ZUGFeRD-invoice.xml")]


async def test_metadata_that_name_another_file_are_named() -> None:
    pdf = pdf_with({"factur-x.xml": invoices.CII}, metadata_name="xrechnung.xml")
    assert await rules(pdf) == [("metadata_name", "factur-x.xml")]


async def test_a_pdf_that_is_no_archive_is_remarked_and_accepted() -> None:
    plain = await read(pdf_with({"factur-x.xml": invoices.CII}))
    archive = await read(pdf_with({"factur-x.xml": invoices.CII}, metadata_name="factur-x.xml"))
    assert plain is not None
    assert archive is not None
    assert ("PDF/A-3" in " ".join(plain.warnings), archive.warnings) == (True, ())
    assert validate(plain.record) == validate(archive.record) == []


@pytest.mark.parametrize("xml", ["<broken", "<!DOCTYPE a><a/>", "<other/>", invoices.CII[:900]])
async def test_an_invoice_inside_that_cannot_be_read_is_a_finding_and_no_error(xml: str) -> None:
    found = await read(pdf_with({"factur-x.xml": xml}))
    assert found is not None
    assert found.record.sources == {}
    assert validate(found.record)[0].rule == "embedded_xml"


async def test_pdfs_without_files_and_broken_ones_have_no_data() -> None:
    whole = pdf_with({"factur-x.xml": invoices.CII})
    assert await read(pdf_with({})) is None
    assert await read(b"%PDF-1.7 EmbeddedFile nothing more") is None
    for share in (0.2, 0.5, 0.8):
        found = await read(whole[: int(len(whole) * share)])
        assert found is None or found.record.number == "R-2024-7"


async def test_a_file_that_unfolds_into_hundreds_of_megabytes_is_a_finding() -> None:
    import zlib

    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject, StreamObject

    writer = PdfWriter(PdfReader(io.BytesIO(pdf_with({"factur-x.xml": invoices.CII}))))
    bomb = StreamObject()
    bomb._data = zlib.compress(b"\0" * 200_000_000, 9)
    bomb[NameObject("/Filter")] = NameObject("/FlateDecode")
    bomb[NameObject("/Type")] = NameObject("/EmbeddedFile")
    catalog: Any = writer.root_object
    for key in ("/F", "/UF"):
        catalog["/AF"][0].get_object()["/EF"][NameObject(key)] = writer._add_object(bomb)
    del catalog["/Names"]
    out = io.BytesIO()
    writer.write(out)
    assert (await rules(out.getvalue()))[0][0] == "embedded_xml"


def test_a_tree_of_names_that_bites_its_tail_ends() -> None:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    writer = PdfWriter(PdfReader(io.BytesIO(pdf_with({"factur-x.xml": invoices.CII}))))
    node = DictionaryObject()
    reference = writer._add_object(node)
    node[NameObject("/Kids")] = ArrayObject([reference, reference])
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/EmbeddedFiles"): reference})
    out = io.BytesIO()
    writer.write(out)
    assert len(attached(out.getvalue()).files) <= 1
