"""Harmful and broken XML ends in an error of ours, soon, and expands nothing."""

from __future__ import annotations

import pytest

from shared.adapters.structured import StructuredReader
from shared.domain.document import XML
from shared.domain.errors import Damaged, Rejected, TooLarge, UnsafeXml
from shared.domain.markup import LONGEST_ATTRIBUTE, MOST_BYTES, read_markup
from shared.domain.validation import validate
from shared.ports import StructuredRecord
from tests.adapters.structured import invoices

HEAD, BODY = invoices.cfdi().split("?>", 1)
HEAD += "?>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


async def read(data: bytes) -> StructuredRecord | None:
    return await StructuredReader().read(data, XML)


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/evil.dtd">',
        '<!DOCTYPE x [<!ENTITY % out SYSTEM "http://127.0.0.1:9/x"> %out;]>',
        "<!DOCTYPE x>",
    ],
    ids=["billion laughs", "a file", "a DTD of the network", "a parameter entity", "an empty one"],
)
async def test_a_document_type_is_refused_whatever_it_declares(doctype: str) -> None:
    with pytest.raises(UnsafeXml):
        await read((HEAD + doctype + BODY.replace("Asesoría", "&l9;")).encode())
    with pytest.raises(UnsafeXml):
        await read((HEAD.replace("UTF-8", "UTF-16") + doctype + BODY).encode("utf-16"))


async def test_an_entity_that_was_not_declared_is_damage() -> None:
    with pytest.raises(Damaged):
        await read((HEAD + BODY.replace("Asesoría", "&l9;")).encode())


async def test_a_huge_attribute_and_a_deep_nest_are_too_large() -> None:
    with pytest.raises(TooLarge, match="attribute"):
        await read((HEAD + BODY.replace("Asesoría", "a" * (LONGEST_ATTRIBUTE + 1))).encode())
    with pytest.raises(TooLarge, match="within one another"):
        await read((HEAD + BODY.replace("<cfdi:Emisor", f"{'<a>' * 200}{'</a>' * 200}<cfdi:Emisor")).encode())


async def test_more_bytes_than_any_invoice_has_are_too_large() -> None:
    with pytest.raises(TooLarge):
        await read((HEAD + " " * MOST_BYTES + BODY).encode())


async def test_a_wide_flat_file_is_too_large() -> None:
    with pytest.raises(TooLarge):
        await read((HEAD + BODY.replace("<cfdi:Emisor", "<b/>" * 600_000 + "<cfdi:Emisor")).encode())


@pytest.mark.parametrize("share", [0.1, 0.4, 0.6, 0.9, 0.99])
async def test_a_file_that_was_cut_off_says_so(share: float) -> None:
    for xml in (invoices.CII, invoices.ubl(), invoices.fatturapa(), invoices.facturae()):
        with pytest.raises(Damaged, match="cut off"):
            await read(xml.encode()[: int(len(xml.encode()) * share)])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "cp1252"])
async def test_every_usual_encoding_is_read_when_it_is_declared(encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "windows-1252"}
    xml = invoices.cfdi().replace("UTF-8", declared.get(encoding, encoding))
    found = await read(xml.encode(encoding))
    assert found is not None
    assert found.record.seller_name == "Peñón Consultores"
    assert validate(found.record) == []


@pytest.mark.parametrize(
    ("declared", "written"),
    [("UTF-8-W/O-BOM", "utf-8"), ("UTF-8", "cp1252"), ("UTF-16", "utf-8"), ("rot13", "utf-8"), ("UTF-8", "utf-16")],
)
async def test_an_encoding_that_is_wrongly_declared_is_a_finding_and_the_rest_is_read(
    declared: str, written: str
) -> None:
    found = await read(invoices.cfdi().replace("UTF-8", declared).encode(written))
    assert found is not None
    assert found.record.seller_name == "Peñón Consultores"
    [finding] = validate(found.record)
    assert (finding.field, finding.value, finding.rule) == ("encoding", declared, "xml_encoding")


async def test_comments_and_instructions_are_no_content() -> None:
    hidden = "<!-- Total: 1.00 --><?pay now?>"
    found = await read((HEAD + hidden + BODY.replace("<cfdi:Emisor", f"{hidden}<cfdi:Emisor")).encode())
    assert found is not None
    assert found.record.total == 954


async def test_bytes_at_random_end_in_an_error_of_ours_or_in_nothing() -> None:
    import random

    chance = random.Random(7)
    whole = bytearray(invoices.CII.encode())
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            found = await read(bytes(data))
        except Rejected:
            continue
        if found is not None:
            validate(found.record)


def test_the_root_tells_the_syntax_and_other_roots_tell_none() -> None:
    assert read_markup(invoices.facturae().encode()).syntax == "facturae"
    assert read_markup(invoices.ubl("CreditNote").encode()).syntax == "ubl"
    assert read_markup(b"<Invoice xmlns='urn:elsewhere'/>").syntax is None
