"""Papers made for tests: cells of text at places, as a reader of pictures finds them."""

import re

from shared.domain.document import Page
from shared.domain.layout import arrange
from shared.domain.pieces import Box, Piece, Token

LINE = 20.0
WIDTH, HEIGHT = 1000.0, 1400.0


def paper(*rows: str | list[tuple[float, str]], confidence: float = 1.0, number: int = 1) -> Page:
    """A page with a row below the other: a text at the left, or (left edge in thousandths, text) for each cell."""
    pieces = []
    for index, row in enumerate(rows):
        top = 40.0 + LINE * index
        for left, text in [(50.0, row)] if isinstance(row, str) else row:
            place = (left, top, left + 9.0 * len(text), top + LINE * 0.7)
            box = (place[0] / WIDTH, place[1] / HEIGHT, place[2] / WIDTH, place[3] / HEIGHT)
            if text:
                pieces.append(Piece(text, place, box, confidence, _words(text, box, confidence)))
    text, lines = arrange(pieces)
    return Page(number, text, "ocr", confidence, WIDTH, HEIGHT, 0, lines)


def _words(text: str, box: Box, confidence: float) -> tuple[Token, ...]:
    """The words of a cell, each with its share of the cell's width."""
    wide = (box[2] - box[0]) / max(len(text), 1)
    return tuple(
        Token(word.group(), (box[0] + wide * word.start(), box[1], box[0] + wide * word.end(), box[3]), confidence)
        for word in re.finditer(r"\S+", text)
    )
