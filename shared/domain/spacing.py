"""Where a space may be put between two characters that an engine read side by side."""

from __future__ import annotations


def inside_a_number(left: str, right: str) -> bool:
    """Whether a number goes on between these two characters.

    Thin print opens gaps in amounts, and half an amount is worse than a lost space.
    """
    return (left.isdigit() and (right.isdigit() or right in ".,")) or (left in ".," and right.isdigit())
