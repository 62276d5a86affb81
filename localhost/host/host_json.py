"""host.json, each value of which an environment variable can override."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

_OVERRIDE = re.compile(r"(?i)AzureFunctionsJobHost(__|:)(.+)")
_TIME_SPAN = re.compile(r"(?:(\d+)\.)?(\d+):(\d\d):(\d\d)(?:\.\d+)?")
Choice = TypeVar("Choice", bound=StrEnum)
DEFAULT_TIMEOUT = timedelta(minutes=30)


class HostJsonError(Exception):
    """host.json cannot be used."""


class HostJson:
    """The settings of the host, found by path without regard to case."""

    def __init__(self, content: Mapping[str, Any], environ: Mapping[str, str]) -> None:
        if content.get("version") != "2.0":
            raise HostJsonError('host.json must have "version": "2.0".')
        self._values = dict(_flat(content))
        for name, text in environ.items():
            if match := _OVERRIDE.fullmatch(name):
                path = tuple(part.casefold() for part in re.split("__|:", match[2]))
                self._values[path] = _typed(text)

    @classmethod
    def read(cls, folder: Path, environ: Mapping[str, str]) -> "HostJson":
        """Read the file in an app's folder."""
        try:
            return cls(json.loads((folder / "host.json").read_text("utf-8-sig")), environ)
        except OSError as error:
            raise HostJsonError(f"There is no host.json in {folder}.") from error
        except ValueError as error:
            raise HostJsonError(f"host.json in {folder} is not valid JSON: {error}.") from error

    def get(self, path: str, default: Any = None) -> Any:
        """Return the value at a dotted path."""
        value = self._values.get(tuple(path.casefold().split(".")))
        return default if value is None else value

    def choice(self, path: str, default: Choice) -> Choice:
        """Return the value at a path, one of those that the default's kind has, whatever its case."""
        text = str(self.get(path, default)).casefold()
        for known in type(default):
            if known.casefold() == text:
                return known
        known_ones = ", ".join(type(default))
        raise HostJsonError(f"{path} in host.json is '{self.get(path)}': it must be one of {known_ones}.")

    @property
    def hub(self) -> str:
        """The name of the task hub."""
        return str(self.get("extensions.durableTask.hubName", "TestHubName"))

    @property
    def function_timeout(self) -> timedelta | None:
        """How long a function may run; None for ever."""
        text = str(self.get("functionTimeout", ""))
        if not text:
            return DEFAULT_TIMEOUT
        return None if text == "-1" else time_span(text)


def time_span(text: str) -> timedelta:
    """Read `[d.]hh:mm:ss`; raises ValueError for anything else."""
    match = _TIME_SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a time of the form hh:mm:ss.")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def span_text(span: timedelta) -> str:
    """Write a duration as `hh:mm:ss`."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def _flat(content: Mapping[str, Any], above: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for key, value in content.items():
        path = (*above, key.casefold())
        found.extend(_flat(value, path) if isinstance(value, dict) else [(path, value)])
    return found


def _typed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
