"""Modules that are called: what they take and put out, and of which kind it is."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from tests.infra.bicep import Declared, File, Module, assigned, read, text, value, walk


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
