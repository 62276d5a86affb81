"""What a file is, by its content; its name is only used to tell mail and Markdown, and to notice a wrong name."""

from __future__ import annotations

from pathlib import PurePosixPath

from shared.adapters.reading.data import DATA_NAMES, data_kind
from shared.adapters.reading.encoding import decode
from shared.adapters.reading.images import HEIC, JPEG, PNG, TIFF, WEBP
from shared.adapters.reading.limits import Limits
from shared.adapters.reading.mail import MAIL, looks_like_mail
from shared.adapters.reading.outlook import OUTLOOK
from shared.adapters.reading.plain import MARKDOWN, SRT, TEXT, VTT, kind_of_text
from shared.adapters.reading.polyglots import check_single_type
from shared.adapters.reading.unpacking import WORD, ZIP, kind_of_zip
from shared.domain.errors import Damaged, Encrypted, UnsupportedType
from shared.domain.remarks import Remark

PDF = "application/pdf"

NAMES = {
    PDF: "PDF", JPEG: "JPEG image", PNG: "PNG image", TIFF: "TIFF image", HEIC: "HEIC image", WEBP: "WEBP image",
    WORD: "Word document", MAIL: "e-mail", OUTLOOK: "Outlook message", ZIP: "ZIP archive", TEXT: "plain text",
    MARKDOWN: "Markdown", VTT: "WebVTT", SRT: "SubRip", **DATA_NAMES,
}  # fmt: skip
SUFFIXES = {
    ".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG, ".tif": TIFF, ".tiff": TIFF, ".heic": HEIC, ".heif": HEIC,
    ".webp": WEBP, ".docx": WORD, ".doc": "application/msword", ".eml": MAIL, ".msg": OUTLOOK, ".zip": ZIP,
    ".xlsx": "application/vnd.ms-excel",
}  # fmt: skip
TEXTS = frozenset({TEXT, MARKDOWN, VTT, SRT})
MAY_BE_TEXT = frozenset({MAIL})

