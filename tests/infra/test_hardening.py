"""Keys off, TLS on, nothing public, what is deleted restorable, and names that stay the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.infra.bicep import FILES, INFRA, ROOT, read
from tests.infra.deployment import MAIN, everywhere, only

KEYS_OFF = {
    "Microsoft.Storage/storageAccounts": ("allowSharedKeyAccess", False),
    "Microsoft.ServiceBus/namespaces": ("disableLocalAuth", True),
    "Microsoft.CognitiveServices/accounts": ("disableLocalAuth", True),
    "Microsoft.Insights/components": ("DisableLocalAuth", True),
    "Microsoft.KeyVault/vaults": ("enableRbacAuthorization", True),
}


@pytest.mark.parametrize("type_", KEYS_OFF)
def test_keys_are_off(type_: str) -> None:
    name, value = KEYS_OFF[type_]
    assert everywhere(type_)
    assert all(resource.body["properties"][name] is value for resource in everywhere(type_))


def test_the_database_knows_no_password() -> None:
    access = only("Microsoft.DBforPostgreSQL/flexibleServers")["authConfig"]
    assert (access["activeDirectoryAuth"], access["passwordAuth"]) == ("Enabled", "Disabled")
    text = (INFRA / "modules" / "postgres.bicep").read_text("utf-8")
    assert "administratorLogin" not in text


def test_nothing_is_published_by_user_name_and_password() -> None:
    policies = [
        resource
        for path in FILES
        for resource in read(path).resources.values()
        if resource.type.endswith("/basicPublishingCredentialsPolicies")
    ]
    assert len(policies) == 4
    assert all(policy.body["properties"] == {"allow": False} for policy in policies)


def test_tls_is_new_enough_and_nothing_is_plain() -> None:
    for account in everywhere("Microsoft.Storage/storageAccounts"):
        assert account.body["properties"]["minimumTlsVersion"] == "TLS1_2"
        assert account.body["properties"]["allowBlobPublicAccess"] is False
        # NFS has no HTTPS; that account answers in the network only.
        own = account.body["properties"]
        assert own["supportsHttpsTrafficOnly"] or own["publicNetworkAccess"] == "Disabled"
    assert only("Microsoft.ServiceBus/namespaces")["minimumTlsVersion"] == "1.2"
    sites = [*everywhere("Microsoft.Web/sites"), *everywhere("Microsoft.Web/sites/slots")]
    assert len(sites) == 2
    assert all(site.body["properties"]["httpsOnly"] is True for site in sites)
    site = (INFRA / "modules" / "functionApp.bicep").read_text("utf-8")
    assert "  minTlsVersion: '1.2'" in site
    assert "  scmMinTlsVersion: '1.2'" in site
    assert "ftpsState: 'Disabled'" in site
    database = (INFRA / "modules" / "postgres.bicep").read_text("utf-8")
    assert "name: 'ssl_min_protocol_version'" in database
    assert "value: 'TLSv1.2'" in database


ANSWERS = "publicNetworkAccess ? 'Enabled' : 'Disabled'"
CLOSED = {"defaultAction": "publicNetworkAccess ? 'Allow' : 'Deny'"}
# Each resource that may answer on the internet: where it says so, and what it does with those who come all the same.
OPEN_OR_CLOSED = {
    "Microsoft.Storage/storageAccounts": (ANSWERS, {"bypass": "AzureServices", **CLOSED}),
    "Microsoft.KeyVault/vaults": (ANSWERS, {"bypass": "AzureServices", **CLOSED}),
    "Microsoft.CognitiveServices/accounts": (ANSWERS, CLOSED),
    "Microsoft.ServiceBus/namespaces": (ANSWERS, None),
    "Microsoft.DurableTask/schedulers": (ANSWERS, None),
}


@pytest.mark.parametrize("type_", OPEN_OR_CLOSED)
def test_what_is_private_answers_nobody_outside(type_: str) -> None:
    answers, rules = OPEN_OR_CLOSED[type_]
    for resource in everywhere(type_):
        own = resource.body["properties"]
        if type_ == "Microsoft.Storage/storageAccounts" and resource.body["kind"] == "FileStorage":
            assert own["publicNetworkAccess"] == "Disabled"
        else:
            assert (own["publicNetworkAccess"], own.get("networkAcls")) == (answers, rules)


def test_the_database_lets_in_azure_s_services_where_it_is_public_and_nobody_else() -> None:
    assert only("Microsoft.DBforPostgreSQL/flexibleServers")["network"] == {"publicNetworkAccess": ANSWERS}
    [rule] = everywhere("Microsoft.DBforPostgreSQL/flexibleServers/firewallRules")
    assert rule.body["properties"] == {"startIpAddress": "0.0.0.0", "endIpAddress": "0.0.0.0"}
    assert [child.type for child in rule.node.named_children].count("if_statement") == 1


def test_the_database_is_changed_in_one_step_after_another() -> None:
    children = [r for r in read(INFRA / "modules" / "postgres.bicep").resources.values() if "::" in r.name]
    waits = {r.name.split("::")[1]: r.body.get("dependsOn", []) for r in children}
    assert waits == {
        "database": [], "extensions": ["database"], "tls": ["extensions"], "administrator": ["tls"],
        "azureServices": ["administrator"],
    }  # fmt: skip


def test_a_queue_is_made_after_the_one_that_it_forwards_to() -> None:
    source = read(INFRA / "modules" / "serviceBus.bicep").resources["source"]
    assert source.body["dependsOn"] == ["target"]


def test_both_sites_read_the_vault_as_the_app_s_identity() -> None:
    for site in [*everywhere("Microsoft.Web/sites"), *everywhere("Microsoft.Web/sites/slots")]:
        assert site.body["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {"${identityId}": {}}}
        assert site.body["properties"]["keyVaultReferenceIdentity"] == "identityId"
        assert site.body["properties"]["siteConfig"] == "siteConfig"


def test_what_is_deleted_can_be_restored() -> None:
    vault = only("Microsoft.KeyVault/vaults")
    assert vault["enableSoftDelete"] is True
    assert vault["enablePurgeProtection"] is True
    blobs = only("Microsoft.Storage/storageAccounts/blobServices")
    assert blobs["deleteRetentionPolicy"]["enabled"] is True
    assert blobs["containerDeleteRetentionPolicy"]["enabled"] is True
    assert blobs["isVersioningEnabled"] is True
    days = read(MAIN).modules["storage"].given["softDeleteDays"]
    assert int((days.text or b"0").decode()) >= 7
    assert vault["createMode"] == "recover ? 'recover' : 'default'"
    assert {
        account.body["properties"]["restore"] for account in everywhere("Microsoft.CognitiveServices/accounts")
    } == {"restore"}


def test_the_database_allows_the_extensions_that_migrations_create() -> None:
    created = {
        word.strip("\";'").upper()
        for path in (ROOT / "shared" / "migrations").rglob("*.sql")
        for line in path.read_text("utf-8").lower().splitlines()
        if line.startswith("create extension")
        for word in [line.removeprefix("create extension").replace("if not exists", "").split()[0]]
    }
    text = (INFRA / "modules" / "postgres.bicep").read_text("utf-8")
    allowed = set(text.split("name: 'azure.extensions'")[1].split("value: '")[1].split("'")[0].split(","))
    assert created <= allowed


def test_in_a_private_network_every_resource_that_the_app_talks_to_has_its_endpoint_and_zone() -> None:
    main, network = MAIN.read_text("utf-8"), read(INFRA / "modules" / "network.bicep").variables["zones"].value
    assert network is not None
    zones = {text.split(":")[0].strip() for text in (network.text or b"").decode().splitlines() if ":" in text}
    used = {part.split(" ")[0].split("\n")[0] for part in main.split("outputs.zoneNames.")[1:]}
    assert zones == used
    closed = [path.name for path in FILES if "param publicNetworkAccess bool" in path.read_text("utf-8")]
    assert sorted(closed) == [
        "keyVault.bicep", "models.bicep", "postgres.bicep", "scheduler.bicep", "serviceBus.bicep", "storage.bicep",
    ]  # fmt: skip
    assert main.count("publicNetworkAccess: public\n") == len(closed)
    groups = dict(re.findall(r"group: '(\w+)'\s+zoneName: network!\.outputs\.zoneNames\.(\w+)", main))
    groups |= dict(re.findall(r"group: '(\w+)', zoneName: network!\.outputs\.zoneNames\.(\w+)", main))
    assert groups.keys() == {  # as Azure calls the parts of each resource
        "blob", "queue", "table", "file", "namespace", "vault", "account", "postgresqlServer", "scheduler",
    }  # fmt: skip


def test_names_come_from_the_subscription_and_the_environment_alone() -> None:
    for path in FILES:
        text = Path(path).read_text("utf-8")
        assert "newGuid(" not in text
        assert "utcNow(" not in text
