"""Resources held against the published types of Azure (Azure/bicep-types-az), where a copy of them is at hand."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from tests.infra.bicep import Code, Names, Resource, object_in, value

Json = dict[str, Any]
REQUIRED, READ_ONLY = 1, 2


@dataclass(frozen=True)
class Published:
    """The types in a git directory of Azure/bicep-types-az."""

    git: Path

    @cached_property
    def files(self) -> list[str]:
        """Every file of types that is there, smaller letters."""
        return [line for line in self._git("ls-tree", "-r", "--name-only", "HEAD").splitlines() if "types.json" in line]

    def _git(self, *arguments: str) -> str:
        command = ["git", "--git-dir", str(self.git), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def types_of(self, type_: str, version: str) -> tuple[list[Json], Json] | None:
        """All types of the file that declares a resource, and the resource's own; None where there is none."""
        folder = f"/{type_.split('/', maxsplit=1)[0].lower()}/{version}/types.json"
        for path in self.files:
            if path.endswith(folder):
                types = self._read(path)
                for found in types:
                    name = str(found.get("name", "")).lower()
                    if found["$type"] == "ResourceType" and name == f"{type_}@{version}".lower():
                        return types, self._at(types, found["body"])
        return None

    @lru_cache(maxsize=64)  # noqa: B019 - one object a session
    def _read(self, path: str) -> list[Json]:
        types: list[Json] = json.loads(self._git("show", f"HEAD:{path}"))
        return types

    @staticmethod
    def _at(types: list[Json], reference: Json) -> Json:
        return types[int(reference["$ref"].removeprefix("#/"))]

    def mistakes(self, resource: Resource, names: Names) -> Iterator[str]:
        """What does not fit a resource's type: an unknown or missing property, a value not allowed."""
        found = self.types_of(resource.type, resource.version)
        if found is None:
            yield f"{resource.type}@{resource.version} is not published"
            return
        types, body = found
        kept = ("parent", "scope", "dependsOn")
        given = {key: item for key, item in value(object_in(resource.node), names).items() if key not in kept}
        yield from self._mistakes(types, body, given, resource.name, resource.existing)

    def _mistakes(self, types: list[Json], wanted: Json, given: Any, where: str, partly: bool = False) -> Iterator[str]:
        kind = wanted["$type"]
        if isinstance(given, tuple):
            for choice in given:
                yield from self._mistakes(types, wanted, choice, where)
            return
        if isinstance(given, Code) or given is None or kind == "AnyType":
            return
        if kind in {"ObjectType", "DiscriminatedObjectType"}:
            yield from self._of_object(types, wanted, given, where, partly)
        elif kind == "ArrayType":
            if not isinstance(given, list):
                yield f"{where} must be an array"
                return
            for index, item in enumerate(given):
                yield from self._mistakes(types, self._at(types, wanted["itemType"]), item, f"{where}[{index}]")
        elif kind == "UnionType":
            yield from self._of_union(types, wanted, given, where)
        elif not self._fits(wanted, given):
            yield f"{where} must be {wanted.get('value', kind)}, not {given!r}"

    def _of_object(self, types: list[Json], wanted: Json, given: Any, where: str, partly: bool) -> Iterator[str]:
        if not isinstance(given, dict):
            yield f"{where} must be an object"
            return
        known = dict(wanted.get("properties") or wanted.get("baseProperties") or {})
        if wanted["$type"] == "DiscriminatedObjectType":
            chosen = wanted["elements"].get(str(given.get(wanted["discriminator"])))
            if chosen is None:
                yield f"{where}.{wanted['discriminator']} is none of {sorted(wanted['elements'])}"
                return
            known |= self._at(types, chosen)["properties"]
        more = wanted.get("additionalProperties")
        for name, item in given.items():
            if name in known:
                if known[name]["flags"] & READ_ONLY:
                    yield f"{where}.{name} is read-only"
                yield from self._mistakes(types, self._at(types, known[name]["type"]), item, f"{where}.{name}")
            elif more:
                yield from self._mistakes(types, self._at(types, more), item, f"{where}.{name}")
            else:
                yield f"{where}.{name} is not known"
        for name, item in known.items():
            if item["flags"] & REQUIRED and not item["flags"] & READ_ONLY and name not in given and not partly:
                yield f"{where}.{name} is missing"

    def _of_union(self, types: list[Json], wanted: Json, given: Any, where: str) -> Iterator[str]:
        choices = [self._at(types, element) for element in wanted["elements"]]
        words = [choice["value"] for choice in choices if choice["$type"] == "StringLiteralType"]
        # An open list names what is known today; what it does not name is a mistake here all the same.
        if isinstance(given, str) and words:
            if given not in words:
                yield f"{where} is {given!r}, none of {words}"
        elif not any(not list(self._mistakes(types, choice, given, where)) for choice in choices):
            yield f"{where} fits none of what is allowed"

    @staticmethod
    def _fits(wanted: Json, given: Any) -> bool:
        kinds = {"StringType": str, "IntegerType": int, "BooleanType": bool}
        if wanted["$type"] == "StringLiteralType":
            return bool(given == wanted["value"])
        kind = kinds.get(wanted["$type"])
        return kind is None or type(given) is kind
