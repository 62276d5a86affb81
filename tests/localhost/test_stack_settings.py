"""Who wins when a setting is given twice."""

import json
from pathlib import Path

import pytest

from localhost.stack.settings import app_settings


def test_the_stack_gives_the_settings_when_nobody_else_does(tmp_path: Path) -> None:
    settings = app_settings({"QDRANT_URL": "stack"}, {}, tmp_path)
    assert settings["QDRANT_URL"] == "stack"
    assert settings["BLOB_TRIGGER_SOURCE"] == "LogsAndContainerScan"
    assert settings["AUTH_MODE"] == "local"


def test_local_settings_win_over_the_stack_and_the_environment_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"QDRANT_URL": "file", "NEO4J_URI": "file", "OWN": "file"}
    (tmp_path / "local.settings.json").write_text(json.dumps({"Values": values}))
    monkeypatch.setenv("NEO4J_URI", "environment")
    settings = app_settings({"QDRANT_URL": "stack", "NEO4J_URI": "stack"}, {}, tmp_path)
    assert (settings["QDRANT_URL"], settings["NEO4J_URI"], settings["OWN"]) == ("file", "environment", "file")


def test_the_word_for_local_storage_means_the_stack(tmp_path: Path) -> None:
    values = {"AzureWebJobsStorage": "UseDevelopmentStorage=true"}
    (tmp_path / "local.settings.json").write_text(json.dumps({"Values": values}))
    assert app_settings({"AzureWebJobsStorage": "stack"}, {}, tmp_path)["AzureWebJobsStorage"] == "stack"


def test_settings_of_last_time_loaded_into_a_shell_are_not_a_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QDRANT_URL", "old port")
    settings = app_settings({"QDRANT_URL": "new port"}, {"QDRANT_URL": "old port"}, tmp_path)
    assert settings["QDRANT_URL"] == "new port"
