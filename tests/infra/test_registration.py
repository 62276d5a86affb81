"""The API's registration in Entra ID, made with a stand-in for `az` that keeps what it is told."""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from pathlib import Path

import pytest

from shared.domain.runs import OPERATOR, READER, RESEARCHER
from tests.infra.bicep import INFRA

AZ = """#!/bin/sh
printf '%s\\n' "$*" >>"$AZ_LOG"
case "$*" in
"ad app list"*) cat "$AZ_LOG.app" 2>/dev/null || : ;;
"ad app create"*) echo the-client-id | tee "$AZ_LOG.app" ;;
"ad app show"*) echo the-object-id ;;
"ad sp list"*) cat "$AZ_LOG.sp" 2>/dev/null || : ;;
"ad sp create"*) echo the-service-id | tee "$AZ_LOG.sp" ;;
"ad signed-in-user"*) echo the-person ;;
"rest --method get"*) cat "$AZ_LOG.roles" 2>/dev/null || : ;;
"rest --method post"*) for word; do last=$word; done; printf '%s\\n' "$last" >>"$AZ_LOG.roles" ;;
esac
"""
ROLES = json.loads((INFRA / "appRoles.json").read_text("utf-8"))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "az").write_text(AZ)
    (tmp_path / "az").chmod(0o755)
    return tmp_path / "log"


def register(log: Path, *principals: str) -> tuple[str, list[str]]:
    """What is printed, and what `az` was asked."""
    log.unlink(missing_ok=True)
    command = ["sh", str(INFRA / "registration.sh"), *principals]
    environ = {"PATH": f"{log.parent}:{os.environ['PATH']}", "AZ_LOG": str(log)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), log.read_text().splitlines()


def bodies(asked: list[str], method: str) -> list[dict[str, object]]:
    """The JSON that was sent, each over as many lines as it took."""
    calls = "\n".join(asked).split("\nrest --method ")[1:]
    sent = [call.split("--body ", 1)[1] for call in calls if call.startswith(method)]
    return [json.JSONDecoder().raw_decode(body)[0] for body in sent]


def test_the_roles_are_those_that_the_app_knows() -> None:
    assert {role["value"] for role in ROLES} == {READER, RESEARCHER, OPERATOR}
    assert len({str(uuid.UUID(role["id"])) for role in ROLES}) == 3
    # People have them, and so has the pipeline, which is an application.
    assert all(role["allowedMemberTypes"] == ["User", "Application"] and role["isEnabled"] for role in ROLES)


def test_tokens_are_of_the_version_whose_issuer_the_app_accepts(log: Path) -> None:
    printed, asked = register(log)
    assert printed == "the-client-id"
    api, let_in = (body["api"] for body in bodies(asked, "patch"))
    assert isinstance(api, dict)
    assert isinstance(let_in, dict)
    assert api["requestedAccessTokenVersion"] == 2
    issuer = json.loads((INFRA / "main.parameters.json").read_text("utf-8"))["parameters"]["authIssuer"]["value"]
    assert issuer.endswith("/v2.0")
    [scope], [az] = api["oauth2PermissionScopes"], let_in["preAuthorizedApplications"]
    assert az["delegatedPermissionIds"] == [scope["id"]]  # so that `az account get-access-token` asks nobody


def test_who_deploys_gets_the_roles_that_the_smoke_test_takes_and_twice_changes_nothing(log: Path) -> None:
    _, asked = register(log)
    granted = bodies(asked, "post")
    assert [grant["appRoleId"] for grant in granted] == [role["id"] for role in ROLES]
    assert {grant["principalId"] for grant in granted} == {"the-person"}
    printed, asked = register(log)
    assert printed == "the-client-id"
    assert not [line for line in asked if "create" in line or "--method post" in line]


def test_a_pipeline_is_given_them_by_its_object_id(log: Path) -> None:
    _, asked = register(log, "the-pipeline")
    assert {grant["principalId"] for grant in bodies(asked, "post")} == {"the-pipeline"}
    assert not [line for line in asked if "signed-in-user" in line]
