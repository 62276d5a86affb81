"""Where sentences end and who speaks, in Spanish and English. Offsets are those of the text that is given."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from shared.domain.vocabulary import FORM_WORDS, OPEN_ABBREVIATIONS, ROLES, TITLES

Range = tuple[int, int]

_CLOSERS = r"[\"'”’»)\]*_]{0,6}"
_BORDER = re.compile(rf"\n+|(?<![.!?…。])[.!?…。]+{_CLOSERS}(?=\s)")
_LAST_WORD = re.compile(r"[\w.ªº&-]+$")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]\.")
_TIME = r"\\?[\[(]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?\\?[\])]|\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?=\s)"
_TIME_CODES = re.compile(rf"\s{{0,8}}(?:(?:{_TIME})\s{{0,4}}[-–]?\s{{0,4}}){{1,3}}")
_NAME = r"[^\W\d_][\w.'’&-]*(?: (?:\(?[\w.'’&-]+\)?)){0,4}"
_LABEL = re.compile(
    rf"(?m)^[ \t]{{0,8}}(?:(?:{_TIME})[ \t]{{0,8}}[-–]?[ \t]{{0,8}})?(?:\*\*(?P<bold>[^*:\n]{{1,60}})(?::\*\*|\*\*:)"
    rf"|(?P<plain>{_NAME})[ \t]{{0,8}}(?:{_TIME})?[ \t]{{0,8}}:)(?=\s)"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says: the whole turn `[start, end)` with its label, and the words spoken, from `spoken` on.

    A time code at the start is part of the turn, not of the spoken words.
    """

    speaker: str
    start: int
    end: int
    spoken: int


def sentences(text: str) -> list[Range]:
    """The sentences of a text, without the blanks around them. Line breaks end a sentence, as titles have no period."""
    lower_case = _writes_without_capitals(text)
    found, start = [], 0
    for match in _BORDER.finditer(text):
        if match.group()[0] == "\n" or _ends_sentence(text, start, match, lower_case):
            found.append((start, match.end()))
            start = match.end()
    found.append((start, len(text)))
    return [trimmed for span in found if (trimmed := trim(text, *span))]


def trim(text: str, start: int, end: int) -> Range | None:
    """The range without the blanks at its ends, or None when nothing is left."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    return (start + left, start + len(piece.rstrip())) if left < len(piece) else None


def _writes_without_capitals(text: str) -> bool:
    """If most sentences begin in lower case, as in hurried written answers."""
    lower = len(re.findall(r"[^\W\d_]{3}[.!?]\s[^\W\d_]", text))
    upper = sum(1 for m in re.finditer(r"[^\W\d_]{3}[.!?]\s([^\W\d_])", text) if not m.group(1).islower())
    return lower > 1 and lower > 2 * upper


def _ends_sentence(text: str, start: int, match: re.Match[str], lower_case: bool) -> bool:
    following = _next_visible(text, match.end())
    mark = match.group()
    if mark[0] != "." or mark.startswith(".."):
        return lower_case or not following.islower()
    word = _LAST_WORD.search(text, max(start, match.start() - 24), match.start())
    before = word.group().casefold() if word else ""
    if before in TITLES and (following.islower() or following.isdigit() or following.isupper()):
        return _is_no(before, following)
    if before in OPEN_ABBREVIATIONS or (len(before) == 1 and before.isalpha()) or _INITIAL.fullmatch(f"{before}."):
        return _after_initial(before, following)
    if before.isdigit() and len(before) <= 2 and _opens_line(text, match.start() - len(before)):
        return False
    return lower_case or not following.islower()


def _is_no(before: str, following: str) -> bool:
    """ "No." before a number is a number's label; before a word it is an answer."""
    return before in {"no", "nos", "ed", "co", "c", "v", "d"} and not following.isdigit() and not following.islower()


def _after_initial(before: str, following: str) -> bool:
    """A single letter is an initial ("J. Pérez"); "etc." and "EE. UU." end a sentence before a capital, ¿ or ¡."""
    if len(before) == 1:
        return following in "¿¡\n" or not following
    return following in "¿¡\n" or following.isupper()


def _next_visible(text: str, at: int) -> str:
    """The first character of what follows that tells how it begins: past blanks, quotes and markup."""
    for index in range(at, min(len(text), at + 12)):
        if text[index] not in " \t\xa0\"'“‘«([*_\\-–—":
            return text[index]
    return ""


def _opens_line(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] == "\n"


def turns(text: str) -> list[Turn]:
    """The speaker turns of a text, in order; text before the first one belongs to none.

    A label is a name and a colon at the start of a line, perhaps bold, perhaps with a time code. A plain name counts
    only when it is a usual role or speaks at least twice: "Total: 12" and "Nota: …" are not people.
    """
    labels = list(_labels(text))
    counts = Counter(name.casefold() for name, *_ in labels)
    kept = [entry for entry in labels if entry[3] or counts[entry[0].casefold()] > 1 or _is_role(entry[0])]
    if len(kept) < 2:
        return []
    ends = [entry[1] for entry in kept[1:]] + [len(text)]
    return [_turn(text, name, start, after, end) for (name, start, after, _), end in zip(kept, ends, strict=True)]


def _labels(text: str) -> Iterator[tuple[str, int, int, bool]]:
    """(name, start of the label, end of the label, bold) of everything that looks like a speaker's label."""
    for match in _LABEL.finditer(text):
        bold = match.group("bold") is not None
        name = (match.group("bold") or match.group("plain")).strip()
        if not _is_form_word(name) and (bold or name[0].isupper() or _is_role(name)) and len(name) <= 60:
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            yield name, start, match.end(), bold


def _is_form_word(name: str) -> bool:
    return any(word.strip(".") in FORM_WORDS for word in name.casefold().split())


def _is_role(name: str) -> bool:
    words = re.sub(r"[\d().#]+", " ", name.casefold()).split()
    return bool(words) and words[0] in ROLES and len(words) <= 2


def _turn(text: str, name: str, start: int, after: int, end: int) -> Turn:
    end = start + len(text[start:end].rstrip())
    code = _TIME_CODES.match(text, after, end)
    spoken = code.end() if code else after
    while spoken < end and text[spoken].isspace():
        spoken += 1
    return Turn(name, start, end, min(spoken, end))


def main_speaker(found: list[Turn], start: int, end: int) -> str | None:
    """Who speaks most of `[start, end)`."""
    words: Counter[str] = Counter()
    for turn in found:
        words[turn.speaker] += max(0, min(end, turn.end) - max(start, turn.spoken))
    speaker, most = max(words.items(), key=lambda item: item[1], default=("", 0))
    return speaker if most > 0 else None
