"""Roll-outs: blue-green on Elastic Premium, in place on Flex Consumption, and the way back."""

from __future__ import annotations

import pytest

from tests.infra.machine import OUTPUTS, Machine


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
        ("FlexConsumption", ["keep", "put", "ask", "ask", "keep", "keep"]),
        ("ElasticPremium", ["keep", "slot", "ask slot", "swap", "ask", "ask", "keep", "keep"]),
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
    assert steps(machine) == ["put", "ask", "ask", "keep", "keep"]
    assert ran.stdout.endswith("theogen-0.zip is in production again.\n")
