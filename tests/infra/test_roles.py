"""Each row of the table of roles is granted: to whom, on which resource, by which name."""

from __future__ import annotations

import pytest

from tests.infra.bicep import INFRA, Resource, object_in, properties, read, text, value
from tests.infra.deployment import MAIN, ROLES, grants

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
# Where the rows of the table are granted: the resource's symbol, its type, and what main.bicep names it by.
PLACES = {
    "storage": ("storage", "Microsoft.Storage/storageAccounts", "storage.outputs.name"),
    "serviceBus": ("serviceBus", "Microsoft.ServiceBus/namespaces", "serviceBus.outputs.name"),
    "keyVault": ("keyVault", "Microsoft.KeyVault/vaults", "keyVault.outputs.name"),
    "openAi": ("openAi", "Microsoft.CognitiveServices/accounts", "models.outputs.openAiName"),
    "documentIntelligence": (
        "documentIntelligence",
        "Microsoft.CognitiveServices/accounts",
        "documentIntelligence ? 'di-${token}' : ''",
    ),
    "scheduler": ("scheduler", "Microsoft.DurableTask/schedulers", "scheduled ? scheduler!.outputs.name : ''"),
    "insights": ("insights", "Microsoft.Insights/components", "monitoring.outputs.insightsName"),
}
# Grants to others than the app and a developer: variable, resource, who gets it, of which kind.
SINGLE = {
    "lostEvents": ("storage", "topicPrincipalId", "ServicePrincipal"),
    "packages": ("packagesOf", "deployerId", "deployerType"),
}

FILE = read(ROLES)
MADE = [resource for resource in FILE.of_type(ASSIGNMENT) if not resource.existing]


def looped(resource: Resource) -> str:
    """What an assignment is made for each of; nothing where it is one."""
    loops = [node for node in resource.node.named_children if node.type == "for_statement"]
    return text(loops[0].named_children[1]) if loops else ""


def expected(scope: str, who: str, kind: str, row: str) -> dict[str, object]:
    """The whole body of an assignment. Its name is the same for the same grant, and another for every other."""
    definition = f"subscriptionResourceId('Microsoft.Authorization/roleDefinitions', {row}.role)"
    return {
        "name": f"guid({scope}.id, {who}, {row}.role)",
        "scope": scope,
        "properties": {
            "roleDefinitionId": definition, "principalId": who, "principalType": kind, "description": f"{row}.reason",
        },
    }  # fmt: skip


def test_the_table_of_places_is_whole() -> None:
    assert PLACES.keys() == grants().keys()
    assert len(MADE) == len(PLACES) + len(SINGLE)


@pytest.mark.parametrize("row", PLACES)
def test_every_row_is_granted_on_its_resource_to_the_app_and_a_developer(row: str) -> None:
    symbol, type_, named = PLACES[row]
    every = f"flatten(map(principals, who => map(grants.{row}, grant => union(grant, who))))"
    [name] = [n for n, v in FILE.variables.items() if v.value is not None and text(v.value) == every]
    [made] = [resource for resource in MADE if looped(resource) == name]
    assert made.body == expected(symbol, "grant.id", "grant.type", "grant")
    assert (FILE.resources[symbol].existing, FILE.resources[symbol].type) == (True, type_)
    handed = read(MAIN).modules["roles"].given
    assert text(handed[f"{symbol}Name"]) in {named, named.replace("!", "")}
    assert f"{symbol}Name" in text(properties(object_in(FILE.resources[symbol].node))["name"])


@pytest.mark.parametrize("row", SINGLE)
def test_others_get_what_they_need_and_no_more(row: str) -> None:
    scope, who, kind = SINGLE[row]
    [made] = [resource for resource in MADE if not looped(resource) and f"{row}.role" in text(resource.node)]
    assert made.body == expected(scope, who, kind, row)


def test_the_principals_are_the_app_s_identity_and_whoever_is_named_as_a_developer() -> None:
    assert FILE.variables["principals"].value is not None
    assert " ".join(text(FILE.variables["principals"].value).split()) == (
        "concat( [{ id: principalId, type: 'ServicePrincipal' }], "
        "empty(developerObjectId) ? [] : [{ id: developerObjectId, type: 'User' }] )"
    )
    handed = {name: text(node) for name, node in read(MAIN).modules["roles"].given.items()}
    assert {name: handed[name] for name in handed if "Name" not in name} == {
        "principalId": "identity.outputs.principalId", "topicPrincipalId": "storage.outputs.topicPrincipalId",
        "deployerId": "databaseOwnerId", "deployerType": "databaseOwnerType", "packageContainer": "packageContainer",
        "developerObjectId": "developerObjectId",
    }  # fmt: skip


def test_whoever_deploys_may_write_packages_and_nothing_else_of_the_data() -> None:
    place = FILE.resources["packagesOf"]
    assert place.type == "Microsoft.Storage/storageAccounts/blobServices/containers"
    assert value(properties(object_in(place.node))["name"]) == "${storageName}/default/${packageContainer}"
    assert ASSIGNMENT not in "".join(p.read_text("utf-8") for p in INFRA.rglob("*.bicep") if p != ROLES)
