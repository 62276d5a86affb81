"""Merge patches of records, and what accepted findings cover."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shared.domain.business import BusinessRecord, LineItem, Source
from shared.domain.corrections import Correction, patched, with_corrections
from shared.domain.document import DocumentType
from shared.domain.errors import CorrectionRefused, InvalidCorrection, UnknownField
from shared.domain.waivers import Waiver, still_open, with_waivers

RECORD = BusinessRecord(
    kind=DocumentType.INVOICE,
    number="F-1",
    total=Decimal("121.00"),
    lines=(LineItem(description="Papel", amount=Decimal(100)),),
    sources={
        "total": Source(start=3, end=9, confidence=0.7),
        "number": Source(start=0, end=3, confidence=0.9),
        "lines.0.amount": Source(start=20, end=23, confidence=0.5),
    },
)


def names(error: CorrectionRefused) -> list[str]:
    return [fault["field"] for fault in error.fields]


def test_a_patch_changes_the_fields_that_it_names_and_no_others() -> None:
    after, corrections = patched(RECORD, {"total": 121.5, "number": None})
    assert (after.total, after.number, after.lines) == (Decimal("121.5"), None, RECORD.lines)
    assert corrections == [Correction("number", "F-1", None), Correction("total", "121.00", "121.5")]
    assert {name: source.reader for name, source in after.sources.items()} == {
        "total": "person", "number": "person", "lines.0.amount": "rules",
    }  # fmt: skip


def test_a_value_that_is_so_already_is_no_correction() -> None:
    after, corrections = patched(
        RECORD, {"total": "121", "number": "F-1", "lines": [{"description": "Papel", "amount": "100.0"}]}
    )
    assert corrections == []
    assert after.sources["total"].reader == "rules"


def test_a_list_is_replaced_whole_and_the_sources_of_its_parts_go() -> None:
    after, [correction] = patched(RECORD, {"lines": [{"description": "Tinta", "amount": "7"}]})
    assert [line.description for line in after.lines] == ["Tinta"]
    assert correction.old[0]["description"] == "Papel"
    assert after.sources["lines"].confidence == 1
    assert "lines.0.amount" not in after.sources


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"totl": 1}, "totl"),
        ({"sources": {}}, "sources"),
        ({"confidence": 1}, "confidence"),
        ({"lines": [{"description": "a"}, {"descripton": "b"}]}, "lines.1.descripton"),
        ({"taxes": [{"rat": 1}]}, "taxes.0.rat"),
    ],
)
def test_a_field_that_there_is_not_is_named(patch: dict[str, Any], field: str) -> None:
    with pytest.raises(UnknownField, match=field.replace(".", r"\.")) as error:
        patched(RECORD, patch)
    assert names(error.value) == [field]


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"total": "about a hundred"}, "total"),
        ({"total": "NaN"}, "total"),
        ({"total": "1e999999"}, "total"),
        ({"total": "0.12345678901"}, "total"),
        ({"net": 10**15}, "net"),
        ({"issue_date": "2026-02-30"}, "issue_date"),
        ({"kind": "bill"}, "kind"),
        ({"kind": ["invoice"]}, "kind"),
        ({"number": "x" * 2001}, "number"),
        ({"lines": "Papel"}, "lines"),
        ({"lines": [{"amount": "1"}]}, "lines.0.description"),
        ({"lines": [{"description": "a", "amount": "1e30"}]}, "lines.0.amount"),
        ({"lines": [{"description": "a"}] * 10_001}, "lines"),
        ({"credit": "perhaps"}, "credit"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_name_of_its_field(patch: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidCorrection) as error:
        patched(RECORD, patch)
    assert names(error.value) == [field]


def test_the_last_correction_of_a_field_counts_when_the_record_is_read_anew() -> None:
    corrections = [
        Correction("total", "121.00", "122.00", version=2),
        Correction("total", "122.00", "123.00", version=3),
        Correction("number", "F-1", None, version=3),
    ]
    after = with_corrections(RECORD, reversed(corrections))
    assert (after.total, after.number) == (Decimal(123), None)
    assert after.sources["total"].reader == "person"
    assert with_corrections(after, corrections) == after
    assert with_corrections(RECORD, []) is RECORD


FINDING = {"field": "total", "rule": "net_plus_tax", "value": "150", "message": "Net 100 and tax 21 make 121."}


def test_a_waiver_covers_one_finding_and_not_the_next_of_the_same_rule() -> None:
    waiver = Waiver("total", "net_plus_tax", "150", FINDING["message"], "As printed.", "ana")
    other = {**FINDING, "message": "Net 99 and tax 21 make 120."}
    checked = with_waivers([FINDING, other], [waiver])
    assert checked[0]["waived"] == {"by": "ana", "reason": "As printed."}
    assert still_open(checked) == [other]
