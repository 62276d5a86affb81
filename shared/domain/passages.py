"""Passages: the pieces of a text that are searched and coded, cut where a reader would pause.

They do not overlap, keep a question with its answer where both fit, and know their place in the original.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.domain.sentences import Range, Turn, main_speaker, sentences, trim, turns
from shared.domain.text import View, page_of

TARGET = 900
MAXIMUM = 1400
MINIMUM = 200
OVERLAP = 100

# What it costs to begin a passage at an atom, in characters away from the target length.
_NEW_EXCHANGE, _NEW_PARAGRAPH, _NEW_SENTENCE, _ANSWER, _WITHIN_SENTENCE = 0, 150, 300, 700, 800
_TOO_SHORT = 5000


@dataclass(frozen=True, slots=True)
class PassageSpan:
    """A passage: its clean text, its characters `[start, end)` of the original, its first page, who mostly speaks.

    `clean_start` and `clean_end` are its place in the document's view, `view` that slice, still mapped to the original.
    `search_text` is the text with up to 100 characters of what precedes it (from `context_start` in the original):
    for embeddings only.
    """

    text: str
    start: int
    end: int
    page: int
    speaker: str | None
    clean_start: int
    clean_end: int
    view: View
    context_start: int
    search_text: str


@dataclass(frozen=True, slots=True)
class _Atom:
    """A sentence (or a piece of a monster) and what it costs to begin a passage with it."""

    start: int
    end: int
    cost: int


def passages(view: View, page_starts: Sequence[int]) -> list[PassageSpan]:
    """The view cut into passages of about 900 characters, 1,400 at most, that hold all its visible characters once.

    `page_starts` are the offsets at which the pages begin in the original.
    """
    found = turns(view.text)
    spans = sentences(view.text)
    atoms = list(_atoms(view.text, spans, found))
    borders = [start for start, _ in spans]
    return [_passage(view, page_starts, found, borders, start, end) for start, end in _packed(atoms)]


def _atoms(text: str, spans: list[Range], found: list[Turn]) -> Iterator[_Atom]:
    costs = _turn_costs(text, found)
    starts = sorted(costs)
    for start, end in _cut_at_turns(spans, starts):
        cost = costs.get(start, _NEW_PARAGRAPH if text[max(0, start - 2) : start] == "\n\n" else _NEW_SENTENCE)
        for piece_start, piece_end in _bounded(text, start, end):
            yield _Atom(piece_start, piece_end, cost if piece_start == start else _WITHIN_SENTENCE)


def _turn_costs(text: str, found: list[Turn]) -> dict[int, int]:
    """Start of each turn and its cost: an answer should not be parted from its question, nor it from what led there."""
    costs: dict[int, int] = {}
    asked = False
    for turn in found:
        asks = "?" in text[turn.spoken : turn.end][-200:]
        costs[turn.start] = _ANSWER if asked and not asks else _NEW_EXCHANGE if asks and not asked else _NEW_PARAGRAPH
        asked = asks
    return costs


def _cut_at_turns(spans: list[Range], starts: list[int]) -> Iterator[Range]:
    """The sentences, cut further where a turn begins inside one."""
    for start, end in spans:
        cuts = [start, *starts[bisect_right(starts, start) : bisect_left(starts, end)], end]
        yield from pairwise(cuts)


def _bounded(text: str, start: int, end: int) -> Iterator[Range]:
    """The range in pieces no longer than the maximum, cut at blanks; without blanks, anywhere."""
    while end - start > MAXIMUM:
        blank = max(text.rfind(mark, start + MINIMUM, start + TARGET) for mark in " \n")
        cut = blank if blank > start else start + TARGET
        piece = trim(text, start, cut)
        if piece:
            yield piece
        start = cut
    rest = trim(text, start, end)
    if rest:
        yield rest


def _packed(atoms: list[_Atom]) -> Iterator[Range]:
    """Atoms to passages: at each step the cheapest place to end, given what it leaves."""
    first = 0
    while first < len(atoms):
        begin, finish = atoms[first].start, atoms[-1].end
        if finish - begin <= TARGET + MINIMUM:
            yield begin, finish
            return
        after = min(_candidates(atoms, first), key=lambda item: item[0])[1]
        yield begin, atoms[after - 1].end
        first = after


def _candidates(atoms: list[_Atom], first: int) -> Iterator[tuple[int, int]]:
    """(cost, index of the first atom of the next passage) of every possible end within the maximum."""
    begin, finish = atoms[first].start, atoms[-1].end
    for index in range(first, len(atoms)):
        length = atoms[index].end - begin
        if length > MAXIMUM and index > first:
            return
        cost = abs(length - TARGET)
        if index + 1 < len(atoms):
            cost += atoms[index + 1].cost + (_TOO_SHORT if finish - atoms[index + 1].start < MINIMUM else 0)
        yield cost + (_TOO_SHORT if length < MINIMUM else 0), index + 1


def _passage(
    view: View, page_starts: Sequence[int], found: list[Turn], borders: list[int], clean_start: int, clean_end: int
) -> PassageSpan:
    start, end = view.original(clean_start, clean_end)
    near = found[max(0, bisect_right(found, clean_start, key=lambda turn: turn.start) - 1) :]
    near = near[: bisect_left(near, clean_end, key=lambda turn: turn.start)]
    context = _context_start(view.text, borders, clean_start)
    return PassageSpan(
        text=view.text[clean_start:clean_end],
        start=start,
        end=end,
        page=page_of(start, page_starts),
        speaker=main_speaker(near, clean_start, clean_end),
        clean_start=clean_start,
        clean_end=clean_end,
        view=view.slice(clean_start, clean_end),
        context_start=view.original(context, clean_end)[0],
        search_text=view.text[context:clean_end],
    )


def _context_start(text: str, borders: list[int], start: int) -> int:
    """Where the overlap begins: at the first sentence within 100 characters, else at a word of the one before."""
    earliest = max(0, start - OVERLAP)
    index = bisect_left(borders, earliest)
    if index < len(borders) and borders[index] < start:
        return borders[index]
    at = earliest
    while at < start and not (text[at - 1 : at].isspace() and not text[at].isspace()):
        at += 1
    return at
