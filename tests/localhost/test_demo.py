"""The demo against a stand-in of the app."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from localhost.demo import command, connect, main, study, watch
from localhost.demo.bars import Bars
from localhost.demo.connect import Address
from localhost.demo.errors import DemoError
from localhost.demo.show import plain
from tests.localhost.app_stand_in import StandIn, running

INTERVIEWS = {"uno.txt": "😀 Nadie dijo ni una palabra.", "dos.txt": "Ella, ni una palabra más."}


@pytest.fixture
def app() -> Iterator[StandIn]:
    with running() as stand_in:
        yield stand_in


@pytest.fixture
def out(app: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the demo writes; with it, the demo finds the stand-in and a small sample study."""
    sample = tmp_path / "sample"
    entries = [_entry("uno.txt", "http"), _entry("dos.txt", "blob"), _entry("factura.txt", "http", "invoice")]
    (sample / "documents").mkdir(parents=True)
    for name, text in {**INTERVIEWS, "factura.txt": "Factura 2026-0117"}.items():
        (sample / "documents" / name).write_text(text, encoding="utf-8")
    described = {"project": "Ronda", "language": "es", "research_question": {"es": "¿Qué?", "en": "What?"}}
    (sample / "study.json").write_text(json.dumps({**described, "documents": entries}), encoding="utf-8")
    monkeypatch.setattr(command, "sample_study", lambda *given: study.sample_study(given[0], given[1], sample))
    monkeypatch.setattr(command, "connect", lambda: Address(app.url, app.storage))
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.02)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "out"


def _entry(file: str, goes_in: str, expected: str = "interview") -> dict[str, str]:
    return {"file": file, "goes_in": goes_in, "expected_type": expected}


def test_the_demo_goes_from_files_to_a_theory_whose_quotes_resolve(
    app: StandIn, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["--out", str(out)])
    said = capsys.readouterr().out
    assert code == 0, said
    for words in (
        "Reading 3 files: 2 uploaded, 1 dropped as blobs",
        "100 %  uno.txt: completed · interview",
        "factura.txt was recognised as: invoice",
        "2026-0117",
        "121.00",
        "theory: open coding",
        "Core category: Confianza",
        "esperar sin saber (4 quotes in 2 documents)",
        "“ni una palabra”",
        "uno.txt, page 1, characters 13-27",
        "AGAINST: “ni una palabra”",
        "2 of 2 quotes resolve",
        "setup 0.0",
        "make down",
    ):
        assert words in said, words
    assert "Suggestions to confirm" not in said
    project_id, project = next(iter(app.projects.items()))
    assert app.dropped == [f"{project['tenant_id']}/{project_id}/dos.txt"]
    assert f"/projects/{project_id}/search" in said
    assert project["research_question"] == "¿Qué?"
    assert json.loads((out / "theory.json").read_text(encoding="utf-8"))["theory_id"] == "t1"
    assert "> ni una palabra" in (out / "theory.md").read_text(encoding="utf-8")


