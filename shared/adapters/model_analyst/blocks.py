"""Material in a question: fenced off, so that no text can pass for an instruction or for its own end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping


def block(name: str, text: str) -> str:
    """`text` between two lines that carry a code which does not occur in it. The same text has the same code."""
    mark = _mark(text)
    return f"<<<{name} {mark}\n{text}\n{name} {mark}>>>"


def rows(items: Iterable[Mapping[str, object]]) -> str:
    """One JSON object a line: a line break inside a quote cannot begin a row of its own."""
    return "\n".join(json.dumps(item, ensure_ascii=False) for item in items)


def _mark(text: str) -> str:
    """Eight hexadecimal digits derived from the text and absent from it, in either case of letters."""
    lowered, attempt = text.lower(), 0
    while True:
        mark = hashlib.sha256(f"{attempt}\x1f{text}".encode("utf-8", "surrogatepass")).hexdigest()[:8]
        if mark not in lowered:
            return mark
        attempt += 1
