"""Bicep files as data: what they declare, and the values of it as far as they are literal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra"
FILES = sorted(INFRA.rglob("*.bicep"))


class Code(str):
    """An expression that is no literal, as it is written."""

    __slots__ = ()


@dataclass(frozen=True)
class Declared:
    """A parameter, variable, output, resource or module."""

    name: str
    node: Node
    decorators: dict[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> Node | None:
        """The expression behind `=`."""
        named = [child for child in self.node.named_children if child.type not in {"type", "comment"}]
        return named[-1] if len(named) > 1 and assigned(self.node) else None

    @property
    def line(self) -> int:
        return self.node.start_point[0] + 1


@dataclass(frozen=True)
class Resource(Declared):
    """A resource, nested ones with their full type; `body` are its properties as data."""

    type: str = ""
    version: str = ""
    existing: bool = False

    @property
    def body(self) -> dict[str, Any]:
        return body_of(self.node)


@dataclass(frozen=True)
class Module(Declared):
    """A module and what is handed to it."""

    path: Path = Path()

    @property
    def body(self) -> dict[str, Any]:
        return body_of(self.node)

    @property
    def given(self) -> dict[str, Node]:
        """The expression of each parameter."""
        params = properties(object_in(self.node)).get("params")
        return properties(params) if params else {}


@dataclass(frozen=True)
class File:
    """One Bicep file."""

    path: Path
    root: Node
    params: dict[str, Declared]
    variables: dict[str, Declared]
    outputs: dict[str, Declared]
    resources: dict[str, Resource]
    modules: dict[str, Module]

    @property
    def name(self) -> str:
        return self.path.relative_to(INFRA).as_posix()

    def of_type(self, type_: str) -> list[Resource]:
        return [found for found in self.resources.values() if found.type.lower() == type_.lower()]


def parsed(source: bytes) -> Node:
    """The syntax tree of a text."""
    return Parser(Language(tree_sitter_bicep.language())).parse(source).root_node


@lru_cache(maxsize=64)
def read(path: Path) -> File:
    """A file as data."""
    file = File(path, parsed(path.read_bytes()), {}, {}, {}, {}, {})
    decorators: dict[str, Any] = {}
    for node in file.root.named_children:
        if node.type == "decorators":
            decorators = dict(_decorator(child) for child in node.named_children)
            continue
        _declare(file, node, decorators)
        if node.type != "comment":
            decorators = {}
    return file


def _declare(file: File, node: Node, decorators: dict[str, Any]) -> None:
    tables: dict[str, dict[str, Declared]] = {
        "parameter_declaration": file.params,
        "variable_declaration": file.variables,
        "output_declaration": file.outputs,
    }
    if node.type in tables:
        name = text(node.named_children[0])
        tables[node.type][name] = Declared(name, node, decorators)
    elif node.type == "module_declaration":
        name, path = text(node.named_children[0]), str(value(node.named_children[1]))
        file.modules[name] = Module(name, node, decorators, (file.path.parent / path).resolve())
    elif node.type == "resource_declaration":
        for resource in _resources(node, "", "", decorators):
            file.resources[resource.name] = resource


def _resources(node: Node, above: str, version: str, decorators: dict[str, Any]) -> Iterator[Resource]:
    """A resource and those nested in it; these are named `parent::child`."""
    kind, _, own = str(value(node.named_children[1])).partition("@")
    kind, version = f"{above}/{kind}" if above else kind, own or version
    existing = any(child.type == "existing" for child in node.children)
    yield Resource(text(node.named_children[0]), node, decorators, kind, version, existing)
    for child in nested(node):
        for found in _resources(child, kind, version, {}):
            name = f"{text(node.named_children[0])}::{found.name}"
            yield Resource(name, found.node, {}, found.type, found.version, found.existing)


def nested(resource: Node) -> list[Node]:
    """Declarations of resources inside one."""
    body = object_in(resource)
    return [
        inner
        for child in body.named_children
        for inner in ([child] if child.type == "resource_declaration" else child.named_children)
        if inner.type == "resource_declaration"
    ]


def _decorator(node: Node) -> tuple[str, Any]:
    call = node.named_children[0]
    arguments = [value(child) for child in call.named_children[1].named_children] if call.named_child_count > 1 else []
    return text(call.named_children[0]), arguments[0] if arguments else None


def text(node: Node) -> str:
    """The source of a node."""
    return (node.text or b"").decode()


def assigned(node: Node) -> bool:
    """Whether a declaration has `=`."""
    return any(child.type == "=" for child in node.children)


def object_in(node: Node) -> Node:
    """The object of a resource or module, within its condition and its loop."""
    for child in reversed(node.named_children):
        if child.type == "object":
            return child
        if child.type in {"if_statement", "for_statement"}:
            return object_in(child)
    raise AssertionError(f"no object in {text(node)[:60]}")


def body_of(node: Node) -> dict[str, Any]:
    """The properties of a resource or module as data."""
    found: dict[str, Any] = value(object_in(node))
    return found


def properties(node: Node) -> dict[str, Node]:
    """The properties of an object by name."""
    found = {}
    for child in node.named_children:
        if child.type == "object_property" and child.named_children[0].type != "resource_declaration":
            key = child.named_children[0]
            found[str(value(key)) if key.type == "string" else text(key)] = child.named_children[-1]
    return found


Names = Mapping[str, Declared]


def value(node: Node, names: Names = MappingProxyType({})) -> Any:
    """A literal as data; variables of `names` as their values, a choice as a tuple of both; all else as Code."""
    if node.type == "string":
        return _string(node)
    if node.type == "number":
        return int(text(node))
    if node.type == "boolean":
        return text(node) == "true"
    if node.type == "null":
        return None
    if node.type == "object":
        return {key: value(child, names) for key, child in properties(node).items()}
    if node.type == "array":
        return [value(child, names) for child in node.named_children if child.type != "comment"]
    if node.type == "identifier" and text(node) in names and (known := names[text(node)].value):
        return value(known, names)
    if node.type == "ternary_expression" and names:
        return tuple(value(child, names) for child in node.named_children[1:])
    return Code(text(node))


def _string(node: Node) -> str:
    if any(child.type == "interpolation" for child in node.named_children):
        return Code(text(node)[1:-1])
    parts = [text(c)[1:] if c.type == "escape_sequence" else text(c) for c in node.named_children]
    return "".join(parts)


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for child in node.children:
        yield from walk(child)
