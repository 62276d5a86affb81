"""Spaces that PP-OCR left out: it glues words, but the paper shows where it is blank between two of them.

How wide a space is on a page is learned from the spaces that were read there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median, quantiles

from shared.adapters.ocr.lines import ReadLine
from shared.domain.spacing import inside_a_number

FEWEST = 4  # spaces on a page from which the width of one can be learned
WIDER = 2.5  # times the usual blank between two characters of a word
FARTHER = 1.25  # times the usual way between them, which hardly varies where letters are set one width apart
SLACK = 0.1  # of a line's height: half a column of the network


def with_spaces(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """The lines of a page with a space where a blank is as wide as those that were read as spaces."""
    spaces: list[float] = []
    others: list[float] = []
    for line in lines:
        for at, spaced in gaps(line):
            (spaces if spaced else others).append(line.chars[at].gap)
    if len(spaces) < FEWEST or not others:
        return list(lines)
    least = max(quantiles(spaces, n=10)[0], WIDER * median(others))
    return [_parted(line, least) for line in lines]


def _parted(line: ReadLine, least: float) -> ReadLine:
    solid, between = "".join(line.text.split()), gaps(line)
    far = FARTHER * median([line.chars[at].advance for at, spaced in between if not spaced] or [0.0])
    text = solid[:1]
    for at, spaced in between:
        char = line.chars[at]
        # A blank that is wider than the way from middle to middle is faint print, not paper.
        blank = char.gap >= least and char.advance >= max(char.gap + SLACK, far)
        text += (" " if spaced or (blank and not inside_a_number(solid[at - 1], solid[at])) else "") + solid[at]
    return replace(line, text=text)


def gaps(line: ReadLine) -> list[tuple[int, bool]]:
    """For each character but the first: its number, and whether a space goes before it."""
    found: list[tuple[int, bool]] = []
    at, spaced = 0, False
    for char in line.text:
        if char.isspace():
            spaced = True
            continue
        if at:
            found.append((at, spaced))
        at, spaced = at + 1, False
    return found
