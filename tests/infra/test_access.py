"""Who may do what: every trigger's connection has its endpoints, every call of an SDK its role, and there is no key."""

from __future__ import annotations

import ast
import json
import re

from tests.infra.bicep import INFRA, ROOT
from tests.infra.deployment import app_settings, grants
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
    ("keyVault", SECRETS_USER): "the app reads the vault, and App Service references of extraSettings",
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


def test_every_connection_is_whole() -> None:
    prefixes = {name.split("__")[0] for name in app_settings() if "__" in name} - {"AzureFunctionsJobHost"}
    endpoints = {
        "AzureWebJobsStorage": {"blobServiceUri", "queueServiceUri", "tableServiceUri"},
        "ServiceBus": {"fullyQualifiedNamespace"},
    }
    assert prefixes == endpoints.keys()
    for prefix, endings in endpoints.items():
        given = {name.removeprefix(f"{prefix}__") for name in app_settings() if name.startswith(f"{prefix}__")}
        assert given == endings | IDENTITY


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
        own = queue["properties"]
        assert own["requiresDuplicateDetection"] is own["deadLetteringOnMessageExpiration"] is (target is not None)
        assert re.fullmatch(r"P\d+D", own["defaultMessageTimeToLive"])
        assert (own["maxDeliveryCount"], own["lockDuration"]) == (10, "PT5M")
    triggers = [json.loads(text) for f in indexed() for text in f.get_raw_bindings()]
    assert {b["queueName"] for b in triggers if b["type"] == "serviceBusTrigger"} <= names
