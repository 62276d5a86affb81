"""HTTP route templates: `{id}`, `{id:int}`, `{id?}`, `{*rest}`, matched without regard to case."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

_PARAMETER = re.compile(r"\{(\*{0,2})(\w+)(?::([^}?=]+))?(\??)(?:=[^}]*)?\}")
_CONSTRAINTS = {
    "int": r"[+-]?\d+",
    "long": r"[+-]?\d+",
    "bool": r"(?:true|false)",
    "guid": r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}",
    "alpha": r"[a-z]+",
    "decimal": r"[+-]?\d+(?:\.\d+)?",
    "double": r"[+-]?\d+(?:\.\d+)?",
}


@dataclass(frozen=True)
class Route:
    """A compiled template; routes sort so that the most exact is tried first."""

    template: str
    pattern: "re.Pattern[str]"
    rank: tuple[tuple[int, str], ...]

    def match(self, path: str) -> dict[str, str] | None:
        """Return the parameters of a path that is still quoted; None if this route is not meant."""
        found = self.pattern.fullmatch(path.strip("/"))
        if found is None:
            return None
        return {name: unquote(value) for name, value in found.groupdict().items() if value is not None}


def compile_route(template: str) -> Route:
    """Compile a template; raises ValueError for an unknown constraint."""
    pattern, rank = "", list[tuple[int, str]]()
    for segment in filter(None, template.strip("/").split("/")):
        regex, optional, weight = _segment(segment)
        slash = "/" if pattern else ""
        pattern += f"(?:{slash}{regex})?" if optional else slash + regex
        rank.append((weight, segment.casefold()))
    return Route(template, re.compile(pattern, re.IGNORECASE), tuple(rank))


def _segment(segment: str) -> tuple[str, bool, int]:
    regex, position, optional, weight = "", 0, False, 0
    for found in _PARAMETER.finditer(segment):
        stars, name, constraint, question = found.groups()
        regex += re.escape(segment[position : found.start()])
        regex += f"(?P<{name}>{'.*' if stars else _constraint(constraint)})"
        position = found.end()
        optional = optional or bool(question or stars)
        weight = max(weight, 3 if stars else 1 if constraint else 2)
    return regex + re.escape(segment[position:]), optional, weight


def _constraint(text: str | None) -> str:
    if text is None:
        return "[^/]+"
    if length := re.fullmatch(r"(?:length|minlength|maxlength)\((\d+)\)", text):
        bounds = {"length": "{%s}", "minlength": "{%s,}", "maxlength": "{1,%s}"}[text.split("(")[0]]
        return "[^/]" + bounds % length[1]
    if regex := re.fullmatch(r"regex\((.+)\)", text):
        return f"(?:{regex[1]})"
    if text not in _CONSTRAINTS:
        raise ValueError(f"The route constraint '{text}' is not known to the local host.")
    return _CONSTRAINTS[text]
