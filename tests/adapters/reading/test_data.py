"""Files that are data are recognised by what they hold, and have a page of text like any other."""

from __future__ import annotations

import pytest

from shared.adapters.reading import FileReader
from shared.domain.document import CSV, MT940, XML
from shared.domain.errors import Damaged, UnsafeXml, UnsupportedType
from shared.ports import OcrEngine, PageImage
from tests.adapters.structured import invoices, statements


class NoOcr:
    """Nothing here is a picture."""

    name = "none"

    async def read(self, image: PageImage, number: int) -> None:
        raise AssertionError("asked to read a picture")


def reader() -> FileReader:
    ocr: OcrEngine = NoOcr()  # type: ignore[assignment]
    return FileReader(ocr)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (invoices.CII, XML), (invoices.ubl(), XML), (invoices.cfdi(), XML), (invoices.fatturapa(), XML),
        (invoices.facturae(), XML), (statements.camt(), XML), (statements.MT940, MT940), (statements.CSV_ES, CSV),
        (statements.CSV_EN, CSV), (statements.CSV_DE, CSV),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["data", "data.txt", "data.xml"])
async def test_the_kind_is_told_by_content_whatever_the_name(text: str, kind: str, name: str) -> None:
    assert (await reader().inspect(text.encode(), name)).media_type == kind


async def test_the_page_is_the_text_of_the_file() -> None:
    [page] = await reader().read_pages(invoices.cfdi().encode(), XML, 1, 1)
    assert page.text == invoices.cfdi()
    [page] = await reader().read_pages(invoices.cfdi().replace("UTF-8", "iso-8859-1").encode("latin-1"), XML, 1, 1)
    assert "Peñón Consultores" in page.text
    [page] = await reader().read_pages(statements.MT940.encode(), MT940, 1, 1)
    assert page.text == statements.MT940


async def test_a_wrongly_declared_encoding_is_a_warning() -> None:
    inspection = await reader().inspect(invoices.cfdi().replace("UTF-8", "UTF-9").encode(), "a.xml")
    assert any("UTF-9" in warning for warning in inspection.warnings)


async def test_harmful_and_broken_xml_is_refused_at_the_door() -> None:
    with pytest.raises(UnsafeXml):
        await reader().inspect(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "a.xml")
    with pytest.raises(Damaged, match="cut off"):
        await reader().inspect(invoices.CII.encode()[:2000], "a.xml")


async def test_xml_of_other_kinds_is_refused_and_told_which_are_read() -> None:
    with pytest.raises(UnsupportedType, match="Facturae"):
        await reader().inspect(b"<?xml version='1.0'?><playlist/>", "a.xml")


@pytest.mark.parametrize(
    "data",
    [
        bytes.fromhex("308204d606092a864886f70d010702a08204c7308204c3") + b"\0\1" * 200,
        b"MIIE1gYJKoZIhvcNAQcCoIIExzCCBMMCAQExDzANBglghkgB",
    ],
)
async def test_a_signed_envelope_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(UnsupportedType, match=r"\.p7m"):
        await reader().inspect(data, "IT01234567890_1.xml.p7m")


@pytest.mark.parametrize(
    "text",
    [
        "<Ana> I came here in spring: alone.\n<Interviewer> And then?",
        "Ana, Luis, Marta\nThe date, the amount, the balance of things: we spoke of them all.",
        "name;city\nAna;Soria\n",
        "We met at :20: in the evening.",
    ],
)
async def test_texts_that_only_look_like_data_stay_texts(text: str) -> None:
    assert (await reader().inspect(text.encode(), "a.txt")).media_type == "text/plain"
