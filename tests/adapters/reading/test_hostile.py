"""Hostile files: each ends in pages, with a warning where one is due, or in an error that names what is wrong."""

from __future__ import annotations

import subprocess
import sys
import zlib

import pytest
from PIL import Image

from shared.adapters.reading import FileReader, Limits
from shared.domain.errors import (
    ActiveContent,
    Bomb,
    CutOff,
    Encrypted,
    Macros,
    Polyglot,
    Rejected,
    TooLarge,
    TooManyPixels,
    UnsupportedType,
)
from tests.adapters.reading.files import RememberingOcr, image_bytes, lines, pdf, picture, rezipped, word, zipped
from tests.adapters.reading.hostile import (
    GIF,
    GOOD_PDF,
    TEXT,
    bomb_pdf,
    bomb_png,
    bomb_zip,
    huge_picture_pdf,
    locked_zip,
    raw_pdf,
    stream,
    with_attachment,
)

JPEG = image_bytes(picture("hola"), "JPEG")
HIDDEN = b"7 0 <</S/JavaScript/JS(app.alert\\(1\\))>>"
JAR = zipped({"META-INF/MANIFEST.MF": b"Main-Class: A", "A.class": b"\xca\xfe\xba\xbe"})


async def warnings_of(data: bytes, name: str = "file") -> tuple[str, ...]:
    reader = FileReader(RememberingOcr())
    found = await reader.inspect(data, name)
    pages = await reader.read_pages(data, found.media_type, 1, found.page_count)
    assert all(page.text and page.problem is None for page in pages)
    return found.warnings


async def refused(data: bytes, name: str = "file", limits: Limits | None = None) -> Rejected:
    with pytest.raises(Rejected) as caught:
        await FileReader(RememberingOcr(), limits).inspect(data, name)
    assert str(caught.value).endswith(".")
    return caught.value


# Macros


@pytest.mark.parametrize("name", ["letter.docx", "letter.docm", "letter"])
@pytest.mark.parametrize(
    "entry", ["word/vbaProject.bin", "word/VBAPROJECT.BIN", "xl/vbaProject.bin", "word/vbaData.xml"]
)
async def test_macros_are_refused_whatever_the_file_is_called(name: str, entry: str) -> None:
    assert type(await refused(rezipped(word("x"), {entry: b"Sub AutoOpen()"}), name)) is Macros


@pytest.mark.parametrize(
    "kind", ["ms-word.document", "ms-excel.sheet", "ms-powerpoint.presentation", "ms-word.template"]
)
async def test_a_file_that_declares_macros_is_refused_before_they_are_looked_for(kind: str) -> None:
    types = f'<Types><Override PartName="/a.xml" ContentType="application/vnd.{kind}.macroEnabled.main+xml"/></Types>'
    assert type(await refused(zipped({"[Content_Types].xml": types.encode()}))) is Macros


# Two types at once


@pytest.mark.parametrize(
    "data",
    [
        GOOD_PDF + zipped({"a.txt": b"x"}),
        GOOD_PDF + JAR,
        JPEG + JAR,
        image_bytes(picture("hola"), "PNG") + zipped({"a.txt": b"x"}) + b"\r\n",
        b"<html><script>alert(1)</script></html>\n" + GOOD_PDF,
        b"<!-- a -->\n<SCRIPT>alert(1)</SCRIPT>" + GOOD_PDF,
        b"#!/bin/sh\nexit\n" + GOOD_PDF,
        GIF + GOOD_PDF,
        JPEG[:20] + GOOD_PDF,
    ],
    ids=["pdf+zip", "pdf+jar", "jpeg+jar", "png+zip", "html+pdf", "script+pdf", "shell+pdf", "gif+pdf", "jpeg+pdf"],
)
async def test_a_file_of_two_types_is_refused(data: bytes) -> None:
    found = await refused(data)
    assert isinstance(found, Polyglot | UnsupportedType)
    assert isinstance(found, Polyglot) or data.startswith(GIF)


