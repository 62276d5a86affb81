"""Hard files made by others. They are not part of the project: THEOGEN_DATA says where they lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shared.adapters.reading import FileReader
from shared.domain.document import Page
from shared.domain.errors import Rejected
from tests.adapters.reading.files import RememberingOcr

DATA = os.environ.get("THEOGEN_DATA", "")
NASTY = Path(DATA) / "nasty"
REFUSED = {
    "unstructured/pdf/password.pdf": "encrypted",
    "unstructured/password_protected.xlsx": "encrypted",
    "unstructured/empty.txt": "empty_file",
    "unstructured/fake-text-all-whitespace.txt": "empty_file",
    "unstructured/fake-html-cp1252.html": "unsupported_type",
    "unstructured/eml/empty.eml": "empty_file",
    "pypdf/r6-user-password.pdf": "encrypted",
    "qpdf/bad1.pdf": "damaged",
    "qpdf/empty.pdf": "no_pages",
    "qpdf/deep-pages.pdf": "damaged",
    "qpdf/issue-335a.pdf": "damaged",
    "pillow_heif/corrupted.heic": "damaged",
}
PAGES = {
    "unstructured/fake-email-attachment.msg": 1,
    "unstructured/rotated-page-90.pdf": 1,
    "unstructured/pdf/loremipsum-flat.pdf": 1,
    "unstructured/pdf/fake-memo-with-duplicate-page.pdf": 2,
    "unstructured/pdf/invalid-pdf-structure-pdfminer-one-page.pdf": 2,
    "unstructured/handbook-872p.docx": 55,  # its explicit page breaks
    "unstructured/language-docs/eng_spa_mult.doc": 1,
    "unstructured/teams_chat.docx": 1,
    "unstructured/fake-text-utf-16-le.txt": 1,
    "unstructured/fake-text-utf-32.txt": 1,
    "unstructured/umlauts-non-utf8.md": 1,
    "unstructured/eml/fake-email-attachment.eml": 1,
    "unstructured/eml/fake-email-utf-16-le.eml": 1,
    "unstructured/eml/fake-email-malformed-encoding.eml": 1,
    "unstructured/eml/mime-multipart-digest.eml": 1,
    "docling/ocr_test.pdf": 1,
    "docling/ocr_test_rotated_90.pdf": 1,
    "docling/ocr_test_rotated_180.pdf": 1,
    "docling/ocr_test_rotated_270.pdf": 1,
    "docling/nemotron_multipage.pdf": 4,
    "docling/invisible_text_layer.pdf": 1,
    "docling/2206.01062.tif": 2,
    "pypdf/r6-owner-password.pdf": 1,
    "qpdf/page-no-content.pdf": 3,
    "qpdf/bad-xref.pdf": 1,
    "qpdf/issue-117.pdf": 1,
    "qpdf/append-xref-loop.pdf": 30,
    "pillow_heif/zPug_3.heic": 3,
    "pillow_heif/RGBA_8__128x128.heif": 1,
    "pillow_heif/truncated.heic": 2,
}

pytestmark = [
    pytest.mark.skipif(not NASTY.is_dir() or not DATA, reason="THEOGEN_DATA does not name the folder of test data"),
    pytest.mark.timeout(30),
]


async def read(path: str) -> list[Page]:
    data = (NASTY / path).read_bytes()
    reader = FileReader(RememberingOcr())
    found = await reader.inspect(data, Path(path).name)
    return await reader.read_pages(data, found.media_type, 1, found.page_count)


@pytest.mark.parametrize(("path", "code"), REFUSED.items())
async def test_what_cannot_be_read_is_refused_with_a_reason(path: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        await read(path)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(("path", "count"), PAGES.items())
async def test_what_can_be_read_gives_its_pages(path: str, count: int) -> None:
    pages = await read(path)
    assert [page.number for page in pages] == list(range(1, count + 1))
    assert all(page.text or page.problem or page.source == "text_layer" for page in pages)


async def test_every_hard_file_is_expected_here() -> None:
    no_file = ("LICENSE", "NOTICE", "FILES.md", ".full_page.md")
    found = {
        str(p.relative_to(NASTY)) for p in NASTY.rglob("*") if p.is_file() and not any(n in p.name for n in no_file)
    }
    assert found == set(REFUSED) | set(PAGES)


async def test_text_that_cannot_be_seen_is_not_read() -> None:
    assert (await read("docling/invisible_text_layer.pdf"))[0].text == "Visible heading line"


async def test_one_broken_picture_is_the_problem_of_its_page_alone() -> None:
    first, second = await read("pillow_heif/truncated.heic")
    assert first.problem is None
    assert second.problem is not None


async def test_inner_messages_are_read() -> None:
    text = (await read("unstructured/eml/mime-multipart-digest.eml"))[0].text
    assert all(subject in text for subject in ("Subject: First Message", "Subject: Second Message"))
