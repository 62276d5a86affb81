"""One page read by two engines: their words are aligned by place and by characters, and the better of each is kept.

The first engine is the better one, so the second has to be sure where it is not: then its characters count. Engines
like the first glue words, while the second boxes each word tightly, so a space is believed where one of them saw it
and there is room for it. Digits stay as the first read them, and so do accents, which the page's language has settled.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise
from statistics import median

from shared.domain.document import Line, Page
from shared.domain.layout import compose
from shared.domain.pieces import CELL_GAP, Box, Piece, Token, around
from shared.domain.spacing import inside_a_number

UNSURE, SURE = 0.8, 0.9  # of the first and of the second: then the second's letters count
ROOM = 0.6  # of the usual blank between words
USUAL_ROOM = 0.25  # of a word's height, where a page tells nothing
DISPUTED = 0.8  # of the confidence is left where the two differ


def reconcile(first: Page, second: Page) -> Page:
    """The first page with what the second knows better. Both are seen the same way up."""
    rows = [_cells(first, line) for line in first.lines]
    words = [_Seen(token, (at, cell)) for at, row in enumerate(rows) for cell, p in enumerate(row) for token in p.words]
    beside: dict[tuple[int, int], list[Token]] = {}
    for token in _tokens(second):
        if where := _where(token, words):
            beside.setdefault(where, []).append(token)
    pairs = {
        (at, cell): _Pair(piece.words, sorted(beside.get((at, cell), []), key=lambda token: token.box[0]))
        for at, row in enumerate(rows)
        for cell, piece in enumerate(row)
    }
    room = _room(list(pairs.values()))
    merged = [[_merged(piece, pairs[at, cell], room) for cell, piece in enumerate(row)] for at, row in enumerate(rows)]
    text, lines = compose(merged)
    weight = sum(len(piece.text) for row in merged for piece in row)
    confidence = sum(len(piece.text) * piece.confidence for row in merged for piece in row) / max(weight, 1)
    return replace(first, text=text, lines=lines, confidence=confidence)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A word of the first page and the cell (row, column) that it belongs to."""

    token: Token
    where: tuple[int, int]


class _Pair:
    """A cell as both read it: characters without spaces, and which word each belongs to."""

    def __init__(self, first: Sequence[Token], second: Sequence[Token]) -> None:
        self.first, self.second = first, second
        self.a = [(char, at) for at, token in enumerate(first) for char in token.text]
        self.b = [(char, at) for at, token in enumerate(second) for char in token.text]
        letters, others = [char for char, _ in self.a], [char for char, _ in self.b]
        self.steps = SequenceMatcher(None, letters, others, autojunk=False).get_opcodes() if others else []

    def blank(self, at: int) -> float:
        """How wide it is before word `at` of the second, in heights of the words beside."""
        left, right = self.second[at - 1].box, self.second[at].box
        return (right[0] - left[2]) / max(left[3] - left[1], right[3] - right[1], 1e-6)

    def both_spaced(self) -> list[float]:
        """The blanks where both saw a space."""
        found = []
        for kind, i, end, j, _ in self.steps:
            for step in range(1, end - i) if kind == "equal" else ():
                (_, a), (_, b) = self.a[i + step], self.b[j + step]
                if self.a[i + step - 1][1] != a and self.b[j + step - 1][1] != b:
                    found.append(self.blank(b))
        return found


@dataclass(frozen=True, slots=True)
class _Char:
    """A character that was chosen, the words of both that it stands in, and whether both read it so."""

    char: str
    a: int | None
    b: int | None
    agreed: bool


def _cells(page: Page, line: Line) -> list[Piece]:
    """The cells of a line, as they stood two spaces apart; the line as it is when its words have no places."""
    if not line.words:
        box = line.box or (0.0, 0.0, 1.0, 1.0)
        return [Piece(page.text[line.start : line.end], box, box, line.confidence)]
    cells: list[list[Token]] = [[]]
    end = line.start
    for word in line.words:
        if CELL_GAP in page.text[end : word.start] and cells[-1]:
            cells.append([])
        cells[-1].append(Token(page.text[word.start : word.end], word.box, word.confidence))
        end = word.end
    return [_piece(cell, line.confidence) for cell in cells if cell]


def _piece(tokens: Sequence[Token], confidence: float) -> Piece:
    box = around([token.box for token in tokens])
    return Piece(" ".join(token.text for token in tokens), box, box, confidence, tuple(tokens))


