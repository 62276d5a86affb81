"""`python -m bench.evaluation [ITEM …]`: measures items and puts their tables into docs/quality.md."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import re
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import bench.evaluation

REPORT = Path(__file__).parents[2] / "docs" / "quality.md"


def items() -> dict[str, ModuleType]:
    """The items by name, in the order of the alphabet."""
    names = sorted(module.name for module in pkgutil.iter_modules(bench.evaluation.__path__))
    modules = {name: importlib.import_module(f"bench.evaluation.{name}") for name in names if not name.startswith("_")}
    return {name: module for name, module in modules.items() if hasattr(module, "evaluate")}


def put(report: str, name: str, section: str) -> str:
    """The report with the item's section in place of its old one, or at the end."""
    block = f"<!-- begin {name} -->\n{section.rstrip()}\n<!-- end {name} -->"
    old = re.compile(rf"<!-- begin {re.escape(name)} -->.*?<!-- end {re.escape(name)} -->", re.S)
    if old.search(report):
        return old.sub(lambda _: block, report)
    return f"{report.rstrip()}\n\n{block}\n"


def main() -> int:
    """Measure what was asked, everything by default; 1 when the data are not there."""
    known = items()
    parser = argparse.ArgumentParser(prog="python -m bench.evaluation", description=__doc__)
    parser.add_argument("items", nargs="*", metavar="ITEM", help=f"of {', '.join(known)}; all by default")
    chosen = parser.parse_args().items or [name for name, module in known.items() if not getattr(module, "LONG", False)]
    if unknown := sorted(set(chosen) - set(known)):
        parser.error(f"unknown item {', '.join(unknown)}; there are {', '.join(known)}")
    folder = os.environ.get("THEOGEN_DATA")
    if not folder:
        print("Set THEOGEN_DATA to the folder of the test data; docs/quality.md says what they are.", file=sys.stderr)
        return 1
    for name in chosen:
        print(f"— {name}", flush=True)
        table = known[name].evaluate(Path(folder))
        command = f"THEOGEN_DATA=… .venv/bin/python -m bench.evaluation {name}"
        section = f"## {known[name].TITLE} ({date.today()})\n\n`{command}`\n\n{table}"
        print(f"\n{section}\n", flush=True)
        REPORT.write_text(put(REPORT.read_text(encoding="utf-8"), name, section), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
