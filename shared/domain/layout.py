"""From pieces of text with places on a page to lines in reading order.

A table that was drawn column by column comes out in rows; prose set in columns comes out column after column.
Cells of one row stand two spaces apart in the text, words of one cell one space.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import mean

from shared.domain.columns import columns_in_order
from shared.domain.document import Line, Word
from shared.domain.pieces import CELL_GAP, WORD_GAP, Piece, Row, Token, around


def arrange(
    pieces: Sequence[Piece], touching: float | None = None, cell_gap: float = 1.2
) -> tuple[str, tuple[Line, ...]]:
    """The text of a page and its lines, from pieces in any order.

    `touching`: pieces nearer than this share of their height are one word; None when boxes are too coarse to tell.
    `cell_gap`: pieces farther apart than this share of their height are two cells.
    """
    rows = [_join_words(row, touching, cell_gap) for row in _rows(pieces)]
    return compose(columns_in_order(rows))


def compose(rows: Sequence[Row], before: str = "") -> tuple[str, tuple[Line, ...]]:
    """One line of text a row, after the text `before`; offsets count from the beginning of `before`."""
    parts: list[str] = [before] if before else []
    lines: list[Line] = []
    at = len(before) + 1 if before else 0
    for row in rows:
        text = CELL_GAP.join(piece.text for piece in row)
        box = around([piece.box for piece in row])
        words = tuple(_words(text, at, (token for piece in row for token in piece.words)))
        lines.append(Line(at, at + len(text), box, _confidence(row), words))
        parts.append(text)
        at += len(text) + 1
    return "\n".join(parts), tuple(lines)


def _rows(pieces: Sequence[Piece]) -> list[Row]:
    """Pieces that stand at one height, from left to right; rows from top to bottom.

    A piece is compared with the nearest of a row: rows of a photo bend and fan out.
    """
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda p: p.middle):
        for row in reversed(rows[-4:]):
            beside = min(row, key=lambda p: abs(p.place[0] + p.place[2] - piece.place[0] - piece.place[2]))
            if abs(piece.middle - beside.middle) < 0.5 * min(piece.height, beside.height):
                row.append(piece)
                break
        else:
            rows.append([piece])
    rows.sort(key=lambda row: mean(p.middle for p in row))
    return [sorted(row, key=lambda p: p.place[0]) for row in rows]


def _join_words(row: Row, touching: float | None, cell_gap: float) -> Row:
    """Join neighbours that stand a word's space apart: what remains are cells."""
    cells = [row[0]]
    for piece in row[1:]:
        last = cells[-1]
        gap = (piece.place[0] - last.place[2]) / min(last.height, piece.height)
        if gap >= cell_gap:
            cells.append(piece)
            continue
        between = "" if touching is not None and gap < touching else WORD_GAP
        cells[-1] = Piece(
            last.text + between + piece.text,
            around([last.place, piece.place]),
            around([last.box, piece.box]),
            _confidence([last, piece]),
            _joined(last, piece, between),
        )
    return cells


def _joined(left: Piece, right: Piece, between: str) -> tuple[Token, ...]:
    """The words of two pieces side by side; with nothing between them the last and the first are one word."""
    apart = between or left.text[-1:].isspace() or right.text[:1].isspace()
    if apart or not left.words or not right.words:
        return (*left.words, *right.words)
    a, b = left.words[-1], right.words[0]
    one = Token(a.text + b.text, around([a.box, b.box]), min(a.confidence, b.confidence))
    return (*left.words[:-1], one, *right.words[1:])


def _words(text: str, at: int, tokens: Iterable[Token]) -> Iterator[Word]:
    """The words of a line whose text begins at `at`, from left to right."""
    end = 0
    for token in tokens:
        start = text.index(token.text, end)
        end = start + len(token.text)
        yield Word(at + start, at + end, token.box, round(token.confidence, 4))


def _confidence(pieces: Sequence[Piece]) -> float:
    """Weighted by characters."""
    weight = sum(len(p.text) for p in pieces)
    return sum(p.confidence * len(p.text) for p in pieces) / weight if weight else 1.0
