"""Text that people wrote, made safe to stand inside Markdown, HTML and Mermaid: it is data and formats nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_ACTIVE = re.compile(r"([\\`*_{}\[\]#|~^$@])")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LIST_OR_RULE = re.compile(r"^(\s*)([-+=]|\d+[.)])")
_LINK_BY_ITSELF = re.compile(r"(?i)\b(https?|ftp|mailto|www)([:.])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile(r"\r\n?|[\n\f\x85\u2028\u2029]")


def inline(text: object) -> str:
    """`text` on one line, with nothing left in it that Markdown or HTML would act on."""
    line = " ".join(_without_controls(str(text)).split())
    return _start_of_line(_characters(line))


def paragraphs(text: object) -> str:
    """`text` with its lines kept, each harmless; empty lines part paragraphs."""
    return "\n".join(_start_of_line(_characters(line.strip())) for line in _lines(text)).strip()


def block_quote(text: object) -> str:
    """`text` as a block quote, line for line."""
    escaped = (_start_of_line(_characters(line.strip())) for line in _lines(text))
    return "  \n".join(f"> {line}" if line else ">" for line in escaped)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; cells are escaped here, numbers are set to the right."""
    body = [list(row) for row in rows]
    numeric = [bool(body) and all(isinstance(row[column], int) for row in body) for column in range(len(head))]
    rule = ["---:" if right else "---" for right in numeric]
    lines = [[inline(cell) for cell in head], rule, *([inline(cell) for cell in row] for row in body)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def mermaid_label(text: object) -> str:
    """`text` as the inside of a quoted Mermaid label: everything but letters, digits and plain signs as an entity."""
    line = " ".join(_without_controls(str(text)).split())
    return "".join(c if c.isalnum() or c in " .,-!?¿¡()'«»…" else f"#{ord(c)};" for c in line)


def _without_controls(text: str) -> str:
    return _CONTROLS.sub("", text)


def _lines(text: object) -> list[str]:
    return _LINE_ENDS.split(_without_controls(str(text)))


def _characters(line: str) -> str:
    escaped = _ACTIVE.sub(r"\\\1", line.translate(_HTML))
    return _LINK_BY_ITSELF.sub(r"\1&#8203;\2", escaped)  # bare addresses become links in some renderers


def _start_of_line(line: str) -> str:
    return _LIST_OR_RULE.sub(lambda found: f"{found[1]}{_escaped_marker(found[2])}", line)


def _escaped_marker(marker: str) -> str:
    return f"\\{marker}" if len(marker) == 1 else f"{marker[:-1]}\\{marker[-1]}"
