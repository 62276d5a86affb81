"""The pairs of input and result, as they lie in the folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Plain = dict[str, Any]

# The tax regimes whose country has rules; the rest is listed, not measured.
SUPPORTED = frozenset(["AR", "CO", "DE", "EL", "ES", "FR", "IT", "MX", "PL", "PT"])


@dataclass(frozen=True)
class Example:
    """One document: what a person wrote, and what GOBL made of it (the same for documents that carry their totals)."""

    name: str
    source: Plain
    result: Plain

    @property
    def kind(self) -> str:
        """The schema's name, such as `bill/invoice`."""
        return str(self.result.get("$schema", "")).split("draft-0/")[-1]

    @property
    def country(self) -> str:
        """The tax regime, as GOBL writes it (EL for Greece); "" for what has none."""
        return str(self.result.get("$regime", ""))

    @property
    def measured(self) -> bool:
        """If this is an invoice of a country with rules."""
        return self.kind == "bill/invoice" and self.country in SUPPORTED


def examples(gobl: Path) -> Iterator[Example]:
    """All pairs, by name; then the Mexican documents, whose input carries its computed totals."""
    for result in sorted(gobl.glob("??/out/*.json")):
        folder, stem = result.parents[1], result.stem
        source = next(path for ending in ("yaml", "json") if (path := folder / f"{stem}.{ending}").exists())
        yield Example(f"{folder.name}/{stem}", _document(source), _document(result))
    for path in sorted(gobl.glob("mx-cfdi/convert/in/*.json")):
        document = _document(path)
        yield Example(f"mx-cfdi/{path.stem}", document, document)


def _document(path: Path) -> Plain:
    """The document, out of its envelope."""
    import yaml

    text = path.read_text(encoding="utf-8")
    # Written with plain scalars: dates and numbers stay text, as in JSON.
    plain: Plain = yaml.load(text, Loader=yaml.BaseLoader) if path.suffix == ".yaml" else json.loads(text)
    document: Plain = plain.get("doc", plain)
    return document
