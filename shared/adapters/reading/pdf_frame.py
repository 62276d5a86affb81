"""From PDF space (points, origin at the bottom left, before any turn) to the page as it is read."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.pieces import Box


@dataclass(frozen=True, slots=True)
class Frame:
    """A page's visible box in points, and the clockwise quarter turns that make its text upright."""

    left: float
    bottom: float
    right: float
    top: float
    quarters: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points after the turn."""
        width, height = max(self.right - self.left, 1.0), max(self.top - self.bottom, 1.0)
        return (height, width) if self.quarters % 2 else (width, height)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Fractions of the turned page, origin at its top left; beyond 0-1 when the text lies off the page."""
        width, height = self.right - self.left or 1.0, self.top - self.bottom or 1.0
        a, c = (left - self.left) / width, (right - self.left) / width
        b, d = (self.top - top) / height, (self.top - bottom) / height
        for _ in range(self.quarters % 4):
            a, b, c, d = 1 - d, a, 1 - b, c
        return a, b, c, d
