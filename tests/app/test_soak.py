"""Documents in a row leave nothing behind. `make soak` sends thousands and looks at memory, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.soak import documents, soak
from localhost.stack import Stack


@pytest.mark.slow
async def test_sixty_documents_in_a_row_all_complete_and_leave_no_temporary_file(stack: Stack, tmp_path: Path) -> None:
    found = await soak(stack, tmp_path / "soak", texts=57, scans=3)
    assert found.not_completed == {}
    assert found.leftovers == []
    assert found.documents == 60


def test_a_soak_s_documents_all_differ_and_scans_stand_in_its_first_tenth() -> None:
    files = list(documents(200, 20))
    assert len({data for _, data in files}) == len(files) == 220
    assert sum(name.endswith(".png") for name, _ in files) == 20
    assert any(name.endswith(".png") for name, _ in files[:22])
