"""MT940 statements of nine banks against their author's own reading."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from shared.adapters.structured import StructuredReader
from shared.domain.document import MT940
from shared.domain.statements import is_mt940
from shared.domain.validation import validate

TITLE = "Bank statements in MT940"


def evaluate(data: Path) -> str:
    """A table by file: transactions, amounts with their sign, dates, and what is said of the statement."""
    reader = StructuredReader()
    rows, sums = [], [0, 0, 0, 0, 0]
    for path in sorted((data / "statements" / "mt940").rglob("*.sta")):
        raw = path.read_bytes()
        record = asyncio.run(reader.read(raw, MT940))
        assert record is not None
        recognised = is_mt940(raw.decode("latin-1"))
        expected = list(reference(path.with_suffix(".yml")))
        found = [(one.amount, one.value_date) for one in record.record.transactions]
        amounts = sum(a == b for (a, _), (b, _) in zip(found, expected, strict=False))
        dates = sum(a == b for (_, a), (_, b) in zip(found, expected, strict=False))
        counts = [len(expected), len(found), amounts, dates, int(recognised)]
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
        said = "; ".join(sorted({finding.rule for finding in validate(record.record)})) or "none"
        rows.append(f"| {path.parent.name}/{path.name} | {' | '.join(map(str, counts[:4]))} | {said} |")
    head = [
        "| file | transactions | read | amount and sign equal | date equal | findings |",
        "|---|---|---|---|---|---|",
    ]
    foot = f"| **all, {sums[4]} of {len(rows)} recognised by content** | {' | '.join(map(str, sums[:4]))} | |"
    note = (
        "A file with statements of several accounts, or whose statements do not follow each other, is held for a "
        "person: `one_account`, `statements_follow`. The value date of 30 February is read as the 29th, and said."
    )
    return "\n".join([*head, *rows, foot, "", note])


def reference(path: Path) -> Iterator[tuple[Decimal, date]]:
    """Amount and value date of each transaction. The file's tags name Python objects: none is made, only nodes."""
    import yaml

    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    for node in _child(root, "transactions").value:
        values = _child(node, "data")
        amount = _child(_child(values, "amount"), "amount").value[0].value
        state = base64.b64decode(_child(values, "date").value[0].value)
        yield Decimal(amount), date(state[0] * 256 + state[1], state[2], state[3])


def _child(node: Any, key: str) -> Any:
    return next(value for name, value in node.value if name.value == key)
