"""azure.yaml, workflows and compose.yaml: well-formed, by their schemas, and about things that exist."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from localhost.stack.postgres_roles import APP, DATABASE, EXTENSIONS, OWNER
from shared.settings import Settings
from tests.infra.bicep import INFRA, ROOT, read
from tests.infra.deployment import MAIN
from tests.infra.emulator import TARGET, emulated
from tests.infra.test_app_settings import PLATFORM

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FILES = [*WORKFLOWS, ROOT / "compose.yaml", ROOT / "azure.yaml"]
EACH_WORKFLOW = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def module(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True)


def load(path: Any) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def test_yaml_is_well_formed_and_tidy() -> None:
    done = module("yamllint", "--strict", *map(str, FILES))
    assert done.stdout == ""


@EACH_WORKFLOW
def test_workflows_keep_to_their_schema(path: Any) -> None:
    done = module("check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path))
    assert done.returncode == 0, done.stdout


def test_compose_keeps_to_its_schema() -> None:
    done = module("check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(ROOT / "compose.yaml"))
    assert done.returncode == 0, done.stdout


@EACH_WORKFLOW
def test_workflows_hold_no_secret_and_ask_for_no_more_than_they_need(path: Any) -> None:
    text, workflow = path.read_text("utf-8"), load(path)
    assert "secrets." not in text
    allowed = {"contents": "read"} | ({"id-token": "write"} if path.name == "deploy.yml" else {})
    assert workflow["permissions"] == allowed
    for job in workflow["jobs"].values():
        assert "uses" in job or job["timeout-minutes"] <= 90


@EACH_WORKFLOW
def test_scripts_files_and_targets_of_workflows_exist(path: Any) -> None:
    text = path.read_text("utf-8")
    for name in re.findall(r"(?:\./)?((?:infra|\.github)/[\w./-]+\.\w+)", text):
        assert (ROOT / name).is_file(), name
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"make ([a-z-]+)", text)) <= set(targets)


def test_what_is_checked_are_the_pythons_that_the_app_supports() -> None:
    matrix = load(ROOT / ".github" / "workflows" / "check.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix == {"python": ["3.11", "3.12"]}
    assert 'requires-python = ">=3.11,<3.13"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_every_deployment_that_is_compiled_is_there() -> None:
    text = (ROOT / ".github" / "workflows" / "check.yml").read_text("utf-8")
    assert set(re.findall(r"infra/\w+\.bicep", text)) == {f"infra/{p.name}" for p in INFRA.glob("*.bicep")}


def test_a_deployment_hands_over_what_the_infrastructure_asks_for() -> None:
    deploy = load(ROOT / ".github" / "workflows" / "deploy.yml")["jobs"]["deploy"]
    asked = json.loads((INFRA / "main.parameters.json").read_text("utf-8"))["parameters"]
    names = {name for entry in asked.values() for name in re.findall(r"\$\{(\w+)(?!\w*=)", str(entry["value"]))}
    assert names - deploy["env"].keys() - {"PACKAGE_URL", "DEVELOPER_OBJECT_ID"} == set()
    assert deploy["strategy"] == {"max-parallel": 1, "matrix": {"environment": ["staging", "production"]}}
    assert read(MAIN).outputs.keys() >= {"FUNCTION_APP_NAME", "HOSTING", "PACKAGE_CONTAINER"}


# Compose

COMPOSE = load(ROOT / "compose.yaml")["services"]
OF_THE_IMAGE = {"AzureWebJobsScriptRoot", "AZURE_FUNCTIONS_ENVIRONMENT"}


def test_the_app_s_settings_in_compose_exist_and_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    environment: dict[str, str] = COMPOSE["app"]["environment"]
    for name, value in environment.items():
        assert isinstance(value, str), name
        known = name.lower() in Settings.model_fields or name in PLATFORM.keys() | OF_THE_IMAGE
        assert known or name == "ServiceBus" or name.startswith("AzureFunctionsJobHost__"), name
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert (settings.auth_mode, settings.blob_trigger_source) == ("local", "LogsAndContainerScan")


def test_hosts_that_are_named_in_compose_are_services_of_it() -> None:
    environment = COMPOSE["app"]["environment"]
    hosts = {host for value in environment.values() for host in re.findall(r"(?://|@)([a-z]\w*)(?=[:;])", value)}
    assert hosts >= {"azurite", "postgres", "qdrant", "neo4j", "servicebus"}
    assert hosts - {"theogen_app"} <= COMPOSE.keys()  # who signs in stands before the host


def test_what_compose_puts_into_the_image_is_what_ships() -> None:
    dockerfile = COMPOSE["app"]["build"]["dockerfile_inline"]
    copied = {word for line in re.findall(r"COPY (.+)", dockerfile) for word in line.split()[:-1]}
    rules = (ROOT / ".funcignore").read_text("utf-8").splitlines()
    assert copied == {rule.removeprefix("!/") for rule in rules if rule.startswith("!/") and "*" not in rule}


def test_images_have_versions() -> None:
    images = [service["image"] for service in COMPOSE.values() if "build" not in service]
    assert all(re.search(r":[\w.-]*\d", image) for image in images), images


def test_compose_has_the_postgres_that_azure_has() -> None:
    [version] = re.findall(r"version: '(\d+)'", (INFRA / "modules" / "postgres.bicep").read_text("utf-8"))
    assert COMPOSE["postgres"]["image"] == f"pgvector/pgvector:pg{version}"


def test_compose_and_containers_of_ours_have_the_same_servers() -> None:
    ours = (INFRA / "containers.bicep").read_text("utf-8")
    assert f"docker.io/{COMPOSE['qdrant']['image']}'" in ours
    assert f"docker.io/library/{COMPOSE['neo4j']['image']}'" in ours


def test_the_emulator_s_queues_are_those_of_the_one_declaration() -> None:
    assert json.loads(TARGET.read_text("utf-8")) == emulated()


def test_mounted_files_exist() -> None:
    mounts = [str(volume) for service in COMPOSE.values() for volume in service.get("volumes", [])]
    assert all((ROOT / mount.split(":")[0]).is_file() for mount in mounts if mount.startswith("./"))
    assert sum(mount.startswith("./") for mount in mounts) == 2


def test_compose_makes_the_database_as_the_embedded_stack_does() -> None:
    text = (INFRA / "compose" / "roles.sql").read_text("utf-8")
    assert tuple(re.findall(r"create extension if not exists (\w+);", text)) == EXTENSIONS
    assert f"create database {DATABASE} owner {OWNER};" in text
    roles = re.findall(r"create role (\w+) login nosuperuser nobypassrls .* password", text)
    assert roles == [OWNER, APP]
