"""Descriptions of types break ties, and nothing but ties."""

from __future__ import annotations

import pytest

from shared.domain.document import Classification, DocumentType
from shared.domain.type_descriptions import DESCRIPTIONS, clearly_nearest, likeness, settled_by_likeness

INVOICE, RECEIPT, OTHER = DocumentType.INVOICE, DocumentType.RECEIPT, DocumentType.OTHER


def test_a_text_is_as_like_a_type_as_the_nearest_of_its_descriptions() -> None:
    axes = [[float(row == column) for column in range(len(DESCRIPTIONS))] for row in range(len(DESCRIPTIONS))]
    like = likeness(axes[1], axes)
    assert like[INVOICE] == 1.0
    assert sum(like.values()) == 1.0


def test_only_a_type_that_is_near_and_far_ahead_is_the_nearest() -> None:
    assert clearly_nearest({INVOICE: 0.5, RECEIPT: 0.3}) is INVOICE
    assert clearly_nearest({INVOICE: 0.5, RECEIPT: 0.45}) is None
    assert clearly_nearest({INVOICE: 0.2, RECEIPT: 0.0}) is None


@pytest.mark.parametrize(
    ("rules", "nearest", "settled"),
    [
        (Classification(OTHER, 0.3), INVOICE, (INVOICE, 0.55)),  # a tie
        (Classification(OTHER, 0.5), INVOICE, None),  # too few signs of anything
        (Classification(OTHER, 0.5), OTHER, (OTHER, 0.55)),
        (Classification(RECEIPT, 0.6), RECEIPT, (RECEIPT, 0.6)),
        (Classification(RECEIPT, 0.6), INVOICE, None),  # what rules name is not changed
        (Classification(OTHER, 0.3), None, None),
    ],
)
def test_the_nearest_description_settles_ties(
    rules: Classification, nearest: DocumentType | None, settled: tuple[DocumentType, float] | None
) -> None:
    found = settled_by_likeness(rules, nearest)
    assert (found and (found.type, found.confidence)) == settled