STARTS = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"II*\0", TIFF), (b"MM\0*", TIFF))
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
RECORDING = "a sound or video recording. Transcribe it and upload the text."
PROGRAM = "a program. Upload documents only."
ARCHIVE = "a compressed archive. Unpack it and upload its documents one by one."
PICTURE = "image of a type that is not read. Save it as PNG or JPEG and upload that."
REFUSED = (
    (b"MZ", PROGRAM), (b"\x7fELF", PROGRAM), (b"\xcf\xfa\xed\xfe", PROGRAM), (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"Rar!", ARCHIVE), (b"\x1f\x8b", ARCHIVE), (b"7z\xbc\xaf\x27\x1c", ARCHIVE), (b"BZh", ARCHIVE),
    (b"\xfd7zXZ\0", ARCHIVE), (b"\x28\xb5\x2f\xfd", ARCHIVE),
    (b"ID3", RECORDING), (b"OggS", RECORDING), (b"fLaC", RECORDING), (b"\x1aE\xdf\xa3", RECORDING),
    (b"GIF8", "a GIF " + PICTURE), (b"BM", "a BMP " + PICTURE), (b"II+\0", "a BigTIFF " + PICTURE),
    (b"{\\rtf", "an RTF text. Save it as .docx or PDF and upload that."),
    (b"SQLite format 3", "a database. Export what it holds as text or PDF and upload that."),
    (b"%!PS", "a PostScript file. Save it as PDF and upload that."),
)  # fmt: skip
TEXTUAL = frozenset({b"{\\rtf", b"%!PS"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_KINDS = (
    ("WordDocument", "an old Word document (.doc). Save it as .docx or PDF and upload that."),
    ("Workbook", "an old Excel workbook (.xls). Save the sheets as PDF and upload that."),
    ("PowerPoint Document", "an old PowerPoint presentation (.ppt). Save it as PDF and upload that."),
)
OUTLOOK_SIGN = "__properties_version1.0"
MARKUP = (
    ("<!doctype html", "an HTML page. Print it to PDF, or save it as text, and upload that."),
    ("<html", "an HTML page. Print it to PDF, or save it as text, and upload that."),
    ("<svg", "an SVG drawing. Save it as PDF and upload that."),
    ("<?xml", "an XML file. Save it as text or PDF and upload that."),
)


def recognise(data: bytes, name: str, limits: Limits) -> str:
    """The media type. Raises UnsupportedType, Encrypted, Damaged and UndecodableText, saying what to do."""
    kind = _by_signature(data, limits)
    if kind:
        if kind == PDF or kind.startswith("image/"):
            check_single_type(data, NAMES[kind], is_pdf=kind == PDF)
        return kind
    kind = data_kind(data)
    if kind:
        return kind
    suffix = _suffix(name)
    expected = SUFFIXES.get(suffix)
    if expected and expected not in MAY_BE_TEXT:
        # What should be binary and is not known is broken rather than of another type.
        raise Damaged(f"The file is named {suffix} but does not hold that. Export or scan it again and upload it.")
    text, _ = decode(data)
    return _text_kind(text, suffix)


def mismatch(name: str, media_type: str) -> tuple[str, ...]:
    """A warning when the name promises another type than the content is."""
    suffix = _suffix(name)
    expected = SUFFIXES.get(suffix)
    if expected in (None, media_type):
        return ()
    return (Remark("named_otherwise", suffix=suffix, phrase=_with_article(NAMES[media_type])),)


def _by_signature(data: bytes, limits: Limits) -> str | None:
    for start, kind in STARTS:
        if data.startswith(start):
            return kind
    if data.startswith(b"RIFF"):
        return _riff(data)
    if data[4:8] == b"ftyp":
        return _boxed(data)
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return kind_of_zip(data, limits)
    if data.startswith(OLE):
        return _ole(data)
    for start, what in REFUSED:
        if data.startswith(start) and (start in TEXTUAL or not data[:512].isascii() or b"\0" in data[:512]):
            raise UnsupportedType(f"The file is {what}")
    return PDF if _is_pdf(data) else None


def _is_pdf(data: bytes) -> bool:
    """Mailers and printers put bytes before a PDF's first line; a text may speak of that line too."""
    at = data[:1024].find(b"%PDF-")
    return at >= 0 and (not data[:at].strip() or b" obj" in data)


def _riff(data: bytes) -> str:
    if data[8:12] == b"WEBP":
        return WEBP
    raise UnsupportedType(f"The file is {RECORDING}")


def _boxed(data: bytes) -> str:
    """Files made of boxes: HEIC pictures, and most films."""
    brands = {data[8:12], *(data[i : i + 4] for i in range(16, min(int.from_bytes(data[:4], "big"), 128), 4))}
    if brands & {b"avif", b"avis"}:
        raise UnsupportedType(f"The file is an AVIF {PICTURE}")
    if brands & HEIF_BRANDS:
        return HEIC
    raise UnsupportedType(f"The file is {RECORDING}")


def _ole(data: bytes) -> str:
    """Outlook messages, old Office files and encrypted new ones share a container; directory names tell them apart."""
    if OUTLOOK_SIGN.encode("utf-16-le") in data:  # first: it may have one of the others attached
        return OUTLOOK
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Encrypted
    for entry, what in OLE_KINDS:
        if entry.encode("utf-16-le") in data:
            raise UnsupportedType(f"The file is {what}")
    raise UnsupportedType("The file is an old Office file. Save it as .docx or PDF and upload that.")


def _text_kind(text: str, suffix: str) -> str:
    top = text.lstrip("\ufeff \t\r\n")[:512].lower()
    for start, what in MARKUP:
        if top.startswith(start):
            raise UnsupportedType(f"The file is {MARKUP[0][1] if '<html' in top else what}")
    if suffix in (".html", ".htm"):
        raise UnsupportedType(f"The file is {MARKUP[0][1]}")
    if looks_like_mail(text, suffix == ".eml"):
        return MAIL
    return kind_of_text(text, suffix)


def _suffix(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def _with_article(what: str) -> str:
    if what in ("plain text", "Markdown", "WebVTT", "SubRip"):
        return what
    return f"{'an' if what[0] in 'eMOX' else 'a'} {what}"
