"""What a compiler would say of names: declared, used, given, of the right kind, known when a deployment starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tree_sitter import Node

from tests.infra.bicep import Declared, File, Module, assigned, nested, object_in, properties, read, text, value, walk

# Functions of Bicep that are used here; a new one is added after a look at its documentation.
FUNCTIONS = frozenset(
    "cidrSubnet concat contains empty environment filter first flatten guid items json last length listKeys "
    "loadJsonContent loadTextContent map range resourceGroup resourceId split string subscription "
    "subscriptionResourceId tenant toLower toObject union uniqueString".split()
)
REFUSED = {"newGuid": "a name must stay the same", "utcNow": "a second deployment must change nothing"}
EARLY = {"id", "name", "type", "apiVersion"}  # what is known of a resource before it is there


def mistakes(file: File, reader: dict[Path, File] | None = None) -> list[str]:
    """Every mistake in a file; `reader` stands in for modules that are not on the disk."""
    found = [*_syntax(file), *_names(file), *_unused(file), *_modules(file, reader or {}), *_late(file)]
    return [f"{file.path.name}: {sentence}" for sentence in found]


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


def _modules(file: File, reader: dict[Path, File]) -> Iterator[str]:
    for module in file.modules.values():
        if module.path not in reader and not module.path.is_file():
            yield f"{module.name}: there is no {module.path.name}"
            continue
        target = reader.get(module.path) or read(module.path)
        required = {name for name, param in target.params.items() if not assigned(param.node)}
        for name in sorted(required - module.given.keys()):
            yield f"{module.name} is not given {name}"
        for name in sorted(module.given.keys() - target.params.keys()):
            yield f"{module.name} knows no {name}"
        for name in sorted(module.given.keys() & target.params.keys()):
            yield from _kinds(file, module, name, target.params[name])
        yield from _outputs(file, module, target)


def _kinds(file: File, module: Module, name: str, param: Declared) -> Iterator[str]:
    wanted, given = kind_of_type(param.node), kind(module.given[name], file)
    if wanted and given and wanted != given:
        yield f"{module.name}.{name} takes {wanted}, not {given}"
    allowed, literal = param.decorators.get("allowed"), value(module.given[name])
    if allowed and type(literal) in {str, int} and literal not in allowed:
        yield f"{module.name}.{name} is none of {allowed}"


def _outputs(file: File, module: Module, target: File) -> Iterator[str]:
    for node in walk(file.root):
        if node.type != "member_expression" or node.named_child_count < 2:
            continue
        above = text(node.named_children[0]).rstrip("!")
        wanted = text(node.named_children[1])
        if above in {f"{module.name}.outputs", f"{module.name}!.outputs"} and wanted not in target.outputs:
            yield f"line {node.start_point[0] + 1}: {module.name} puts out no {wanted}"


def kind_of_type(declaration: Node) -> str:
    """`string`, `int`, `bool`, `object` or `array` of a parameter or output."""
    for child in declaration.named_children:
        if child.type == "type":
            inner = child.named_children[0] if child.named_children else child
            return {"array_type": "array"}.get(inner.type, inner.type if inner.type == "object" else text(child))
        if child.type in {"array_type", "object"} and child == declaration.named_children[1]:
            return "array" if child.type == "array_type" else "object"
    return ""


def kind(node: Node, file: File) -> str:
    """The kind of an expression where it is plain, else nothing."""
    literal = {"string": "string", "number": "int", "boolean": "bool", "object": "object", "array": "array"}
    if node.type in literal:
        return literal[node.type]
    if node.type == "unary_expression":
        return "bool"
    if node.type == "ternary_expression":
        kinds = {kind(child, file) for child in node.named_children[1:]}
        return kinds.pop() if len(kinds) == 1 else ""
    if node.type == "identifier":
        name = text(node)
        if name in file.params:
            return kind_of_type(file.params[name].node)
        if name in file.variables and (known := file.variables[name].value):
            return kind(known, file)
    if node.type == "member_expression":
        module, _, output = text(node).replace("!", "").partition(".outputs.")
        if output and module in file.modules and file.modules[module].path.is_file():
            declared = read(file.modules[module].path).outputs.get(output)
            return kind_of_type(declared.node) if declared else ""
    return ""


def _late(file: File) -> Iterator[str]:
    """What must be known when the deployment starts, and is not: names, conditions, loops, scopes."""
    for found in [*file.resources.values(), *file.modules.values()]:
        body = properties(object_in(found.node))
        places = [body[key] for key in ("name", "scope", "parent") if key in body]
        for node in _heads(found.node):
            places.append(node)
        for place in places:
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
