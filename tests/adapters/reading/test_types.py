from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.reading import FileReader, Limits
from shared.domain.document import Inspection, Page
from shared.domain.errors import (
    Damaged,
    EmptyFile,
    Encrypted,
    Rejected,
    TooLarge,
    TooManyPages,
    UndecodableText,
    UnsupportedType,
)
from tests.adapters.reading.files import (
    SPANISH,
    RememberingOcr,
    image_bytes,
    lines,
    pdf,
    picture,
    rezipped,
    word,
    zipped,
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "\n".join(SPANISH)


async def inspect(data: bytes, name: str = "file", limits: Limits | None = None) -> Inspection:
    return await FileReader(RememberingOcr(), limits).inspect(data, name)


async def read(data: bytes, name: str = "file", ocr: RememberingOcr | None = None) -> tuple[Inspection, list[Page]]:
    reader = FileReader(ocr or RememberingOcr())
    found = await reader.inspect(data, name)
    pages = await reader.read_pages(data, found.media_type, 1, found.page_count)
    assert len(pages) == found.page_count
    return found, pages


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
async def test_text_is_read_in_any_usual_encoding(encoding: str) -> None:
    found, pages = await read(TEXT.replace("\n", "\r\n").encode(encoding), "nota.txt")
    assert (found.media_type, pages[0].text, pages[0].source) == ("text/plain", TEXT, "native")
    assert [pages[0].text[line.start : line.end] for line in pages[0].lines] == list(SPANISH)
    assert bool(found.warnings) == (not encoding.startswith("utf-8"))


async def test_text_in_an_encoding_of_another_alphabet_is_guessed() -> None:
    russian = "Все люди рождаются свободными и равными в своём достоинстве и правах. " * 5
    _, pages = await read(russian.encode("cp1251"), "a.txt")
    assert pages[0].text == russian


async def test_text_that_breaks_its_own_encoding_is_refused() -> None:
    with pytest.raises(UndecodableText, match="Save it as UTF-8"):
        await inspect(b"\xff\xfe" + b"\x00\xd8" * 9, "a.txt")


async def test_form_feeds_divide_text_into_pages() -> None:
    _, pages = await read(b"one\ftwo\r\nlines\f\n", "a.txt")
    assert [page.text for page in pages] == ["one", "two\nlines"]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"# Title\n\nText", "a.md", "text/markdown"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nHola", "a.txt", "text/vtt"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHola\n", "a.srt", "application/x-subrip"),
        (b"Ana: hola\nLuis: hola", "interview", "text/plain"),
        (b"Hello.\nFrom: here\nTo: there\nSubject: none", "a.txt", "text/plain"),
    ],
)
async def test_kinds_of_text_are_told_apart(data: bytes, name: str, kind: str) -> None:
    found, pages = await read(data, name)
    assert (found.media_type, pages[0].text) == (kind, data.decode().strip() if kind == "text/plain" else data.decode())


# Word


async def test_word_paragraphs_and_tables_come_in_order_a_line_each() -> None:
    found, pages = await read(word(*SPANISH, rows=[["Pregunta", "Respuesta"], ["¿Trabaja?", "Sí"]]), "a.docx")
    assert (found.media_type, found.page_count) == (WORD, 1)
    assert pages[0].text.split("\n") == [*SPANISH, "Pregunta  Respuesta", "¿Trabaja?  Sí"]


async def test_a_page_break_in_word_begins_a_page() -> None:
    _, pages = await read(word("one", "two", "three", break_after=1), "a.docx")
    assert [page.text for page in pages] == ["one\ntwo", "three"]


async def test_deleted_words_are_not_read_and_inserted_ones_are() -> None:
    body = (
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
        b"<w:r><w:t>kept </w:t></w:r><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
        b"<w:ins><w:r><w:t>inserted</w:t></w:r></w:ins></w:p></w:body></w:document>"
    )
    _, pages = await read(rezipped(word("x"), {"word/document.xml": body}), "a.docx")
    assert pages[0].text == "kept inserted"


async def test_a_zip_bomb_in_word_is_refused() -> None:
    bomb = rezipped(word("x"), {"word/media/image1.bmp": b"\0" * 3_000_000})
    with pytest.raises(TooLarge, match="unpacks to more than 1 MB"):
        await inspect(bomb, "a.docx", Limits(max_unpacked=1024 * 1024))


