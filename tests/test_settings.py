"""Settings: all named in the sample, all described, and bad ones stop the app with a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.parts import models, readers, stores
from shared.ports import Limits
from shared.settings import Settings, load

SAMPLE = Path(__file__).parents[1] / "local.settings.sample.json"
PLATFORM = {"FUNCTIONS_WORKER_RUNTIME", "AZURE_FUNCTIONS_DURABLE_STRICT_TYPING"}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of this machine's settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("AzureWebJobsStorage", raising=False)


def sample() -> dict[str, str]:
    values: dict[str, str] = json.loads(SAMPLE.read_text("utf-8"))["Values"]
    return values


def refusal(monkeypatch: pytest.MonkeyPatch, **environ: str) -> str:
    """The sentence with which the app stops."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    load.cache_clear()
    try:
        with pytest.raises(SystemExit) as stopped:
            load()
    finally:
        load.cache_clear()
    return str(stopped.value)


def test_the_sample_names_every_setting_and_no_other_but_the_platform_s() -> None:
    assert {name.lower() for name in sample().keys() - PLATFORM} == set(Settings.model_fields)
    assert sample().keys() >= PLATFORM


def test_the_sample_s_values_are_text_and_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in sample().items():
        assert isinstance(value, str), name
        monkeypatch.setenv(name, value)
    assert Settings().auth_mode == "local"


def test_the_sample_holds_the_defaults_where_they_are_no_address_of_this_machine() -> None:
    own = {"azurewebjobsstorage", "database_url", "qdrant_url", "neo4j_uri", "auth_mode", "blob_trigger_source"}
    for name, value in sample().items():
        if name not in PLATFORM and name.lower() not in own:
            default = Settings.model_fields[name.lower()].default
            assert str(default if default is not None else "") == value, name


def test_every_setting_is_described_in_a_sentence() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description[0].isupper() or field.description[0] == "`", name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_POOL_SIZE", "0"),
        ("DB_POOL_SIZE", "many"),
        ("DB_POOL_SIZE", ""),
        ("DB_MAX_OVERFLOW", "-1"),
        ("DB_POOL_TIMEOUT", "0"),
        ("MAX_UPLOAD_MB", "96"),
        ("PAGES_PER_ACTIVITY", "1.5"),
        ("CODING_FRAGMENT_CONCURRENCY", "0"),
        ("THEORY_TASK_LOCK_TTL_SECONDS", "29"),
        ("BLOB_TRIGGER_SOURCE", "polling"),
        ("AUTH_MODE", "none"),
        ("STAGE_RETRY_DELAYS", "60;300"),
        ("STAGE_RETRY_DELAYS", "60,,300"),
        ("STAGE_RETRY_DELAYS", "60,-1"),
        ("STAGE_RETRY_DELAYS", "60,²"),
        ("STAGE_RETRY_DELAYS", ""),
    ],
)
def test_a_bad_value_stops_the_app_with_a_sentence_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert refusal(monkeypatch, **{name: value}).startswith(f"Setting {name}: ")


def test_every_bad_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = refusal(monkeypatch, DB_POOL_SIZE="x", MAX_PAGES="y").splitlines()
    assert [line.split(":")[0] for line in lines] == ["Setting DB_POOL_SIZE", "Setting MAX_PAGES"]


def test_a_refusal_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = refusal(monkeypatch, OPENAI_API_KEY="very-secret", DB_POOL_SIZE="x")
    assert "very-secret" not in sentence


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_retry_delays_are_numbers_between_commas(delays: list[int]) -> None:
    assert Settings(stage_retry_delays=" , ".join(map(str, delays))).retry_delays == delays


@given(st.text(alphabet="0123456789,. -²٣", max_size=12))
def test_retry_delays_are_either_understood_or_refused(text: str) -> None:
    try:
        settings = Settings(stage_retry_delays=text)
    except ValueError:
        return
    assert all(delay >= 0 for delay in settings.retry_delays)


def test_a_setting_is_found_whatever_the_case_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AzureWebJobsStorage", "UseDevelopmentStorage=true")
    assert Settings().azurewebjobsstorage == "UseDevelopmentStorage=true"


def test_the_steps_limits_are_the_settings_and_agree_with_their_defaults() -> None:
    assert stores.limits(Settings()) == Limits(scan_all=True)
    chosen = Settings(
        pages_per_activity=1, coding_fragment_concurrency=2, theory_interview_concurrency=3,
        theory_task_lock_ttl_seconds=40, theory_status_poll_hint_seconds=5, stage_retry_delays="6,7",
        max_members=8, max_depth=9, auth_mode="local",
    )  # fmt: skip
    assert stores.limits(chosen) == Limits(1, 2, 3, 40, 5, (6, 7), max_members=8, max_depth=9)


@pytest.mark.parametrize(
    ("auth_mode", "policy", "refuses"),
    [("local", "", False), ("azure", "", True), ("local", "refuse", True), ("azure", "mark", False)],
)
def test_files_that_were_not_scanned_are_refused_unless_it_is_one_s_own_machine(
    auth_mode: Any, policy: Any, refuses: bool
) -> None:
    assert Settings(auth_mode=auth_mode, antivirus_policy=policy).scan_all is refuses


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:3310", "tcp://scanner", "unix:///run/clamav/clamd.ctl"])
def test_a_scanner_is_found_by_its_address(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("CLAMD_URL", url)
    assert readers.scanner(Settings()) is not None
    monkeypatch.setenv("CLAMD_URL", "")
    assert readers.scanner(Settings()) is None


@pytest.mark.parametrize("url", ["clamd", "http://scanner", "unix://run/clamd.ctl", "tcp://"])
def test_what_is_no_address_of_a_scanner_stops_the_app(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert "CLAMD_URL" in refusal(monkeypatch, CLAMD_URL=url)


def test_a_model_endpoint_without_a_model_stops_the_app() -> None:
    with pytest.raises(SystemExit, match="MODEL_DEPLOYMENT"):
        models.analyst(Settings(openai_base_url="http://localhost:1/v1"), "", object(), object())  # type: ignore[arg-type]
