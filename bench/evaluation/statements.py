"""MT940 statements against their author's own reading, and against the fields :61: as they are written."""

from __future__ import annotations

import asyncio
import base64
import re
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

# The reference was made by an elder version of the library that reads here: so a plain look at the fields beside it.
WRITTEN = re.compile(r"^:61:\d{6}(?:\d{4})?(?P<sign>R?[CD])[A-Z]?\s?(?P<amount>\d*,\d*|\d+)", re.MULTILINE)


def evaluate(data: Path) -> str:
    """A table by file: transactions, amounts with their sign, dates, and what is said of the statement."""
    reader = StructuredReader()
    rows, sums = [], [0] * 7
    for path in sorted((data / "statements" / "mt940").rglob("*.sta")):
        raw = path.read_bytes()
        record = asyncio.run(reader.read(raw, MT940))
        assert record is not None
        recognised = is_mt940(raw.decode("latin-1"))
        expected = list(reference(path.with_suffix(".yml")))
        found = [(one.amount, one.value_date) for one in record.record.transactions]
        amounts = sum(abs(a) == abs(b) for (a, _), (b, _) in zip(found, expected, strict=False))
        signs = sum(a == b for (a, _), (b, _) in zip(found, expected, strict=False))
        dates = sum(a == b for (_, a), (_, b) in zip(found, expected, strict=False))
        plainly = sum(a == b for (a, _), b in zip(found, written(raw), strict=False))
        counts = [len(expected), len(found), amounts, signs, dates, plainly, int(recognised)]
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
        said = "; ".join(sorted({finding.rule for finding in validate(record.record)})) or "none"
        rows.append(f"| {path.parent.name}/{path.name} | {' | '.join(map(str, counts[:6]))} | {said} |")
    titles = ("file", "transactions", "read", "amount", "with sign", "date", "field :61:", "findings")
    head = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    foot = f"| **all, {sums[6]} of {len(rows)} recognised by content** | {' | '.join(map(str, sums[:6]))} | |"
    note = (
        "A file with statements of several accounts, or whose statements do not follow each other, is held for a "
        "person: `one_account`, `statements_follow`. Two movements are credits taken back (RC): the reference has them "
        "come in, the fields and the statements' own balances have them leave. The value date of 30 February is read "
        "as the 29th, and said."
    )
    return "\n".join([*head, *rows, foot, "", note])


def written(raw: bytes) -> list[Decimal]:
    """The amounts of all fields :61:, by their digits and the letter before them."""
    found = []
    for match in WRITTEN.finditer(raw.decode("latin-1").replace("\r\n", "\n")):
        amount = Decimal(match["amount"].replace(",", ".").rstrip("."))
        found.append(-amount if match["sign"] in ("D", "RC") else amount)
    return found


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
