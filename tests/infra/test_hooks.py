"""The scripts of a deployment, run with a stand-in for `az` that writes down what it is asked."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.infra.bicep import INFRA, ROOT, read
from tests.infra.deployment import MAIN

HOOKS = INFRA / "hooks"
AZ = """#!/bin/sh
printf '%s\\n' "$*" >>"$AZ_LOG"
case "$*" in
*get-access-token*) echo the-token ;;
"rest --method get"*) exit "$AZ_HAS_NO_SECRET" ;;
*"blob download"*"--name current"*"--file"*)
    [ -n "${AZ_CURRENT:-}" ] || exit 3
    for word; do last=$word; done
    printf %s "$AZ_CURRENT" >"$last" ;;
*"blob download"*"--name previous"*"--file"*) for word; do last=$word; done; printf %s theogen-0.zip >"$last" ;;
*"blob download"*"--name current"*) printf %s theogen-1.zip ;;
"rest --method put"*) for word; do case $word in @*) cat "${word#@}" >>"$AZ_BODIES" ;; esac; done ;;
esac
"""
PYTHON = """#!/bin/sh
printf 'python %s (%s%s)\\n' "$*" "${PGPASSWORD:-}" "${SMOKE_TOKEN:-}" >>"$AZ_LOG"
case "$*" in *smoke.py*) [ "${SMOKE_FAILS:-}" != "$2" ] ;; esac
"""
OUTPUTS = {
    "AZURE_SUBSCRIPTION_ID": "the-subscription", "AZURE_RESOURCE_GROUP": "rg-trial", "KEY_VAULT": "kv-trial",
    "FUNCTION_APP_NAME": "func-trial", "API_URL": "https://func-trial.example/api", "BLOB_TOPIC": "topic",
    "STORAGE_ACCOUNT": "sttrial", "POSTGRES_HOST": "psql-trial.postgres.database.azure.com",
    "POSTGRES_DATABASE": "theogen", "DATABASE_OWNER": "owner@example.org", "APP_DATABASE_ROLE": "id-trial",
    "APP_IDENTITY": "id-trial", "CONTAINER_ENVIRONMENT": "cae-trial", "CONTAINERS": "", "HOSTING": "FlexConsumption",
    "PACKAGE_CONTAINER": "app-package", "BLOB_ENDPOINT": "https://sttrial.blob.example/", "AUTH_AUDIENCE": "api://theogen",
}  # fmt: skip
# What azd itself, or whoever deploys, puts into the environment.
OTHERS = {
    "AZURE_SUBSCRIPTION_ID", "AUTH_AUDIENCE", "DATABASE_OWNER_NAME", "PRIVATE_NETWORK", "QDRANT_URL", "NEO4J_URI",
    "QDRANT_API_KEY", "NEO4J_PASSWORD", "DEPLOYER_IP", "PYTHON", "PGPASSWORD", "SMOKE_TOKEN", "SECRET",
}  # fmt: skip


class Machine:
    """A PATH with stand-ins, and what they were asked."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log, self.bodies = folder, folder / "log", folder / "bodies"
        for name, script in {"az": AZ, "azd": AZ, "standin-python": PYTHON}.items():
            (folder / name).write_text(script)
            (folder / name).chmod(0o755)

    def run(self, script: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        self.log.unlink(missing_ok=True)
        known = {"PATH": f"{self.folder}:{os.environ['PATH']}", "AZ_LOG": str(self.log), "AZ_BODIES": str(self.bodies)}
        known |= {"PYTHON": str(self.folder / "standin-python"), "AZ_HAS_NO_SECRET": "0", "TMPDIR": str(self.folder)}
        command = ["sh", str(HOOKS / script), *arguments]
        return subprocess.run(command, env=known | environ, capture_output=True, text=True)

    @property
    def asked(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_azd_runs_hooks_that_are_there_and_may_be_run() -> None:
    project = yaml.safe_load((ROOT / "azure.yaml").read_text("utf-8"))
    assert project["services"] == {"app": {"project": ".", "language": "python", "host": "function"}}
    assert project["infra"] == {"provider": "bicep", "path": "infra", "module": "main"}
    assert project["hooks"].keys() == {"preprovision", "postprovision", "postdeploy"}
    for hook in project["hooks"].values():
        assert hook["shell"] == "sh"
        assert os.access(ROOT / hook["run"], os.X_OK)
    [app] = read(INFRA / "modules" / "functionApp.bicep").of_type("Microsoft.Web/sites")
    assert "'azd-service-name': 'app'" in app.body["tags"]


@pytest.mark.parametrize("path", sorted(HOOKS.glob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_posix_and_stop_at_the_first_error(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("#!/bin/sh\n")
    assert "\nset -eu\n" in text
    assert subprocess.run(["sh", "-n", str(path)], capture_output=True).returncode == 0
    if checker := shutil.which("shellcheck"):
        found = subprocess.run([checker, "-s", "sh", str(path)], capture_output=True, text=True)
        assert found.stdout == ""


@pytest.mark.parametrize("path", sorted([*HOOKS.glob("*.sh"), *HOOKS.glob("*.py")]), ids=lambda path: path.name)
def test_scripts_take_what_the_deployment_puts_out(path: Path) -> None:
    text = path.read_text("utf-8")
    taken = set(re.findall(r"\$\{?([A-Z][A-Z0-9_]+)", text)) | set(re.findall(r'"([A-Z]+_[A-Z_]+)"', text))
    own = set(re.findall(r"^\s*(?:export )?([A-Z0-9_]+)=", text, re.MULTILINE)) | {"POSTGRES_PORT", "PGSSLROOTCERT"}
    assert taken - own - OTHERS - read(MAIN).outputs.keys() == set()


def test_what_is_missing_is_named_with_what_to_do_about_it(machine: Machine) -> None:
    done = machine.run("preprovision.sh")
    assert done.returncode == 1
    for name in ("AUTH_AUDIENCE", "DATABASE_OWNER_NAME", "QDRANT_URL", "NEO4J_URI"):
        assert f"azd env set {name} " in done.stderr
    named = {"AUTH_AUDIENCE": "api://theogen", "DATABASE_OWNER_NAME": "owner@example.org"}
    assert machine.run("preprovision.sh", **named).returncode == 1
    assert machine.run("preprovision.sh", **named, PRIVATE_NETWORK="true").returncode == 0
    assert machine.run("preprovision.sh", **named, QDRANT_URL="https://q", NEO4J_URI="bolt://n").returncode == 0


def test_secrets_go_into_the_vault_and_nowhere_else(machine: Machine) -> None:
    secret = 'a "quoted\\ secret'
    done = machine.run("postprovision.sh", **OUTPUTS, QDRANT_API_KEY=secret, NEO4J_PASSWORD="another-secret")
    assert done.returncode == 0, done.stderr
    bodies = machine.bodies.read_text()
    assert [json.loads(body) for body in bodies.strip().splitlines()] == [
        {"properties": {"value": secret}},
        {"properties": {"value": "another-secret"}},
    ]
    puts = [line for line in machine.asked if line.startswith("rest --method put")]
    vault = "/subscriptions/the-subscription/resourceGroups/rg-trial/providers/Microsoft.KeyVault/vaults/kv-trial"
    assert [line.split("?")[0].split(" ")[-1] for line in puts] == [
        f"{vault}/secrets/qdrant-api-key",
        f"{vault}/secrets/neo4j-password",
    ]
    for secret_ in (secret, "another-secret"):
        assert secret_ not in done.stdout + done.stderr + "\n".join(machine.asked)
    assert [path for path in machine.folder.iterdir() if path.is_dir()] == []


def test_secrets_that_are_there_stay_as_they_are(machine: Machine) -> None:
    assert machine.run("postprovision.sh", **OUTPUTS).returncode == 0
    assert not [line for line in machine.asked if "--method put" in line]


def test_a_secret_that_nobody_has_is_asked_for(machine: Machine) -> None:
    done = machine.run("postprovision.sh", **OUTPUTS, AZ_HAS_NO_SECRET="3")
    assert done.returncode == 1
    assert "The vault has no qdrant-api-key. Run again with QDRANT_API_KEY set" in done.stderr
    assert [path for path in machine.folder.iterdir() if path.is_dir()] == []


def test_containers_of_our_own_get_secrets_of_their_own_before_they_are_made(machine: Machine) -> None:
    done = machine.run("postprovision.sh", **OUTPUTS | {"CONTAINERS": "clamd,qdrant,neo4j"}, AZ_HAS_NO_SECRET="3")
    assert done.returncode == 0, done.stderr
    secrets = [json.loads(body)["properties"]["value"] for body in machine.bodies.read_text().strip().splitlines()]
    assert len(set(secrets)) == 2
    assert all(re.fullmatch(r"[0-9a-f]{48}", secret) for secret in secrets)
    verbs = [line.split(" --")[0] for line in machine.asked]
    assert verbs.index("deployment group create") > max(
        i for i, line in enumerate(machine.asked) if "--method put" in line
    )


def given_parameters(line: str) -> set[str]:
    """Names of the parameters of an `az deployment`."""
    return set(re.findall(r"(\w+)=", line.split("--parameters ")[1]))


@pytest.mark.parametrize(
    ("script", "template"), [("postprovision.sh", "containers.bicep"), ("postdeploy.sh", "blobEvents.bicep")]
)
def test_deployments_give_what_their_template_takes(machine: Machine, script: str, template: str) -> None:
    machine.run(script, **OUTPUTS | {"CONTAINERS": "qdrant"})
    [line] = [line for line in machine.asked if line.startswith("deployment group create")]
    assert f"--template-file infra/{template} " in line
    required = {name for name, param in read(INFRA / template).params.items() if param.value is None}
    assert given_parameters(line) == required


def test_the_database_comes_last_with_the_owner_s_token(machine: Machine) -> None:
    machine.run("postprovision.sh", **OUTPUTS)
    assert machine.asked[-2].startswith("account get-access-token --resource-type oss-rdbms")
    assert machine.asked[-1] == "python -m infra.hooks.database (the-token)"


def test_the_firewall_opens_for_the_deployer_alone_and_closes_again(machine: Machine) -> None:
    machine.run("postprovision.sh", **OUTPUTS, DEPLOYER_IP="203.0.113.7")
    rules = [line for line in machine.asked if line.startswith("postgres flexible-server firewall-rule")]
    assert [line.split(" ")[3] for line in rules] == ["create", "delete"]
    assert "--start-ip-address 203.0.113.7 --end-ip-address 203.0.113.7" in rules[0]
    assert all("--name psql-trial " in line for line in rules)
    assert machine.asked[-1] == rules[1]


def test_after_a_deployment_blobs_are_told_of_and_the_app_is_asked(machine: Machine) -> None:
    done = machine.run("postdeploy.sh", **OUTPUTS)
    assert done.returncode == 0, done.stderr
    assert machine.asked[-1] == "python infra/smoke.py https://func-trial.example/api (the-token)"
    assert "account get-access-token --resource api://theogen" in machine.asked[-2]


def test_the_function_that_blobs_are_told_to_is_the_one_that_reads_them() -> None:
    from tests.support.functions import indexed

    [reader] = [f.get_function_name() for f in indexed() if f.get_trigger().type == "blobTrigger"]
    assert f"functionName={reader}" in (HOOKS / "postdeploy.sh").read_text("utf-8")


def steps(machine: Machine) -> list[str]:
    """What was done to the app, in words."""
    words = {
        "deployment source config-zip": "put",
        "appsettings set": "slot",
        "slot swap": "swap",
        "smoke.py https://func-trial.example": "ask",
        "smoke.py https://func-trial-staging": "ask slot",
        "blob upload": "keep",
    }
    return [word for line in machine.asked for part, word in words.items() if part in line]


def kept(machine: Machine) -> list[str]:
    return [line.split("--name ")[1].split(" ")[0] for line in machine.asked if "blob upload" in line]


@pytest.mark.parametrize(
    ("hosting", "done"),
    [
        ("FlexConsumption", ["keep", "put", "ask", "keep", "keep"]),
        ("ElasticPremium", ["keep", "slot", "ask slot", "swap", "ask", "keep", "keep"]),
    ],
)
def test_a_version_that_works_stays(machine: Machine, hosting: str, done: list[str]) -> None:
    ran = machine.run("rollout.sh", "x.zip", "2", **OUTPUTS | {"HOSTING": hosting}, AZ_CURRENT="theogen-1.zip")
    assert ran.returncode == 0, ran.stderr
    assert steps(machine) == done
    assert kept(machine) == ["theogen-2.zip", "previous", "current"]


@pytest.mark.parametrize(
    ("hosting", "done"),
    [
        ("FlexConsumption", ["keep", "put", "ask", "put"]),
        ("ElasticPremium", ["keep", "slot", "ask slot", "swap", "ask", "slot", "swap"]),
    ],
)
def test_a_version_that_fails_in_production_is_taken_back(machine: Machine, hosting: str, done: list[str]) -> None:
    environ = OUTPUTS | {"HOSTING": hosting, "AZ_CURRENT": "theogen-1.zip", "SMOKE_FAILS": OUTPUTS["API_URL"]}
    ran = machine.run("rollout.sh", "x.zip", "2", **environ)
    assert ran.returncode == 1
    assert steps(machine) == done
    assert "going back to theogen-1.zip" in ran.stderr
    assert "theogen-1.zip" in [line for line in machine.asked if "download" in line or "appsettings set" in line][-1]


def test_a_version_that_fails_in_the_slot_never_gets_into_production(machine: Machine) -> None:
    slot = "https://func-trial-staging.azurewebsites.net/api"
    environ = OUTPUTS | {"HOSTING": "ElasticPremium", "AZ_CURRENT": "theogen-1.zip", "SMOKE_FAILS": slot}
    assert machine.run("rollout.sh", "x.zip", "2", **environ).returncode == 1
    assert steps(machine) == ["keep", "slot", "ask slot"]


def test_the_version_before_comes_back_on_demand(machine: Machine) -> None:
    ran = machine.run("rollout.sh", "--back", **OUTPUTS, AZ_CURRENT="theogen-1.zip")
    assert ran.returncode == 0, ran.stderr
    assert steps(machine) == ["put", "ask", "keep", "keep"]
    assert ran.stdout.endswith("theogen-0.zip is in production again.\n")


def test_provisioning_again_keeps_the_package_that_premium_runs(machine: Machine) -> None:
    environ = OUTPUTS | {"HOSTING": "ElasticPremium", "DATABASE_OWNER_NAME": "x", "PRIVATE_NETWORK": "true"}
    assert machine.run("preprovision.sh", **environ).returncode == 0
    assert machine.asked[-1] == "env set PACKAGE_URL https://sttrial.blob.example/app-package/theogen-1.zip"
