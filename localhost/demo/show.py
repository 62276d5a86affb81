"""What the demo prints about documents and the theory. Words of documents are data: they colour and move nothing."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from localhost.demo.api import Json
from localhost.demo.check import Checked


def plain(text: object) -> str:
    """`text` on one line without control characters: no file may send commands to the terminal."""
    return "".join(c if c.isprintable() else " " for c in " ".join(str(text).split()))


def say(console: Console, text: str, style: str = "", indent: int = 0) -> None:
    """One paragraph, nothing in it read as markup."""
    console.print(Padding(Text(text, style=style), (0, 0, 0, indent), expand=False))


def heading(console: Console, text: str) -> None:
    """A heading with an empty line before it."""
    console.print()
    say(console, text, "bold cyan")


def show_record(console: Console, document: Json) -> None:
    """What a business document was recognised as, with the fields of its record."""
    heading(console, f"{plain(document['name'])} was recognised as: {plain(document['type'])}")
    record = document.get("record")
    if not record:
        say(console, "No record was extracted from it.", "yellow", 2)
        return
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2))
    for name, value in _rows(record["record"]):
        table.add_row(Text(f"  {plain(name)}", style="dim"), Text(plain(value)))
    console.print(table)


def _rows(record: Json) -> list[tuple[str, str]]:
    """The record's fields that have a value, a row each; of lists a row an item."""
    rows = []
    for name, value in record.items():
        label = name.replace("_", " ")
        if isinstance(value, list):
            rows += [(label.removesuffix("s"), "  ".join(str(part) for part in item.values())) for item in value]
        elif value not in (None, "") and name not in {"sources", "kind"}:
            rows.append((label, str(value)))
    return rows


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


def show_theory(console: Console, theory: Json) -> None:
    """The theory from its core to its quotes."""
    heading(console, plain(theory["title"]))
    if theory["status"] != "final" or theory["analyst"].get("suggests_only"):
        warning = (
            "Suggestions to confirm: the offline analyst made this, without a language model. It counts, groups and "
        )
        say(
            console,
            f"{warning}compares words; it does not understand them. Set up a model for a theory.",
            "bold yellow",
        )
    for paragraph in str(theory.get("summary") or "").splitlines():
        say(console, plain(paragraph))
    core = theory.get("core_category") or {}
    heading(console, f"Core category: {plain(core['label'])}" if core else "No core category was chosen.")
    for name in ("rationale", "storyline"):
        if core.get(name):
            say(console, plain(core[name]), indent=2)
    _show_categories(console, theory["categories"])
    _show_relations(console, theory)
    _show_propositions(console, theory["propositions"])
    _show_coverage(console, theory["coverage"])


def _show_coverage(console: Console, coverage: Json) -> None:
    heading(console, "Coverage")
    passages = f"{coverage['coded_passages']} of {coverage['passages']} passages have codes"
    quotes = f"of {coverage['quotes_proposed']} proposed quotes {coverage['quotes_dropped']} were not in the text"
    missed = f"{len(coverage['not_covered'])} passages could not be covered"
    say(console, f"{passages}; {missed}; {quotes} and were dropped.", indent=2)


def _show_categories(console: Console, categories: Sequence[Json]) -> None:
    heading(console, f"Categories ({len(categories)})")
    for category in categories:
        say(console, plain(category["label"]), "bold", 2)
        for code in category["codes"]:
            counts = f"{_count(code['applications'], 'quote')} in {_count(code['documents'], 'document')}"
            say(console, f"· {plain(code['label'])} ({counts})", indent=4)


def _show_relations(console: Console, theory: Json) -> None:
    labels = {category["category_id"]: category["label"] for category in theory["categories"]}
    heading(console, f"Relations ({len(theory['relations'])})")
    for relation in theory["relations"]:
        source, target = (plain(labels.get(relation[end], relation[end])) for end in ("source", "target"))
        say(console, f"{source} — {plain(relation['kind'])} → {target}", "bold", 2)
        say(console, plain(relation["statement"]), indent=4)
        for evidence in relation["evidence"]:
            _show_quote(console, evidence)


def _show_propositions(console: Console, propositions: Sequence[Json]) -> None:
    heading(console, f"Propositions ({len(propositions)})")
    for number, proposition in enumerate(propositions, start=1):
        say(console, f"{number}. {plain(proposition['statement'])}", "bold", 2)
        for evidence in proposition["supporting"]:
            _show_quote(console, evidence)
        for evidence in proposition["contradicting"]:
            _show_quote(console, evidence, against=True)


def _show_quote(console: Console, evidence: Json, *, against: bool = False) -> None:
    page = f", page {evidence['page']}" if evidence.get("page") is not None else ""
    mark = "AGAINST: " if against else ""
    say(console, f"{mark}“{plain(evidence['quote'])}”", "red" if against else "green", 4)
    say(console, f"{plain(evidence['document'])}{page}, characters {evidence['start']}-{evidence['end']}", "dim", 6)


def show_check(console: Console, checked: Checked) -> None:
    """`N of N quotes resolve`, and those that do not."""
    console.print()
    for evidence, reason in checked.wrong:
        say(console, f"“{plain(evidence['quote'])}” ({plain(evidence['document'])}): {plain(reason)}", "red")
    good = checked.quotes - len(checked.wrong)
    say(console, f"{good} of {checked.quotes} quotes resolve", "bold green" if checked.is_sound else "bold red")
    if not checked.quotes:
        say(console, "A theory without a quote leads back to nothing.", "red")