async def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(rezipped(word("x"), {"word/document.xml": b"<a>" + b" " * 3_000_000 + b"</a>"}))
    real = (3_000_007).to_bytes(4, "little")
    with pytest.raises(Rejected):
        await inspect(
            bytes(bomb).replace(real, (100).to_bytes(4, "little")), "a.docx", Limits(max_unpacked=1024 * 1024)
        )


async def test_entities_of_a_word_document_do_not_unfold() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]><d xmlns:w="w"><w:body><w:p><w:t>&l9;</w:t></w:p></w:body></d>'
    with pytest.raises(Rejected):
        await inspect(rezipped(word("x"), {"word/document.xml": xml.encode()}), "a.docx")


async def test_word_without_text_is_refused() -> None:
    with pytest.raises(EmptyFile, match="no text"):
        await inspect(word(""), "a.docx")


async def test_word_that_was_cut_off_is_refused() -> None:
    data = word(*SPANISH)
    with pytest.raises(Damaged):
        await inspect(data[: len(data) // 2], "a.docx")


# E-mail


async def test_mail_gives_its_headers_and_its_text() -> None:
    mail = (
        "From: =?utf-8?q?Jos=C3=A9?= <jose@example.org>\r\nTo: ana@example.org\r\nSubject: Entrevista\r\n"
        "Date: Mon, 6 May 2024 10:00:00 +0200\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
        "<style>p{}</style><p>El a\u00f1o</p><p>pas\u00f3</p>\r\n"
        "--b\r\nContent-Type: application/pdf\r\n"
        "Content-Disposition: attachment; filename=acta.pdf\r\n\r\nx\r\n--b--\r\n"
    ).encode("latin-1")
    found, pages = await read(mail, "a.eml")
    assert found.media_type == "message/rfc822"
    assert pages[0].text.split("\n") == [
        "Subject: Entrevista",
        "From: José <jose@example.org>",
        "To: ana@example.org",
        "Date: Mon, 6 May 2024 10:00:00 +0200",
        "",
        "El año",
        "",
        "pasó",
    ]
    assert (found.members, found.warnings) == (1, ())


# Images


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
async def test_pictures_of_every_type_go_to_ocr(kind: str) -> None:
    ocr = RememberingOcr()
    _, pages = await read(image_bytes(picture("hola"), kind), "a", ocr)
    assert (pages[0].text, pages[0].source, pages[0].width, ocr.seen) == ("as read", "ocr", 1240, [(1240, 700)])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
async def test_pictures_in_any_colours_are_dark_on_white(mode: str) -> None:
    ocr = RememberingOcr()
    grey = picture("hola")
    image = (
        grey.convert("L").convert("I").point(lambda v: v * 257).convert("I;16")
        if mode == "I;16"
        else grey.convert(mode)
    )
    await read(image_bytes(image, "TIFF"), "a", ocr)
    assert min(ocr.first_pixels[0]) > 240


async def test_a_transparent_picture_stands_on_white_paper() -> None:
    ocr = RememberingOcr()
    image = picture("hola", mode="RGBA")
    image.putalpha(0)
    await read(image_bytes(image, "PNG"), "a", ocr)
    assert ocr.first_pixels == [(255, 255, 255)]


async def test_a_tiff_has_as_many_pages_as_pictures() -> None:
    data = image_bytes(picture("1"), "TIFF", more=[picture("2"), picture("3", size=(800, 600))])
    ocr = RememberingOcr()
    found, _ = await read(data, "a.tif", ocr)
    assert (found.page_count, ocr.seen) == (3, [(1240, 700), (1240, 700), (800, 600)])
    with pytest.raises(TooManyPages):
        await inspect(data, "a.tif", Limits(max_pages=2))


async def test_a_photo_is_turned_as_its_camera_says_and_made_smaller() -> None:
    image = picture("x", size=(4000, 2000))
    exif = image.getexif()
    exif[0x0112] = 6
    ocr = RememberingOcr()
    await read(image_bytes(image, "JPEG", exif=exif), "a.jpg", ocr)
    assert ocr.seen == [(1500, 3000)]


async def test_a_page_that_ocr_turned_has_its_sides_swapped() -> None:
    _, pages = await read(image_bytes(picture("x"), "PNG"), "a.png", RememberingOcr(rotated=90))
    assert (pages[0].width, pages[0].height) == (700, 1240)


async def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(TooLarge, match="more than 1 million pixels"):
        await inspect(image_bytes(picture("x", size=(1100, 1000)), "PNG"), "a.png", Limits(max_pixels=1_000_000))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
async def test_a_picture_that_was_cut_off_is_refused(kind: str) -> None:
    data = image_bytes(picture(*SPANISH), kind)
    with pytest.raises(Damaged):
        await inspect(data[: len(data) // 2], "a")


# Wrong, strange and hostile files


async def test_a_pdf_that_is_a_picture_is_read_as_what_it_is() -> None:
    found, _ = await read(image_bytes(picture("hola"), "JPEG"), "scan.pdf")
    assert found.media_type == "image/jpeg"
    assert found.warnings == ("The file is named .pdf but is a JPEG image; it was read as that.",)


async def test_a_file_of_a_type_that_is_broken_is_damaged() -> None:
    with pytest.raises(Damaged, match=r"named \.pdf"):
        await inspect(b"oops\n", "a.pdf")


@pytest.mark.parametrize("data", [b"", b" \n\t ", b"\xef\xbb\xbf", b"\xff\xfe"])
async def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(EmptyFile):
        await inspect(data, "a.txt")


async def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(TooLarge, match="larger than 50 MB"):
        await inspect(b"%PDF-1.7\n" + bytes(60 * 1024 * 1024), "a.pdf")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"MZ\x90\0" + bytes(60), "a program"),
        (zipped({"META-INF/MANIFEST.MF": b"x"}), "Java program"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "OpenDocument text"),
        (zipped({"[Content_Types].xml": b"application/vnd.openxmlformats-officedocument.spreadsheetml"}), "Excel"),
        (rezipped(word("x"), {"word/vbaProject.bin": b"x"}), "macros"),
        (b"<!DOCTYPE html><html><p>x</p></html>", "HTML"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"{\\rtf1 hello}", "RTF"),
        (b"GIF89a" + bytes(40), "GIF"),
        (b"\0\0\0\x18ftypmp42" + bytes(40), "Transcribe it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64) + "WordDocument".encode("utf-16-le"), r"\.doc"),
        (bytes(range(256)) * 9, "not text"),
    ],
)
async def test_other_types_are_refused_with_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(UnsupportedType, match=says) as refused:
        await inspect(data, "file")
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


async def test_an_encrypted_office_file_is_refused_as_such() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Encrypted):
        await inspect(data, "a.docx")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "C:\\a\\b.pdf", "a/b/.pdf", "\0", "x" * 5000, "ñ\ud800.txt"])
