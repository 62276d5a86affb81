"""What the tests of scripts share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.infra.machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)
