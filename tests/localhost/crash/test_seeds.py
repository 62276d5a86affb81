"""The first seeds of the crash suite; `make crash` runs them all."""

import pytest

from tests.localhost.crash.__main__ import run_all
from tests.localhost.crash.plan import plan

TOGETHER = 10


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, 10])
async def test_nothing_is_lost_or_doubled_however_often_they_are_killed(first: int) -> None:
    failures = await run_all([*range(first, first + TOGETHER)], TOGETHER)
    assert not failures, "\n\n".join(failures)


def test_a_seed_stands_for_the_same_plan() -> None:
    assert plan(7) == plan(7)
    assert plan(7) != plan(8)
