"""Modules that are called: what they take and put out, and of which kind it is."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from tests.infra.bicep import Declared, File, Module, assigned, properties, read, text, value, walk

# What functions give, of those that give always the same.
GIVES = (
    dict.fromkeys(("string", "toLower", "join", "guid", "uniqueString", "resourceId", "cidrSubnet"), "string")
    | dict.fromkeys(("empty", "contains"), "bool")
    | dict.fromkeys(("concat", "filter", "map", "split", "items", "flatten", "range"), "array")
    | dict.fromkeys(("length", "min"), "int")
)


def misused_modules(file: File) -> Iterator[str]:
    """Modules that are not there, not given what they take, or asked for what they do not know or lack."""
    for module in file.modules.values():
        if not module.path.is_file():
            yield f"{module.name}: there is no {module.path.name}"
            continue
        target = read(module.path)
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
    for choice in choices(module.given[name], file):
        yield from (f"{module.name}.{name} {wrong}" for wrong in refused(choice, param))


def refused(literal: object, param: Declared) -> Iterator[str]:
    """Why a parameter does not take a value that it may be given."""
    limits = param.decorators
    if "allowed" in limits and literal not in limits["allowed"]:
        yield f"is none of {limits['allowed']}: {literal!r}"
    if type(literal) is int and not limits.get("minValue", literal) <= literal <= limits.get("maxValue", literal):
        yield f"is out of its range: {literal}"
    if wanted := kind_of_type(param.node):
        kinds = {str: "string", int: "int", bool: "bool"}
        if type(literal) in kinds and kinds[type(literal)] != wanted:
            yield f"takes {wanted}, not {kinds[type(literal)]}: {literal!r}"


def choices(node: Node, file: File) -> list[object]:
    """The literals that an expression may be: both sides of a choice, what a parameter allows, a column of a table."""
    if node.type in {"string", "number", "boolean"}:
        literal = value(node)
        return [literal] if type(literal) in {str, int, bool} else []
    if node.type == "ternary_expression":
        return [choice for child in node.named_children[1:] for choice in choices(child, file)]
    if node.type == "identifier" and (name := text(node)) in file.params:
        return list(file.params[name].decorators.get("allowed", []))
    if node.type == "identifier" and name in file.variables and (known := file.variables[name].value):
        return choices(known, file)
    if node.type == "member_expression":
        row, column = text(node.named_children[0]), text(node.named_children[1])
        return [choice for table in _rows(row, file) if column in table for choice in choices(table[column], file)]
    return []


def _rows(name: str, file: File) -> list[dict[str, Node]]:
    """The rows that `chosen` may be, of `var chosen = table[key]`."""
    chosen = file.variables[name].value if name in file.variables else None
    if chosen is None or chosen.type != "subscript_expression":
        return []
    table = file.variables.get(text(chosen.named_children[0]))
    if table is None or table.value is None:
        return []
    return [properties(row) for row in properties(table.value).values() if row.type == "object"]


def _outputs(file: File, module: Module, target: File) -> Iterator[str]:
    for node in walk(file.root):
        if node.type != "member_expression" or node.named_child_count < 2:
            continue
        above = text(node.named_children[0]).rstrip("!")
        wanted = text(node.named_children[1])
        if above in {f"{module.name}.outputs", f"{module.name}!.outputs"} and wanted not in target.outputs:
            yield f"line {node.start_point[0] + 1}: {module.name} puts out no {wanted}"


def perhaps_missing(file: File) -> Iterator[str]:
    """Outputs and properties of what is made under a condition, read as if it were always there."""
    conditional = {
        found.name
        for found in [*file.modules.values(), *file.resources.values()]
        if any(child.type == "if_statement" for child in found.node.named_children)
    }
    for node in walk(file.root):
        if node.type == "member_expression" and text(node).split(".")[0] in conditional:
            wanted = text(node.named_children[1])
            if wanted not in {"id", "name", "type", "apiVersion"}:
                yield f"line {node.start_point[0] + 1}: {text(node)} may not be there: use `!` behind its condition"


def mistyped_outputs(file: File) -> Iterator[str]:
    """Outputs whose expression is of another kind than they say."""
    for output in file.outputs.values():
        wanted, given = kind_of_type(output.node), kind(output.value, file) if output.value else ""
        if wanted and given and wanted != given:
            yield f"output {output.name} is {wanted}, not {given}"


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
    if node.type == "call_expression":
        return GIVES.get(text(node.named_children[0]), "")
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
        owner, _, own = text(node).partition(".")
        if owner in file.resources and own in {"id", "name"}:
            return "string"
        module, _, output = text(node).replace("!", "").partition(".outputs.")
        if output and module in file.modules and file.modules[module].path.is_file():
            declared = read(file.modules[module].path).outputs.get(output)
            return kind_of_type(declared.node) if declared else ""
    return ""
