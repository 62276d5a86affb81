"""Prompts as text files, one folder a language, equal in content.

A file begins with `version N`; then comes what the model is told (`system`), a line `=== user ===`, and what it is
asked, with `{{names}}` for what is filled in. `rules.txt` stands before every system text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "es")
SEPARATOR = "\n=== user ===\n"

_FOLDER = Path(__file__).parent
_NAME = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt's text, and a version that changes with every edit: `2-1f0c9a3b`."""

    text: str
    version: str

    @property
    def system(self) -> str:
        """What the model is told; the same for every question, so that providers can cache it."""
        return self.text.partition(SEPARATOR)[0]

    def user(self, values: Mapping[str, str]) -> str:
        """What the model is asked. Filled in one pass: a `{{name}}` inside a value is left as it is."""
        return _NAME.sub(lambda match: values[match.group(1)], self.text.partition(SEPARATOR)[2])


@lru_cache(maxsize=64)
def load(name: str, language: str) -> Prompt:
    """The prompt `name` in a language; in English where the language is not one of ours."""
    folder = _FOLDER / (language if language in LANGUAGES else "en")
    number, body = _read(folder / f"{name}.txt")
    _, rules = _read(folder / "rules.txt")
    text = f"{rules}\n\n{body}" if SEPARATOR in body else body
    return Prompt(text, f"{number}-{hashlib.sha256(text.encode()).hexdigest()[:8]}")


@lru_cache(maxsize=64)
def edition(name: str) -> str:
    """One version for a prompt in all its languages."""
    prompts = [load(name, language) for language in LANGUAGES]
    digest = hashlib.sha256("\x1f".join(prompt.text for prompt in prompts).encode()).hexdigest()[:8]
    return f"{prompts[0].version.partition('-')[0]}-{digest}"


def _read(path: Path) -> tuple[str, str]:
    """The number in the first line, and the text below it."""
    first, _, text = path.read_text(encoding="utf-8").partition("\n")
    word, _, number = first.partition(" ")
    if word != "version" or not number.strip().isdigit():
        raise ValueError(f"{path.name} must begin with a line 'version N'")
    return number.strip(), text.strip()
