"""What the demo works on: the sample study, or a folder of one's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from localhost.demo.connect import ROOT
from localhost.demo.errors import DemoError

SAMPLE = ROOT / "sample"


@dataclass(frozen=True, slots=True)
class StudyFile:
    """A file, the way it goes in (`http` or `blob`), and what it should be taken for, where that is known."""

    path: Path
    goes_in: str = "http"
    expected_type: str | None = None

    @property
    def name(self) -> str:
        """Its name in the project."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Study:
    """A project to be: its name, its language, the question, the files. `is_sample`: everything in it must work."""

    name: str
    language: str
    question: str
    files: tuple[StudyFile, ...]
    is_sample: bool = False


def sample_study(language: str | None, question: str | None, folder: Path = SAMPLE) -> Study:
    """The study that comes with TheoGen, in `language` or its own."""
    try:
        study = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise DemoError(f"The sample study is not there ({folder}). Name your own files with --documents.") from error
    language = language or study["language"]
    files = tuple(
        StudyFile(folder / "documents" / entry["file"], entry["goes_in"], entry["expected_type"])
        for entry in study["documents"]
    )
    missing = [file.name for file in files if not file.path.is_file()]
    if missing:
        raise DemoError(f"Files of the sample study are missing: {', '.join(missing)}.")
    return Study(study["project"], language, question or study["research_question"][language], files, is_sample=True)


def own_study(folder: Path, language: str | None, question: str | None) -> Study:
    """Every file under `folder` that is not hidden."""
    if not folder.is_dir():
        raise DemoError(f"There is no folder {folder}.")
    visible = (
        path for path in sorted(folder.rglob("*")) if path.is_file() and not _is_hidden(path.relative_to(folder))
    )
    files = tuple(StudyFile(path) for path in visible)
    if not files:
        raise DemoError(f"There are no files in {folder}.")
    return Study(folder.resolve().name, language or "es", question or "", files)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