def _tokens(page: Page) -> list[Token]:
    return [Token(page.text[w.start : w.end], w.box, w.confidence) for line in page.lines for w in line.words]


def _where(token: Token, words: Sequence[_Seen]) -> tuple[int, int] | None:
    """The cell of the word that it lies on most, if it lies on any at about its height."""
    best, where = 0.0, None
    left, top, right, bottom = token.box
    for seen in words:
        l, t, r, b = seen.token.box  # noqa: E741
        across, down = min(right, r) - max(left, l), min(bottom, b) - max(top, t)
        if across > 0 and down > 0.5 * min(bottom - top, b - t) and across * down > best:
            best, where = across * down, seen.where
    return where


def _room(pairs: Sequence[_Pair]) -> float:
    """How wide a blank must be to be a space on this page."""
    blanks = [blank for pair in pairs for blank in pair.both_spaced()]
    return ROOM * (median(blanks) if len(blanks) >= 4 else USUAL_ROOM)


def _merged(piece: Piece, pair: _Pair, room: float) -> Piece:
    if not pair.second:
        return piece
    chars = [char for step in pair.steps for char in _chosen(pair, *step)]
    starts = [0, *(at for at in range(1, len(chars)) if _space_before(chars, at, pair, room)), len(chars)]
    tokens = [_token(chars[start:end], pair) for start, end in pairwise(starts)]
    weight = sum(len(token.text) for token in tokens)
    sure = sum(len(token.text) * token.confidence for token in tokens) / weight
    same = all(char.agreed for char in chars)
    return _piece(tokens, max(piece.confidence, sure) if same else min(piece.confidence, sure))


def _chosen(pair: _Pair, kind: str, i: int, a_end: int, j: int, b_end: int) -> list[_Char]:
    """What counts of a stretch that both read alike, or that only one of them read so."""
    if kind == "equal":
        return [_Char(pair.a[at][0], pair.a[at][1], pair.b[at - i + j][1], True) for at in range(i, a_end)]
    if _second_knows_better(pair, i, a_end, j, b_end):
        word = pair.a[min(i, len(pair.a) - 1)][1]
        return [_Char(char, word, b, False) for char, b in pair.b[j:b_end]]
    word_b = pair.b[min(j, len(pair.b) - 1)][1] if j < b_end else None
    return [_Char(char, a, word_b, False) for char, a in pair.a[i:a_end]]


def _second_knows_better(pair: _Pair, i: int, a_end: int, j: int, b_end: int) -> bool:
    mine, theirs = "".join(c for c, _ in pair.a[i:a_end]), "".join(c for c, _ in pair.b[j:b_end])
    if theirs == "¡" and mine in ("", "i", "!", "l", "I", "1", "j"):
        return True  # the first engine's alphabet lacks it
    if not theirs or not mine or any(char.isdigit() for char in mine + theirs):
        return False
    if _without_accents(mine) == _without_accents(theirs):
        return False
    first = min(pair.first[at].confidence for _, at in pair.a[i:a_end])
    second = min(pair.second[at].confidence for _, at in pair.b[j:b_end])
    return first < UNSURE and second > SURE


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _space_before(chars: Sequence[_Char], at: int, pair: _Pair, room: float) -> bool:
    left, right = chars[at - 1], chars[at]
    if left.a != right.a:
        return True
    if left.b is None or right.b is None or left.b == right.b or not (left.agreed and right.agreed):
        return False
    return not inside_a_number(left.char, right.char) and pair.blank(right.b) >= room


def _token(chars: Sequence[_Char], pair: _Pair) -> Token:
    """A word of the result: its box is the first's, or the second's where that parted it."""
    text = "".join(char.char for char in chars)
    mine = sorted({char.a for char in chars if char.a is not None})
    theirs = sorted({char.b for char in chars if char.b is not None})
    sure = min(pair.first[at].confidence for at in mine)
    if all(char.agreed for char in chars):
        sure = max(sure, min(pair.second[at].confidence for at in theirs))
    else:
        sure *= DISPUTED
    return Token(text, _box(text, mine, theirs, pair), sure)


def _box(text: str, mine: Sequence[int], theirs: Sequence[int], pair: _Pair) -> Box:
    whole = around([pair.first[at].box for at in mine])
    if sum(len(pair.first[at].text) for at in mine) <= len(text) or not theirs:
        return whole
    left, _, right, _ = around([pair.second[at].box for at in theirs])
    begin = max(left, whole[0])
    return begin, whole[1], max(min(right, whole[2]), begin), whole[3]
