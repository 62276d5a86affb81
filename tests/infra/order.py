"""What waits for what: nothing for itself, and names for nothing at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from tests.infra.bicep import File, object_in, properties, text, walk

EARLY = {"id", "name", "type", "apiVersion"}  # what is known of a resource before it is there


def known_too_late(file: File) -> Iterator[str]:
    """What must be known when the deployment starts, and is not: names, conditions, loops, scopes."""
    for found in [*file.resources.values(), *file.modules.values()]:
        body = properties(object_in(found.node))
        places = [body[key] for key in ("name", "scope", "parent", "location") if key in body]
        for place in [*places, *_heads(found.node)]:
            if reason := late(place, file):
                yield f"line {found.line}: {found.name} depends on {reason}, which is not known when it starts"


def _heads(node: Node) -> Iterator[Node]:
    """Conditions and what is looped over."""
    for child in node.named_children:
        if child.type == "if_statement":
            yield child.named_children[0]
        elif child.type == "for_statement":
            yield child.named_children[1]
        if child.type in {"if_statement", "for_statement"}:
            yield from _heads(child)


def late(node: Node, file: File, seen: frozenset[str] = frozenset()) -> str:
    """What in an expression is known only once something has been deployed; nothing if all is known before."""
    for inner in walk(node):
        if inner.type == "member_expression":
            owner, _, rest = text(inner).replace("!", "").partition(".")
            if owner in file.modules and rest.startswith("outputs"):
                return text(inner)
            if owner in file.resources and rest.split(".")[0] not in EARLY:
                return text(inner)
        if inner.type == "identifier" and (name := text(inner)) in file.variables and name not in seen:
            known = file.variables[name].value
            if known and (reason := late(known, file, seen | {name})):
                return reason
    return ""


def circles(file: File) -> Iterator[str]:
    """Resources and modules that wait for themselves, through variables too."""
    nodes = {
        found.name: found for found in [*file.modules.values(), *file.resources.values(), *file.variables.values()]
    }
    needs = {name: _mentioned(found.node, nodes.keys()) - {name} for name, found in nodes.items() if "::" not in name}
    for name, first in needs.items():
        reached, ahead = set[str](), [*first]
        while ahead:
            step = ahead.pop()
            if step not in reached:
                reached.add(step)
                ahead += needs.get(step, set())
        if name in reached:
            yield f"{name} depends on itself"


def _mentioned(node: Node, names: Iterable[str]) -> set[str]:
    keys = {child.named_children[0].id for child in walk(node) if child.type == "object_property"}
    return {text(child) for child in walk(node) if child.type == "identifier" and child.id not in keys} & set(names)
