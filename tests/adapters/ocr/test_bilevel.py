"""Faxes lose their specks; other pictures stay as they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shared.adapters.ocr.bilevel import softened

Picture = NDArray[np.uint8]


def page(**marks: tuple[slice, slice]) -> Picture:
    """White paper with black marks."""
    found = np.full((120, 200, 3), 255, np.uint8)
    for mark in marks.values():
        found[mark] = 0
    return found


STROKE = (slice(40, 60), slice(30, 120))


def test_specks_go_and_strokes_and_dots_stay() -> None:
    soft = softened(page(stroke=STROKE, dot=(slice(30, 33), slice(30, 33)), speck=(slice(90, 92), slice(150, 151))))
    assert soft[80:110, 140:160].min() == 255
    assert soft[31, 31].max() < 128
    assert soft[50, 60].max() == 0
    assert 0 < soft[40, 60, 0] < 255


def test_a_picture_in_greys_is_not_touched() -> None:
    picture = page(stroke=STROKE)
    picture[38:40, 30:120] = picture[60:62, 30:120] = 130
    assert softened(picture) is picture
    blank = page()
    assert softened(blank) is blank
