"""What a compiler would say of names: declared, used, given, of the right kind, known when a deployment starts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from tests.infra.bicep import File, nested, text, walk
from tests.infra.module_calls import mistyped_outputs, misused_modules, perhaps_missing
from tests.infra.order import circles, known_too_late

# Functions of Bicep that are used here; a new one is added after a look at its documentation.
FUNCTIONS = frozenset(
    re.findall(
        r"\w+",
        """
    cidrSubnet concat contains empty environment filter first flatten guid items join json last length listKeys
    loadJsonContent loadTextContent map min range resourceGroup resourceId split string subscription
    subscriptionResourceId tenant toLower toObject union uniqueString
""",
    )
)
REFUSED = {"newGuid": "a name must stay the same", "utcNow": "a second deployment must change nothing"}


def mistakes(file: File) -> list[str]:
    """Every mistake in a file, as sentences."""
    checks = (
        _syntax, _names, _unused, misused_modules, perhaps_missing, mistyped_outputs, known_too_late, circles,
    )  # fmt: skip
    return [f"{file.path.name}: {sentence}" for check in checks for sentence in check(file)]


def _syntax(file: File) -> Iterator[str]:
    for node in walk(file.root):
        if node.is_error or node.is_missing:
            yield f"line {node.start_point[0] + 1} cannot be read"


def _names(file: File) -> Iterator[str]:
    declared = [*file.params, *file.variables, *(r for r in file.resources if "::" not in r), *file.modules]
    tops = [node for node in file.root.named_children if node.type.endswith("_declaration")]
    counted = [text(node.named_children[0]) for node in tops if node.type not in _OTHERS]
    for name in sorted({name for name in counted if counted.count(name) > 1}):
        yield f"{name} is declared twice"
    for node in tops:
        if node.type != "metadata_declaration":
            yield from _within(file, node, frozenset(declared), top=True)


_OTHERS = {"output_declaration", "metadata_declaration"}


def _within(file: File, node: Node, known: frozenset[str], *, top: bool = False) -> Iterator[str]:
    """Names in an expression or declaration that nothing declares, given those in scope."""
    children = list(node.named_children)
    if top or node.type == "resource_declaration":
        children = children[1:]  # its own name
    if node.type == "resource_declaration":
        known |= {text(child.named_children[0]) for child in nested(node)} | {text(node.named_children[0])}
    elif node.type in {"for_statement", "lambda_expression"}:
        known, children = known | set(_loop_names(node)), children[1:]
    elif node.type == "object_property" and children[0].type != "resource_declaration":
        children = children[1:] if children[0].type == "identifier" else children
    elif node.type in {"type", "decorators"}:
        return
    elif node.type == "call_expression":
        yield from _call(node, known)
        children = children[1:] if children[0].type == "identifier" else children
    elif node.type == "resource_expression":
        if _path(node) not in file.resources:
            yield f"line {node.start_point[0] + 1}: {text(node)} is no resource"
        return
    elif node.type == "identifier":
        if text(node) not in known | {"az", "sys"}:
            yield f"line {node.start_point[0] + 1}: {text(node)} is not declared"
        return
    for child in children:
        yield from _within(file, child, known)


def _loop_names(node: Node) -> list[str]:
    first = node.named_children[0]
    return [text(first)] if first.type == "identifier" else [text(child) for child in first.named_children]


def _path(node: Node) -> str:
    return "::".join(text(child) for child in node.named_children)


def _call(node: Node, known: frozenset[str]) -> Iterator[str]:
    called = node.named_children[0]
    name = text(called.named_children[-1] if called.type == "member_expression" else called)
    line = node.start_point[0] + 1
    if name in REFUSED:
        yield f"line {line}: {name}() is refused: {REFUSED[name]}"
    elif name not in FUNCTIONS:
        yield f"line {line}: {name}() is not a function that is known here"
    elif called.type == "identifier" and name in known:
        yield f"line {line}: {name}() is hidden by what is declared under that name"


def _unused(file: File) -> Iterator[str]:
    used: dict[str, int] = {}
    for node in walk(file.root):
        if node.type == "identifier":
            used[text(node)] = used.get(text(node), 0) + 1
    keys = [text(n.named_children[0]) for n in walk(file.root) if n.type == "object_property" and n.named_child_count]
    for name in [*file.params, *file.variables]:
        outputs = 1 if name in file.outputs else 0
        if used.get(name, 0) - keys.count(name) - outputs < 2:
            yield f"{name} is not used"
