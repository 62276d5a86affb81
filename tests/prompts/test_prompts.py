"""The prompts in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared import prompts

FOLDER = Path(prompts.__file__).parent
NAMES = sorted(path.stem for path in (FOLDER / "en").glob("*.txt"))
PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


def body(name: str, language: str) -> str:
    return (FOLDER / language / f"{name}.txt").read_text(encoding="utf-8")


def test_both_languages_have_the_same_prompts() -> None:
    assert sorted(path.stem for path in (FOLDER / "es").glob("*.txt")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_is_equal_in_content_in_both_languages(name: str) -> None:
    english, spanish = body(name, "en"), body(name, "es")
    assert english.splitlines()[0] == spanish.splitlines()[0]
    assert PLACEHOLDER.findall(english) == PLACEHOLDER.findall(spanish)
    assert [line[:1] == "-" for line in english.splitlines()] == [line[:1] == "-" for line in spanish.splitlines()]
    fields = re.compile(r"^- (\w+(?: \w+ \w+)?):? ", re.MULTILINE)
    ours = {"quote", "rationale", "label", "definition", "reason", "same", "keep", "memo", "statement", "supporting"}
    assert [f for f in fields.findall(english) if f in ours] == [f for f in fields.findall(spanish) if f in ours]
    assert 0.8 < len(spanish) / len(english) < 1.4


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", prompts.LANGUAGES)
def test_rules_come_first_and_nothing_is_left_to_fill_in_the_system_text(name: str, language: str) -> None:
    prompt = prompts.load(name, language)
    if "=== user ===" in body(name, language):
        assert prompt.system.startswith(prompts.load("rules", language).text)
        assert not PLACEHOLDER.search(prompt.system)
        values = dict.fromkeys(PLACEHOLDER.findall(prompt.text), "{{fragment}}")
        assert "{{fragment}}" in prompt.user(values)


def test_an_edit_changes_the_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("rules", "version 1\nBe kind."), ("ask", "version 3\nAsk.\n=== user ===\n{{x}}")):
        (tmp_path / "en").mkdir(exist_ok=True)
        (tmp_path / "en" / f"{name}.txt").write_text(text, encoding="utf-8")
    monkeypatch.setattr(prompts, "_FOLDER", tmp_path)
    fresh = prompts.load.__wrapped__
    first = fresh("ask", "en")
    (tmp_path / "en" / "rules.txt").write_text("version 1\nBe kinder.", encoding="utf-8")
    second = fresh("ask", "en")
    assert first.version.startswith("3-")
    assert second.version.startswith("3-")
    assert first.version != second.version
    (tmp_path / "en" / "ask.txt").write_text("Ask.", encoding="utf-8")
    with pytest.raises(ValueError, match="version N"):
        fresh("ask", "en")


def test_an_unknown_language_gets_english() -> None:
    assert prompts.load("theory", "fr") == prompts.load("theory", "en")
