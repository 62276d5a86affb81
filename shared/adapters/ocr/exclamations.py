"""Spanish exclamations: PP-OCR's alphabet lacks `¡`. It takes it for another thin mark, or sees nothing there."""

from __future__ import annotations

import re
from dataclasses import replace

from shared.adapters.ocr.lexicon import is_known
from shared.adapters.ocr.lines import Char, ReadLine

LEAST_CLOSING = 0.01  # of a `!` that was read as a letter
INK = 0.45  # of a line's height: so much more way than blank before a letter is another character
GUESSED = 0.5  # how sure a mark is that was not read
SURE = 0.9  # of a mark that stays

_WORD = r"[A-ZÁÉÍÓÚÑ]{2}[A-ZÁÉÍÓÚÑÜ]+|[A-ZÁÉÍÓÚÑ][a-záéíóúñü]+"
_CLOSED = re.compile(r"(?<!\S)([^\W\d_]{4,})[Il1](?!\S)")
_CAMEL = re.compile(r"(?<![^\s(«\"—-])[il](?=[A-ZÁÉÍÓÚÑ][a-záéíóúñü]+)")
_OPENED = re.compile(rf"(?<![^\s(«\"—-])[Iil1|;¿\[{{](?=(?:{_WORD})\b)")
_SENTENCE = re.compile(r"[^.!?…]*!")
_BEGINNING = re.compile(r"(?<=[.!?…,;:—-] )[A-ZÁÉÍÓÚÑ]")  # behind another sentence, a comma or a dash
_LETTERS = re.compile(r"\w+")


def with_exclamations(line: ReadLine) -> ReadLine:
    """The line of a Spanish page with the exclamation marks that its words call for."""
    line = _closed(line)
    for match in _CAMEL.finditer(line.text):
        line = _opened(line, match.start())
    for sentence in reversed(list(_SENTENCE.finditer(line.text))):  # what comes before stays where it is
        if "¡" not in sentence.group():
            line = _with_opening(line, sentence.start(), sentence.end())
    return line


def _closed(line: ReadLine) -> ReadLine:
    """`VISITAI` with its `!`, if the engine took that for possible and the rest is a word."""
    for match in _CLOSED.finditer(line.text):
        at = match.end() - 1
        char = line.chars[_solid(line.text, at)]
        likely = dict(char.readings).get("!", 0.0)
        if likely >= LEAST_CLOSING and is_known(match[1], "es") and not is_known(match.group(), "es"):
            line = _changed(line, at, "!", likely)
    return line


def _with_opening(line: ReadLine, start: int, end: int) -> ReadLine:
    """An exclamation from here to there: a thin mark before its words is the opening one, or there is ink unread."""
    if taken := _OPENED.search(line.text, start, end):
        return _opened(line, taken.start())
    for beginning in _BEGINNING.finditer(line.text, start, end):
        char = line.chars[_solid(line.text, beginning.start())]
        if char.advance - char.gap >= INK:
            return _inserted(line, beginning.start())
    return line


def _opened(line: ReadLine, at: int) -> ReadLine:
    """The line with `¡` here instead of what was read, if the rest is a word and the whole is none."""
    if line.text[at] == "¿" and line.chars[_solid(line.text, at)].confidence >= SURE:
        return line  # some do begin as a question what ends as an exclamation
    word = _LETTERS.match(line.text, at + 1)
    read = line.text[at] + (word.group() if word else "")
    known = word is not None and is_known(word.group(), "es") and not (read.isalpha() and is_known(read, "es"))
    return _changed(line, at, "¡", GUESSED) if known else line


def _solid(text: str, at: int) -> int:
    """The number of this character among those that are no spaces."""
    return at - sum(char.isspace() for char in text[:at])


def _changed(line: ReadLine, at: int, mark: str, confidence: float) -> ReadLine:
    index = _solid(line.text, at)
    chars = (*line.chars[:index], replace(line.chars[index], confidence=confidence), *line.chars[index + 1 :])
    return replace(line, text=line.text[:at] + mark + line.text[at + 1 :], chars=chars)


def _inserted(line: ReadLine, at: int) -> ReadLine:
    """The line with `¡` before this character, in the middle of what was not read."""
    index = _solid(line.text, at)
    before, after = line.chars[index - 1], line.chars[index]
    mark = Char((before.middle + after.middle) / 2, GUESSED, after.advance / 2, after.gap)
    rest = (replace(after, advance=after.advance / 2, gap=0.0), *line.chars[index + 1 :])
    return replace(line, text=f"{line.text[:at]}¡{line.text[at:]}", chars=(*line.chars[:index], mark, *rest))
