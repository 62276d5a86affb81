"""A small private splitter: turns of speakers, and sentences as exact spans of the fragment.

Adapters may not import steps; when `shared.domain` has a splitter of its own, `spans` is the one place to use it.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from shared.adapters.offline_analyst.lexicon import Lexicon

_NAME = r"[^\W\d_][\w.'’-]*(?:[ ](?:[A-ZÁÉÍÓÚÑÜ][\w.'’-]*|\d{1,2}|de|la|del|van|von|di)){0,3}"
_TURN = re.compile(
    rf"(?:^[ \t]*(?:[-–—•>][ \t]*)?|(?<=[.?!…»”\"\]])[ ]+)(?P<mark>\*\*|__)?(?P<name>{_NAME})"
    r"(?:[ ]?[(\[][^)\]\n]{0,24}[)\]])?[ ]?:(?P=mark)?(?:\*\*|__)?[ \t]+(?=\S)"
    rf"|^[ \t]*(?P<mark2>\*\*|__)(?P<name2>{_NAME})(?:[ ]?[(\[][^)\]\n]{{0,24}}[)\]])?[ ]?:(?P=mark2)[ \t]+(?=\S)",
    re.M,
)
_END = re.compile(r"[.!?…]+[\"'”’»)\]*_]*(?=\s|$)|\n[ \t]*\n+")
_SHORTENED = re.compile(
    r"(?:\b(?:sr|sra|srta|dr|dra|d|dña|mr|mrs|ms|st|prof|etc|e\.g|i\.e|p\. ?ej|núm|no|vs|ud|uds|pág)|\b[A-ZÁÉÍÓÚÑ])\.$",
    re.I,
)
_HEADING = re.compile(r"^(?:#+\s|entrevista\b|interview\b|transcripción\b|transcript\b|episode\b)", re.I)
_LEAD = re.compile(r"(?:[\s*_]+|\\?[\[(]\d{1,2}:\d{2}(?::\d{2})?\\?[\])])*")  # marks and times before a sentence
MAX_SENTENCE = 320  # characters; a longer one is cut at its semicolons or dashes


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says: characters `[start, end)`, after the name. `speaker` is None where nobody is named."""

    speaker: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands in the fragment: `text` is `fragment[start:end]`."""

    text: str
    start: int
    end: int
    speaker: str | None
    turn: int


def turns(text: str, lexicon: Lexicon, first_speaker: str | None = None) -> list[Turn]:
    """The turns of a text; what stands before the first name belongs to `first_speaker`."""
    found, at, speaker = [], 0, first_speaker
    for match in _TURN.finditer(text):
        name = match["name"] or match["name2"]
        if not _is_name(name, lexicon):
            continue
        if text[at : match.start()].strip():
            found.append(Turn(speaker, at, match.start()))
        at, speaker = match.end(), name
    if text[at:].strip():
        found.append(Turn(speaker, at, len(text)))
    return found


def _is_name(name: str, lexicon: Lexicon) -> bool:
    return name[0].isupper() and name.lower().split()[0] not in lexicon.not_names | lexicon.closed.keys()


def interviewers(text: str, spoken: list[Turn], lexicon: Lexicon) -> frozenset[str]:
    """Who asks: by title ("Interviewer", "P" beside "R"), or because all their turns ask and are the shorter ones."""
    by_name: dict[str, list[str]] = {}
    for turn in spoken:
        if turn.speaker:
            by_name.setdefault(turn.speaker, []).append(text[turn.start : turn.end].strip())
    asking = {name for name in by_name if is_interviewer(name, lexicon)}
    initials = {name.lower().rstrip(".0123456789 ") for name in by_name}
    for asker, answerer in (("p", "r"), ("q", "a"), ("i", "p"), ("i", "r"), ("e", "r")):
        if {asker, answerer} <= initials:
            asking |= {name for name in by_name if name.lower().rstrip(".0123456789 ") == asker}
    if not asking and len(by_name) > 1:
        length = {name: sum(map(len, said)) / len(said) for name, said in by_name.items()}
        asks = [name for name, said in by_name.items() if all("?" in words for words in said)]
        asking = {name for name in asks if length[name] < max(length.values())}
    return frozenset(asking)


def is_interviewer(name: str, lexicon: Lexicon) -> bool:
    """Whether a speaker's name is a title of one who asks."""
    parts = re.split(r"[\s.\d(]+", name.lower().strip())
    return bool(parts) and parts[0] in lexicon.interviewers


def spoken_sentences(text: str, lexicon: Lexicon, first_speaker: str | None = None) -> list[Sentence]:
    """Sentences that may be quoted: no interviewer's words, no headings, in order of the text."""
    spoken = turns(text, lexicon, first_speaker)
    asking = interviewers(text, spoken, lexicon)
    if first_speaker and is_interviewer(first_speaker, lexicon):
        asking |= {first_speaker}
    several = any(turn.speaker for turn in spoken)
    return [
        Sentence(text[start:end], start, end, turn.speaker, number)
        for number, turn in enumerate(spoken)
        if turn.speaker not in asking
        for start, end in spans(text, turn.start, turn.end)
        if not _is_heading(text[start:end], several and turn.speaker is None)
    ]


def _is_heading(sentence: str, before_first_turn: bool) -> bool:
    short = len(sentence) < 120 and "\n" not in sentence
    return (bool(_HEADING.match(sentence)) and short) or (before_first_turn and len(sentence.split()) < 6)


def spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentences of `text[start:end]` as trimmed spans."""
    cuts = [start]
    for match in _END.finditer(text, start, end):
        stop = match.end()
        ellipsis = match[0].startswith(("...", "…"))
        follows = text[stop:end].lstrip()[:1]
        if (ellipsis and follows.islower()) or _SHORTENED.search(text, cuts[-1], stop):
            continue
        cuts.append(stop)
    cuts.append(end)
    pieces = [_trim(text, left, right) for left, right in itertools.pairwise(cuts)]
    return [part for left, right in pieces if right - left > 1 for part in _cut_long(text, left, right)]


def _cut_long(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if end - start <= MAX_SENTENCE:
        return [(start, end)]
    cuts = [start, *(match.end() for match in re.finditer(r";|\s[-–—]{1,2}\s", text[start:end])), end]
    cuts = [cut if cut in (start, end) else cut + start for cut in cuts]
    return [_trim(text, left, right) for left, right in itertools.pairwise(cuts) if text[left:right].strip()]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    piece = text[start:end]
    return start, start + len(piece.rstrip(" \t\r\n*_"))
