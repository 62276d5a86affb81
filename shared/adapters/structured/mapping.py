"""From an XML tree to fields, by tables of XPaths: what is there is read, and what cannot be read is a fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from shared.adapters.structured.values import Unreadable, text
from shared.domain.business import Fault, Source
from shared.domain.errors import Damaged, TooLarge
from shared.domain.markup import Markup

MOST_ROWS = 50_000

Node = Any  # an element of lxml
Read = Callable[[str, Node], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the record, where it stands (the first path that holds something), and how it is read."""

    name: str
    paths: tuple[str, ...]
    read: Read = text
    confidence: float = 1.0


def at(name: str, *paths: str, read: Read = text, confidence: float = 1.0) -> Field:
    """A row of a table."""
    return Field(name, paths, read, confidence)


def tree(markup: Markup) -> Node:
    """The root element. Entities are not resolved, nothing is fetched. Raises Damaged."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(markup.body.encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        raise Damaged(f"The XML cannot be read: {error.msg}. Export it again and upload it.") from error


@dataclass(slots=True)
class Reading:
    """One tree being read: `sources` and `faults` gather what was found, and what could not be read."""

    root: Node
    namespaces: Mapping[str, str]
    sources: dict[str, Source] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def all(self, path: str, here: Node | None = None) -> list[Node]:
        """What an XPath finds, from `here` or from the root."""
        found = _compiled(path, tuple(sorted(self.namespaces.items())))(self.root if here is None else here)
        return found if isinstance(found, list) else [found]

    def few(self, path: str, here: Node | None = None) -> list[Node]:
        """What an XPath finds, if these are not more rows than a business document has. Raises TooLarge."""
        found = self.all(path, here)
        if len(found) > MOST_ROWS:
            raise TooLarge(f"The data hold more than {MOST_ROWS} rows. Split them and upload the parts.")
        return found

    def text(self, path: str, here: Node | None = None) -> str:
        """The first text that is not blank; "" when there is none."""
        return next((value for node in self.all(path, here) if (value := words(node))), "")

    def take(
        self, table: Sequence[Field], here: Node | None = None, prefix: str = "", base: str = ""
    ) -> dict[str, Any]:
        """The fields of a table. `prefix` stands before a field's name, `base` before its path in its source."""
        values: dict[str, Any] = {}
        for row in table:
            value = self._value(row, here, prefix, base)
            if value is not None:
                values[row.name] = value
        return values

    def rows(
        self, name: str, path: str, table: Sequence[Field], make: Callable[..., Any], start: int = 0
    ) -> tuple[Any, ...]:
        """A record for each element that `path` finds, made of the table's fields; None from `make` leaves one out.

        `start` is how many rows of that name there are already.
        """
        made: list[Any] = []
        nodes = self.few(path)
        for number, node in enumerate(nodes, start=1):
            prefix, base = f"{name}.{start + len(made)}.", f"{path}[{number}]/"
            values = self.take(table, node, prefix, base)
            row = make(**values)
            if row is not None:
                made.append(row)
            else:
                for one in table:
                    self.sources.pop(prefix + one.name, None)
        return tuple(made)

    def note(self, name: str, path: str, confidence: float = 1.0) -> None:
        """Where a field that was not taken by a table comes from."""
        self.sources[name] = Source(path=path, reader="structured", confidence=confidence)

    def fault(self, name: str, value: str, rule: str, message: str, spanish: str) -> None:
        """What is wrong in the data, in both languages."""
        self.faults.append(Fault(field=name, value=value, rule=rule, message=message, message_es=spanish))

    def one_invoice(self, path: str) -> None:
        """More than one invoice in a file is a fault: a document has one record."""
        count = len(self.all(path))
        if count > 1:
            self.fault(
                "number", str(count), "one_invoice",
                f"The file holds {count} invoices and only the first was read: upload each in a file of its own.",
                f"El archivo contiene {count} facturas y solo se leyó la primera: suba cada una en su propio archivo.",
            )  # fmt: skip

    def _value(self, row: Field, here: Node | None, prefix: str, base: str) -> Any:
        for path in row.paths:
            for node in self.all(path, here):
                written = words(node)
                if not written:
                    continue
                try:
                    value = row.read(written, node)
                except Unreadable as error:
                    self.fault(prefix + row.name, written[:200], error.rule, str(error), error.spanish)
                    return None
                if value not in (None, ""):
                    self.note(prefix + row.name, base + path, row.confidence)
                    return value
        return None


def words(node: Node) -> str:
    """The text of an element or an attribute, white space made single."""
    raw = node if isinstance(node, str) else "".join(node.itertext())
    return " ".join(raw.split())


@lru_cache(maxsize=2000)
def _compiled(path: str, namespaces: tuple[tuple[str, str], ...]) -> Any:
    from lxml import etree

    return etree.XPath(path, namespaces=dict(namespaces) or None)
