"""Bytes to text, whatever the encoding."""

from __future__ import annotations

import codecs

from shared.domain.errors import UndecodableText, UnsupportedType

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = frozenset("áéíóúüñÁÉÍÓÚÜÑ¿¡ºªçÇàèòÀÈÒâêîôûÂÊÎÔÛäöÄÖßãõÃÕåÅëïËÏ«»“”‘’–—…•·€£§©®°´½\u00a0")
WIDE_ZEROS = (("utf-32-le", "0111"), ("utf-32-be", "1110"), ("utf-16-le", "0101"), ("utf-16-be", "1010"))
SAMPLE = 64 * 1024
MOST_CONTROLS = 0.005

BINARY = "The file is not text and not of a type that is known. Upload PDF, Word, text, e-mail or image files."


def decode(data: bytes) -> tuple[str, str]:
    """The text and the encoding it was in. Raises UnsupportedType for binary data and UndecodableText."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strict(data, encoding), encoding
    wide = _wide_without_mark(data)
    if wide:
        return _strict(data, wide), wide
    if _looks_binary(data):
        raise UnsupportedType(BINARY)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _single_byte(data)


def _strict(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise UndecodableText from error
    if _odd_share(text) > MOST_CONTROLS:
        raise UnsupportedType(BINARY)
    return text


def _wide_without_mark(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark: most letters leave the same bytes of each unit zero."""
    sample = data[: SAMPLE - SAMPLE % 4]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    zeros = [sample[i::4].count(0) / max(len(sample[i::4]), 1) for i in range(4)]
    for encoding, pattern in WIDE_ZEROS:
        if all((share > 0.7) if sign == "1" else (share < 0.2) for share, sign in zip(zeros, pattern, strict=True)):
            return encoding
    return None


def _looks_binary(data: bytes) -> bool:
    sample = data[:SAMPLE] + data[-SAMPLE:]
    controls = sum(sample.count(code) for code in range(32) if code not in (9, 10, 11, 12, 13, 27))
    return controls > MOST_CONTROLS * len(sample)


def _odd_share(text: str) -> float:
    sample = text[:SAMPLE]
    odd = sum(ch < " " and ch not in "\t\n\r\f\v\x1b" for ch in sample)
    return odd / max(len(sample), 1)


def _single_byte(data: bytes) -> tuple[str, str]:
    """Windows-1252 when the letters beyond ASCII are those of western languages, else the best guess."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    high = [ch for ch in text[: 4 * SAMPLE] if ch > "\x7f"]
    if text and sum(ch in WESTERN for ch in high) >= 0.9 * len(high):
        return text, "cp1252"
    return _guessed(data)


def _guessed(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE]).best()
    if best is None:
        raise UndecodableText
    return _strict(data, best.encoding), best.encoding
