"""E-invoices, statements and CFDI that others published; without their folder these are skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shared.adapters.structured import StructuredReader
from shared.domain.document import MT940, PDF, XML
from shared.domain.validation import holding, validate

DATA = Path(os.environ.get("THEOGEN_DATA", "/nowhere"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="THEOGEN_DATA is not set to the folder of the test data")


async def test_valid_e_invoices_are_accepted_and_in_failing_ones_something_is_found() -> None:
    wrong = []
    for path in sorted((DATA / "invoices" / "zugferd").rglob("*.pdf")):
        found = await StructuredReader().read(path.read_bytes(), PDF)
        assert found is not None, path.name
        if bool(holding(found.record)) is not ("/fail/" in path.as_posix()):
            wrong.append(path.name)
    assert wrong == []


async def test_all_movements_of_real_statements_are_read() -> None:
    count = 0
    for path in sorted((DATA / "statements" / "mt940").rglob("*.sta")):
        found = await StructuredReader().read(path.read_bytes(), MT940)
        assert found is not None, path.name
        assert found.record.origin is not None
        assert not {"movements_read", "readable_field"} & {fault.rule for fault in found.record.origin.faults}
        count += len(found.record.transactions)
    assert count == 172


async def test_the_totals_of_real_cfdi_add_up() -> None:
    for path in sorted((DATA / "invoices" / "gobl" / "mx-cfdi" / "convert" / "out").glob("*.xml")):
        found = await StructuredReader().read(path.read_bytes(), XML)
        assert found is not None, path.name
        assert found.record.total is not None, path.name
        assert "net_plus_tax" not in {finding.rule for finding in validate(found.record)}, path.name