def test_a_quote_that_is_not_where_it_says_fails_the_demo(
    app: StandIn, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = StandIn._quote
    monkeypatch.setattr(StandIn, "_quote", lambda *given: (found := quote(*given)) | {"start": found["start"] - 1})
    assert main(["--out", str(out)]) == 1
    assert "0 of 2 quotes resolve" in capsys.readouterr().out


def test_a_theory_without_a_quote_fails_the_demo(app: StandIn, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app.theory_changes = {"propositions": [], "relations": []}
    assert main(["--out", str(out)]) == 1
    assert "0 of 0 quotes resolve" in capsys.readouterr().out


def test_a_theory_of_the_offline_analyst_is_said_to_be_a_suggestion(
    app: StandIn, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app.theory_changes = {"status": "suggestion"}
    assert main(["--out", str(out)]) == 0
    assert "Suggestions to confirm" in capsys.readouterr().out


def test_the_same_project_name_finds_its_documents_again(
    app: StandIn, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = ["--out", str(out), "--project-name", "Mine"]
    assert main(again) == 0
    app.polls = 0
    assert main(again) == 0
    assert "uno.txt is known already." in capsys.readouterr().out
    assert len(app.projects) == 1
    assert len(app.documents) == 3


def test_without_a_name_each_run_is_a_new_project(app: StandIn, out: Path) -> None:
    assert main(["--out", str(out)]) == 0
    app.polls = 0
    assert main(["--out", str(out)]) == 0
    assert len(app.projects) == 2


def test_a_rejected_file_of_the_sample_fails_the_demo_with_its_reason(
    app: StandIn, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app.rejected = {"factura.txt"}
    assert main(["--out", str(out)]) == 1
    assert "factura.txt: rejected. It has a password." in capsys.readouterr().out


def test_a_folder_of_ones_own_may_hold_files_that_cannot_be_read(
    app: StandIn, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine"
    (mine / "deep").mkdir(parents=True)
    (mine / ".hidden").write_text("no")
    for name, text in {**INTERVIEWS, "deep/tres.txt": "no more"}.items():
        (mine / name).write_text(text, encoding="utf-8")
    app.rejected = {"tres.txt"}
    asked = ["--documents", str(mine), "--language", "en", "--question", "Why?", "--out", str(out)]
    assert main(asked) == 0, capsys.readouterr().out
    project = next(iter(app.projects.values()))
    assert (project["language"], project["research_question"]) == ("en", "Why?")
    assert {row["name"] for row in app.documents.values()} == {"uno.txt", "dos.txt", "tres.txt"}
    assert not app.dropped


def test_a_refused_file_does_not_take_the_others_of_its_request_along(
    app: StandIn, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app.refused = {"factura.txt"}
    assert main(["--out", str(out)]) == 1
    said = capsys.readouterr().out
    assert "factura.txt was refused." in said
    assert "The file is larger than 1 MB. Split it." in said
    assert "2 of 2 quotes resolve" in said


def test_an_answer_without_a_field_is_a_sentence(app: StandIn, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app.theory_changes = {"coverage": {}}
    assert main(["--out", str(out)]) == 1
    assert "An answer of the app has no 'coded_passages'" in capsys.readouterr().out


def test_a_failed_run_is_a_sentence_with_its_code(app: StandIn, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app.run_ends = {"status": "failed", "step": "open_coding", "progress": 40, "error_code": "rate_limit"}
    assert main(["--out", str(out)]) == 1
    assert "the run is failed (rate_limit) at open coding" in capsys.readouterr().out


def test_a_busy_app_is_asked_again(app: StandIn, out: Path) -> None:
    app.busy = 2
    assert main(["--out", str(out)]) == 0


def test_a_document_that_never_appears_does_not_hold_the_demo_up(
    app: StandIn, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "APPEARANCE_SECONDS", 0.1)
    monkeypatch.setattr(command, "drop", lambda *_: None)
    app.theory_changes = {"propositions": []}
    assert main(["--out", str(out)]) == 1
    said = capsys.readouterr().out
    assert "dos.txt never appeared in the project." in said
    assert "1 of 1 quotes resolve" in said


def test_an_app_that_does_not_answer_is_a_sentence(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "connect", lambda: Address("http://127.0.0.1:9", "x"))
    assert main([]) == 1
    assert "The app does not answer" in capsys.readouterr().out


def test_an_interrupt_is_no_traceback(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> Address:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "connect", interrupted)
    assert main([]) == 130
    assert "make down" in capsys.readouterr().out


def test_a_missing_folder_and_a_missing_sample_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="There is no folder"):
        study.own_study(tmp_path / "nothing", None, None)
    with pytest.raises(DemoError, match="There are no files"):
        study.own_study(tmp_path, None, None)
    with pytest.raises(DemoError, match="--documents"):
        study.sample_study(None, None, tmp_path)


def test_words_of_documents_cannot_command_the_terminal() -> None:
    assert plain("a\x1b[31mb\n\tc\x07 [bold]") == "a [31mb c  [bold]"


def test_bars_are_drawn_for_a_terminal_and_names_are_not_markup() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with Bars(console) as bars:
        bars.show("a", "[red]x[/red].txt", 40, "reading")
        bars.show("a", "[red]x[/red].txt", 100, "completed", over=True)
    assert isinstance(console.file, io.StringIO)
    assert "[red]x[/red].txt" in console.file.getvalue()


class _Localhost:
    """`python -m localhost` as a fake: `env` fails until `up` was called."""

    def __init__(self, folder: Path, url: str, works: bool = True) -> None:
        self.folder, self.url, self.works, self.called = folder, url, works, list[str]()

    def __call__(self, *arguments: str, **_: object) -> object:
        self.called.append(arguments[0])
        if arguments[0] == "up" and self.works:
            (self.folder / "host.json").write_text(json.dumps({"http": self.url + "/"}))
        good = self.works and "up" in self.called
        answer = json.dumps({"AzureWebJobsStorage": "x"}).encode()
        return type("Done", (), {"returncode": 0 if good else 1, "stdout": answer if good else b""})()


def test_the_app_is_brought_up_when_it_does_not_run(
    app: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = _Localhost(tmp_path, app.url)
    monkeypatch.setenv("THEOGEN_LOCAL_DIR", str(tmp_path))
    monkeypatch.setattr(connect, "_localhost", fake)
    assert connect.connect() == Address(app.url, "x")
    assert connect.connect() == Address(app.url, "x")
    assert fake.called == ["env", "up", "env", "env"]


def test_an_app_that_cannot_be_brought_up_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THEOGEN_LOCAL_DIR", str(tmp_path))
    monkeypatch.setattr(connect, "_localhost", _Localhost(tmp_path, "", works=False))
    with pytest.raises(DemoError, match="did not start"):
        connect.connect()
