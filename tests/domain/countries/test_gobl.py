"""Real examples by others: they are right by our rules too, and altered copies are refused for the right field."""

from collections import Counter

import pytest

from bench.evaluation.countries import TODAY, totals_that_differ
from bench.gobl.alterations import altered_copies
from bench.gobl.examples import Example, examples
from bench.gobl.records import record_of
from shared.domain.validation import validate
from tests.domain.data import data_folder

# Totals that were overridden by hand, a due date before the issue, and a rate that the example's author had replaced.
UNEQUAL = {"es/invoice-es-bypass", "es/invoice-es-es-vateqs-provider", "pt/invoice-custom"}


@pytest.fixture(scope="module")
def measured() -> list[Example]:
    return [one for one in examples(data_folder("invoices", "gobl")) if one.measured]


def test_totals_and_verdict_agree_but_for_three_examples(measured: list[Example]) -> None:
    differing = {one.name for one in measured if totals_that_differ(one) or validate(record_of(one.result), TODAY)}
    assert differing == UNEQUAL
    assert len(measured) == 129


def test_altered_copies_are_refused_for_the_field_that_is_wrong(measured: list[Example]) -> None:
    made: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for example in measured:
        if example.name in UNEQUAL:
            continue
        for altered in altered_copies(record_of(example.result), example.name):
            made[altered.kind] += 1
            named[altered.kind] += altered.field in {one.field for one in validate(altered.record, TODAY)}
    assert len(made) == 9
    assert all(named[kind] >= 0.99 * count for kind, count in made.items()), (made, named)