async def test_names_may_be_anything(name: str) -> None:
    assert (await inspect(pdf(lines(*SPANISH)), name)).page_count == 1


PREFIXES = [
    b"", b"%PDF-1.4\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"RIFF\0\0\0\0WEBP", 
    b"PK\x03\x04", b"\0\0\0\x18ftypheic", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 
    b"From: a\nSubject: b\n\n", b"\xff\xfe", b"<html", b"WEBVTT",
]  # fmt: skip


async def ends_well(data: bytes, name: str) -> str:
    reader = FileReader(RememberingOcr(), Limits(max_pages=50))
    try:
        found = await reader.inspect(data, name)
    except Rejected as refused:
        return refused.code
    pages = await reader.read_pages(data, found.media_type, 1, found.page_count)
    assert len(pages) == found.page_count
    assert found.page_count or found.members
    for page in pages:
        page.text.encode("utf-8")
    return found.media_type


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PREFIXES), st.binary(max_size=300), st.sampled_from(["a.pdf", "a.eml", "a.txt", "a"]))
async def test_random_bytes_end_in_pages_or_in_an_error_of_ours(start: bytes, rest: bytes, name: str) -> None:
    await ends_well(start + rest, name)


GOOD = [
    pdf(lines(*SPANISH)),
    word(*SPANISH, rows=[["a", "b"]]),
    *(image_bytes(picture("x", size=(60, 40)), kind) for kind in ("JPEG", "PNG", "TIFF", "WEBP")),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(GOOD), st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=6))
async def test_good_files_with_bad_bytes_end_in_pages_or_in_an_error_of_ours(
    good: bytes, changes: list[tuple[float, bytes]]
) -> None:
    out = io.BytesIO(good)
    for where, change in changes:
        out.seek(int(where * len(good)))
        out.write(change)
    await ends_well(out.getvalue(), "a")