@pytest.mark.parametrize("before", [b"", b"\r\n\r\n", b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n"])
async def test_what_printers_put_before_a_pdf_does_no_harm(before: bytes) -> None:
    assert await warnings_of(before + GOOD_PDF) == ()


async def test_an_archive_attached_to_a_pdf_does_not_make_it_one() -> None:
    assert await warnings_of(with_attachment("data.zip", zipped({"a.txt": b"x"}))) == (
        "The file data.zip attached to the PDF was not read.",
    )


async def test_a_pdf_stored_first_in_an_archive_does_not_make_the_archive_a_pdf() -> None:
    found = await FileReader(RememberingOcr()).inspect(zipped({"a.pdf": GOOD_PDF}), "a.zip")
    assert (found.media_type, found.members) == ("application/zip", 1)


# What a PDF would do


@pytest.mark.parametrize(
    "data",
    [
        raw_pdf(TEXT, catalog=b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>", page=b"/Contents 5 0 R"),
        raw_pdf(TEXT, catalog=b"/OpenAction<</S/Java#53cript/JS(app.alert\\(1\\))>>", page=b"/Contents 5 0 R"),
        raw_pdf(TEXT, page=b"/Contents 5 0 R/AA<</O<</S /JavaScript/JS(this.print\\(\\))>>>>"),
        raw_pdf(
            TEXT,
            stream(zlib.compress(HIDDEN), b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode"),
            page=b"/Contents 5 0 R",
        ),
    ],
    ids=["open action", "escaped name", "page action", "object stream"],
)
async def test_a_pdf_with_a_script_is_read_and_says_so(data: bytes) -> None:
    assert await warnings_of(data) == ("The PDF holds JavaScript, which was not run.",)


@pytest.mark.parametrize(
    "data",
    [
        raw_pdf(TEXT, catalog=b"/OpenAction<</S/Launch/F(cmd.exe)>>", page=b"/Contents 5 0 R"),
        raw_pdf(TEXT, catalog=b"/OpenAction<</S /L#61unch/F(cmd.exe)>>", page=b"/Contents 5 0 R"),
        with_attachment("invoice.pdf.exe", b"anything"),
        with_attachment("invoice.xml", b"MZ\x90\0\x03"),
        with_attachment("run.js", b"WScript.Shell"),
        with_attachment("letter.docm", b"x"),
    ],
    ids=["launch", "escaped launch", "program by name", "program by content", "script", "macros"],
)
async def test_a_pdf_that_would_start_a_program_is_refused(data: bytes) -> None:
    assert type(await refused(data, "a.pdf")) is ActiveContent


async def test_the_data_of_an_e_invoice_is_no_surprise() -> None:
    assert await warnings_of(with_attachment("factur-x.xml", b"<?xml version='1.0'?><a/>")) == ()


async def test_a_text_about_scripts_is_only_a_text() -> None:
    said = b"BT /F1 12 Tf 72 700 Td (Beware of /S /Launch and /JavaScript, and of /EmbeddedFile.) Tj ET"
    assert await warnings_of(raw_pdf(stream(said), page=b"/Contents 5 0 R")) == ()


# Bombs


@pytest.mark.parametrize("layers", [1, 2, 3])
async def test_a_page_that_unfolds_too_far_is_refused(layers: int) -> None:
    data = bomb_pdf(300 * 2**20, layers)
    assert len(data) < 350_000
    assert type(await refused(data, "a.pdf")) is Bomb


async def test_a_page_that_is_merely_large_is_read() -> None:
    content = b"BT /F1 12 Tf 72 700 Td (This page says quite enough to be read as a page.) Tj ET" + b" " * 30_000_000
    data = raw_pdf(stream(zlib.compress(content), b"/Filter/FlateDecode"), page=b"/Contents 5 0 R")
    assert await warnings_of(data) == ()


async def test_a_picture_of_too_many_pixels_is_refused() -> None:
    assert type(await refused(bomb_png())) is TooManyPixels
    tiff = image_bytes(Image.new("1", (30_000, 20_000)), "TIFF", compression="group4")
    assert len(tiff) < 1_000_000
    assert type(await refused(tiff)) is TooManyPixels


async def test_a_picture_of_too_many_pixels_in_a_pdf_is_its_page_s_problem() -> None:
    reader = FileReader(RememberingOcr())
    data = huge_picture_pdf()
    [page] = await reader.read_pages(data, (await reader.inspect(data, "a.pdf")).media_type, 1, 1)
    assert page.problem == "A picture on this page has too many pixels."


async def test_an_archive_that_unfolds_too_far_is_refused() -> None:
    assert type(await refused(bomb_zip(300 * 2**20), "a.zip")) is Bomb


async def test_an_archive_that_unfolds_further_than_it_says_gives_no_such_member() -> None:
    data = bomb_zip(20 * 2**20).replace(struct_of(20 * 2**20), struct_of(1000))
    reader = FileReader(RememberingOcr())
    assert (await reader.inspect(data, "a.zip")).members == 1
    [member] = [one async for one in reader.members(data, "application/zip", 1, 1)]
    assert (member.data, member.error_code) == (None, "damaged")


def struct_of(size: int) -> bytes:
    return size.to_bytes(4, "little")


@pytest.mark.slow
def test_bombs_cost_no_memory() -> None:
    """All bombs of this module in one process of its own: its greatest size is theirs."""
    program = (
        "import asyncio, resource, sys\n"
        "from shared.adapters.reading import FileReader\n"
        "from shared.domain.errors import Rejected\n"
        "from tests.adapters.reading.files import RememberingOcr\n"
        "from tests.adapters.reading import hostile\n"
        "made = [hostile.bomb_pdf(300 * 2**20, n) for n in (1, 2, 3)]\n"
        "made += [hostile.bomb_png(), hostile.bomb_zip(300 * 2**20)]\n"
        "reader = FileReader(RememberingOcr())\n"
        "asyncio.run(reader.inspect(hostile.GOOD_PDF, 'a.pdf'))\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for data in made:\n"
        "    try:\n"
        "        asyncio.run(reader.inspect(data, 'a'))\n"
        "        sys.exit('accepted')\n"
        "    except Rejected:\n"
        "        pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    grown = int(done.stdout) * (1 if sys.platform == "darwin" else 1024)
    assert grown < 100 * 2**20


# Cut off, locked, too large


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (GOOD_PDF[: len(GOOD_PDF) // 4], "a.pdf"),
        (word("x" * 5000)[:-200], "a.docx"),
        (zipped({"a.txt": b"hello" * 99})[:-30], "a.zip"),
        (JPEG[: len(JPEG) // 2], "a.jpg"),
        (image_bytes(picture("hola"), "PNG")[:1500], "a.png"),
    ],
    ids=["pdf", "word", "zip", "jpeg", "png"],
)
async def test_a_file_that_was_cut_off_is_refused_as_such(data: bytes, name: str) -> None:
    assert type(await refused(data, name)) is CutOff


@pytest.mark.parametrize(
    ("data", "name"),
    [(pdf(lines("secret"), password="s3cret"), "a.pdf"), (locked_zip(a=b"secret", b=b"more"), "a.zip")],
    ids=["pdf", "zip"],
)
async def test_a_file_with_a_password_is_refused_as_such(data: bytes, name: str) -> None:
    assert type(await refused(data, name)) is Encrypted


async def test_a_file_over_the_limit_is_refused_as_such() -> None:
    assert type(await refused(GOOD_PDF, "a.pdf", Limits(max_bytes=100))) is TooLarge
