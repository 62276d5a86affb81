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
from tests.infra.machine import AUDIENCE, HOOKS, NAMED, OTHERS, OUTPUTS, Machine


def test_azd_runs_hooks_that_are_there_and_may_be_run() -> None:
    project = yaml.safe_load((ROOT / "azure.yaml").read_text("utf-8"))
    assert project["services"] == {"app": {"project": ".", "language": "python", "host": "function"}}
    assert project["infra"] == {"provider": "bicep", "path": "infra", "module": "main"}
    assert project["hooks"].keys() == {"preprovision", "postprovision", "postdeploy"}
    for name, hook in project["hooks"].items():
        assert hook["run"] == f"./infra/hooks/{name}.sh"
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
    for name in ("AZURE_LOCATION", "AUTH_AUDIENCE", "DATABASE_OWNER_NAME", "QDRANT_URL", "NEO4J_URI", "DEPLOYER_IP"):
        assert f"azd env set {name} " in done.stderr
    assert machine.run("preprovision.sh", **NAMED).returncode == 1
    assert machine.run("preprovision.sh", **NAMED, PRIVATE_NETWORK="true").returncode == 0
    servers = {"QDRANT_URL": "https://q", "NEO4J_URI": "bolt://n"}
    assert machine.run("preprovision.sh", **NAMED, **servers, GITHUB_ACTIONS="true").returncode == 0
    assert machine.run("preprovision.sh", **NAMED, **servers).returncode == 1
    assert machine.run("preprovision.sh", **NAMED, **servers, DEPLOYER_IP="203.0.113.7").returncode == 0


def test_an_audience_that_tokens_of_version_2_never_name_is_refused(machine: Machine) -> None:
    done = machine.run("preprovision.sh", **NAMED | {"AUTH_AUDIENCE": "api://theogen"}, PRIVATE_NETWORK="true")
    assert done.returncode == 1
    assert "client id" in done.stderr


def test_az_and_azd_work_on_the_same_subscription(machine: Machine) -> None:
    given = NAMED | {"PRIVATE_NETWORK": "true", "AZURE_SUBSCRIPTION_ID": "the-subscription"}
    assert machine.run("preprovision.sh", **given).returncode == 0
    done = machine.run("preprovision.sh", **given, AZ_SUBSCRIPTION="another")
    assert done.returncode == 1
    assert "az account set --subscription the-subscription" in done.stderr


def environment_set(machine: Machine) -> dict[str, str]:
    """What azd was told to keep."""
    return dict(line.split(" ")[2:4] for line in machine.asked if line.startswith("env set "))


def test_what_was_deleted_under_the_same_name_comes_back_and_nothing_else_does(machine: Machine) -> None:
    given = NAMED | {"PRIVATE_NETWORK": "true"}
    assert machine.run("preprovision.sh", **given, AZ_DELETED_VAULT="kv-1", AZ_DELETED_MODELS="oai-1").returncode == 0
    assert environment_set(machine) == {"RECOVER_VAULT": "true", "RESTORE_MODELS": "true"}
    assert all("azd-env-name" in line and "=='trial'" in line for line in machine.asked if "list-deleted" in line)
    assert machine.run("preprovision.sh", **given).returncode == 0
    assert environment_set(machine) == {"RECOVER_VAULT": "false", "RESTORE_MODELS": "false"}
    params = json.loads((INFRA / "main.parameters.json").read_text("utf-8"))["parameters"]
    assert params["recoverVault"] == {"value": "${RECOVER_VAULT=false}"}
    assert params["restoreModels"] == {"value": "${RESTORE_MODELS=false}"}


def test_a_private_network_s_provider_is_registered_first(machine: Machine) -> None:
    machine.run("preprovision.sh", **NAMED, PRIVATE_NETWORK="true")
    assert machine.asked[0] == "provider register --namespace Microsoft.App --wait --output none"


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
    assert f"account get-access-token --resource {AUDIENCE} " in machine.asked[-2]
    # It has to be alive before Event Grid asks it whether it wants the events.
    assert machine.asked[0].startswith("python infra/smoke.py https://func-trial.example/api --only health")
    assert machine.asked[1].startswith("deployment group create")


def test_an_app_that_does_not_answer_is_not_subscribed(machine: Machine) -> None:
    assert machine.run("postdeploy.sh", **OUTPUTS, SMOKE_FAILS=OUTPUTS["API_URL"]).returncode == 1
    assert len(machine.asked) == 1


def test_event_grid_is_asked_again_where_the_app_was_not_there_yet(machine: Machine) -> None:
    assert machine.run("postdeploy.sh", **OUTPUTS, AZ_TRIES="xx").returncode == 0
    assert sum(line.startswith("deployment group create") for line in machine.asked) == 3
    done = machine.run("postdeploy.sh", **OUTPUTS, AZ_TRIES="never")
    assert done.returncode == 1
    assert "not told of new blobs" in done.stderr
    assert sum(line.startswith("deployment group create") for line in machine.asked) == 3


def test_the_function_that_blobs_are_told_to_is_the_one_that_reads_them() -> None:
    from tests.support.functions import indexed

    [reader] = [f.get_function_name() for f in indexed() if f.get_trigger().type == "blobTrigger"]
    assert f"functionName={reader}" in (HOOKS / "postdeploy.sh").read_text("utf-8")


def test_provisioning_again_keeps_the_package_that_premium_runs(machine: Machine) -> None:
    environ = OUTPUTS | NAMED | {"HOSTING": "ElasticPremium", "PRIVATE_NETWORK": "true"}
    assert machine.run("preprovision.sh", **environ).returncode == 0
    assert machine.asked[-1] == "env set PACKAGE_URL https://sttrial.blob.example/app-package/theogen-1.zip"


def test_before_the_first_package_there_is_none_to_keep(machine: Machine) -> None:
    environ = OUTPUTS | NAMED | {"HOSTING": "ElasticPremium", "PRIVATE_NETWORK": "true"}
    assert machine.run("preprovision.sh", **environ, AZ_PACKAGE="false").returncode == 0
    assert "PACKAGE_URL" not in environment_set(machine)


def test_who_may_not_look_for_the_package_does_not_take_it_away(machine: Machine) -> None:
    environ = OUTPUTS | NAMED | {"HOSTING": "ElasticPremium", "PRIVATE_NETWORK": "true"}
    assert machine.run("preprovision.sh", **environ, AZ_DENIES="1").returncode == 1
