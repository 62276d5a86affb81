"""Who may do what: every trigger's connection has its endpoints, every call of an SDK its role, and there is no key."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from tests.infra.bicep import FILES, INFRA, ROOT, read
from tests.infra.deployment import MAIN, app_settings, everywhere, grants, only
from tests.support.functions import indexed

BLOB_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
QUEUE_CONTRIBUTOR = "974c5e8b-45b9-4653-ba55-5f855dd0fb88"
TABLE_CONTRIBUTOR = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"
BUS_RECEIVER = "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"
BUS_SENDER = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
OPENAI_USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"
COGNITIVE_USER = "a97b65f3-24c7-4388-baec-2e87135dc908"
DURABLE_CONTRIBUTOR = "0ad04412-c4d5-4796-b79c-f76d14c8d402"
METRICS_PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb"

# What each kind of trigger, and the durable client, asks of its connection: settings behind `__`, roles by resource.
CONNECTION = {
    "blobTrigger": ({"blobServiceUri", "queueServiceUri"}, {("storage", BLOB_OWNER), ("storage", QUEUE_CONTRIBUTOR)}),
    "serviceBusTrigger": ({"fullyQualifiedNamespace"}, {("serviceBus", BUS_RECEIVER)}),
    "timerTrigger": ({"blobServiceUri"}, {("storage", BLOB_OWNER)}),
    "durableClient": (
        {"blobServiceUri", "queueServiceUri", "tableServiceUri"},  # where histories are, without a scheduler
        {
            ("storage", BLOB_OWNER),
            ("storage", QUEUE_CONTRIBUTOR),
            ("storage", TABLE_CONTRIBUTOR),
            ("scheduler", DURABLE_CONTRIBUTOR),
        },
    ),
}
IDENTITY = {"credential", "clientId"}

# What the app itself calls, by the class of the SDK that it imports.
SDK = {
    "azure.storage.blob.aio.BlobServiceClient": ("storage", BLOB_OWNER),
    "azure.servicebus.aio.ServiceBusClient": ("serviceBus", BUS_SENDER),
    "azure.ai.documentintelligence.aio.DocumentIntelligenceClient": ("documentIntelligence", COGNITIVE_USER),
    "openai.AsyncAzureOpenAI": ("openAi", OPENAI_USER),
    "azure.keyvault.secrets.aio.SecretClient": ("keyVault", SECRETS_USER),
    "azure.monitor.opentelemetry.exporter.AzureMonitorTraceExporter": ("insights", METRICS_PUBLISHER),
}
# Roles that nothing in the code calls for, and why they are granted all the same.
OF_THE_PLATFORM = {
    ("keyVault", SECRETS_USER): "App Service resolves references in app settings",
    ("insights", METRICS_PUBLISHER): "the host writes telemetry",
    ("serviceBus", BUS_RECEIVER): "triggers receive",
    ("serviceBus", BUS_SENDER): "requests are queued and buried",
    ("documentIntelligence", COGNITIVE_USER): "granted where Document Intelligence is wanted",
}


def granted() -> set[tuple[str, str]]:
    return {(resource, grant["role"]) for resource, table in grants().items() for grant in table}


def connections() -> set[tuple[str, str]]:
    """Kind of trigger and name of its connection, as the programming model has them."""
    found = set()
    for function in indexed():
        for text in function.get_raw_bindings():
            binding = json.loads(text)
            if binding["type"] in CONNECTION:
                found.add((binding["type"], binding.get("connection") or "AzureWebJobsStorage"))
            elif binding["type"] not in WITHOUT_CONNECTION:
                raise AssertionError(f"{binding['type']}: say what its connection needs")
    return found


WITHOUT_CONNECTION = {"httpTrigger", "http", "activityTrigger", "orchestrationTrigger", "warmupTrigger"}


def test_every_trigger_has_a_connection_that_is_set_up_for_identity() -> None:
    assert {kind for kind, _ in connections()} >= {"blobTrigger", "timerTrigger", "durableClient"}
    for kind, connection in connections():
        endings, roles = CONNECTION[kind]
        needed = {f"{connection}__{ending}" for ending in endings | IDENTITY}
        assert needed <= app_settings().keys(), f"{kind} {connection}"
        assert roles <= granted(), kind


def imports() -> set[str]:
    """What the app imports of the SDKs in question, in full."""
    found = set()
    for folder in ("functions", "shared"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module:
                    found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_sdk_that_is_used_has_its_role() -> None:
    used = {SDK[name] for name in imports() & SDK.keys()}
    assert ("storage", BLOB_OWNER) in used
    assert used <= granted()


def test_no_client_of_azure_is_used_whose_role_nobody_has_thought_of() -> None:
    clients = {name for name in imports() if name.startswith("azure.") and name.endswith("Client")}
    assert {
        name for name in clients if name not in SDK and "azure.durable_functions" not in name
    } - KNOWN_HELPERS == set()


KNOWN_HELPERS = {
    # Clients of a part of an account whose BlobServiceClient has the role already.
    "azure.storage.blob.aio.BlobClient",
    "azure.storage.blob.aio.ContainerClient",
}


def test_no_role_is_granted_without_need() -> None:
    needed = {SDK[name] for name in imports() & SDK.keys()} | OF_THE_PLATFORM.keys()
    needed |= {role for kind, _ in connections() for role in CONNECTION[kind][1]}
    assert granted() - needed == set()


def test_every_grant_says_why() -> None:
    assert all(grant["reason"].endswith(".") for table in grants().values() for grant in table)


def test_every_resource_of_the_table_is_granted() -> None:
    text = (INFRA / "modules" / "roles.bicep").read_text("utf-8")
    assert all(f"map(grants.{resource}," in text for resource in grants())
    assert text.count("resource ") - text.count(" existing") >= len(grants())


def test_the_queues_are_those_of_the_one_declaration() -> None:
    bus = (INFRA / "modules" / "serviceBus.bicep").read_text("utf-8")
    assert "loadJsonContent('../queues.json').queues" in bus
    declared = json.loads((INFRA / "queues.json").read_text("utf-8"))["queues"]
    names = {queue["name"] for queue in declared}
    assert names == {"document-imports", "theory-requests", "answer-requests", "dead-letters"}
    for queue in declared:
        target = queue["properties"].get("forwardDeadLetteredMessagesTo")
        assert target in {"dead-letters", None}
        assert (target is None) == (queue["name"] == "dead-letters")
    triggers = [json.loads(text) for f in indexed() for text in f.get_raw_bindings()]
    assert {b["queueName"] for b in triggers if b["type"] == "serviceBusTrigger"} <= names


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
    assert "minTlsVersion: '1.2'" in site
    assert "ftpsState: 'Disabled'" in site
    database = (INFRA / "modules" / "postgres.bicep").read_text("utf-8")
    assert "name: 'ssl_min_protocol_version'" in database
    assert "value: 'TLSv1.2'" in database


def test_what_is_deleted_can_be_restored() -> None:
    vault = only("Microsoft.KeyVault/vaults")
    assert vault["enableSoftDelete"] is True
    assert vault["enablePurgeProtection"] is True
    blobs = only("Microsoft.Storage/storageAccounts/blobServices")
    assert blobs["deleteRetentionPolicy"]["enabled"] is True
    assert blobs["containerDeleteRetentionPolicy"]["enabled"] is True
    assert blobs["isVersioningEnabled"] is True


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


def test_names_come_from_the_subscription_and_the_environment_alone() -> None:
    for path in FILES:
        text = Path(path).read_text("utf-8")
        assert "newGuid(" not in text
        assert "utcNow(" not in text
