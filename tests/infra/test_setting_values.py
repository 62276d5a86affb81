"""Where the values of app settings come from, what they have to fit, and what Flex Consumption takes."""

from __future__ import annotations

import re

from tests.infra.bicep import INFRA, read, value
from tests.infra.deployment import APP, MAIN, app_settings, literals, settings_of

# Where values come from that a compiler takes from anywhere: a wrong output is a string, too.
COMES_FROM = {
    "AzureWebJobsStorage__credential": "managedidentity",
    "AzureWebJobsStorage__clientId": "identity.outputs.clientId",
    "AzureWebJobsStorage__blobServiceUri": "storage.outputs.blobEndpoint",
    "AzureWebJobsStorage__queueServiceUri": "storage.outputs.queueEndpoint",
    "AzureWebJobsStorage__tableServiceUri": "storage.outputs.tableEndpoint",
    "ServiceBus__credential": "managedidentity",
    "ServiceBus__clientId": "identity.outputs.clientId",
    "ServiceBus__fullyQualifiedNamespace": "serviceBus.outputs.fullyQualifiedNamespace",
    "APPLICATIONINSIGHTS_CONNECTION_STRING": "monitoring.outputs.connectionString",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "ClientId=${identity.outputs.clientId};Authorization=AAD",
    "AZURE_CLIENT_ID": "identity.outputs.clientId",
    "AZURE_OPENAI_ENDPOINT": "models.outputs.openAiEndpoint",
    "DOCUMENT_INTELLIGENCE_ENDPOINT": "models.outputs.documentIntelligenceEndpoint",
    "DURABLE_TASK_SCHEDULER_CONNECTION_STRING": "Endpoint=${scheduler!.outputs.endpoint};"
    "Authentication=ManagedIdentity;ClientID=${identity.outputs.clientId}",
    "KEY_VAULT_URL": "keyVault.outputs.uri",
    "MODEL_REGION": "location",
    "AUTH_ISSUER": "authIssuer",
    "AUTH_AUDIENCE": "authAudience",
}
# What the outputs that settings are made of are in their modules.
OUTPUTS_OF = {
    "identity": {"clientId": "identity.properties.clientId", "principalId": "identity.properties.principalId"},
    "keyVault": {"uri": "vault.properties.vaultUri"},
    "models": {
        "openAiEndpoint": "openAi.properties.endpoint",
        "documentIntelligenceEndpoint": "withDocumentIntelligence ? documentIntelligence!.properties.endpoint : ''",
    },
    "monitoring": {"connectionString": "insights.properties.ConnectionString", "insightsId": "insights.id"},
    "postgres": {"host": "server.properties.fullyQualifiedDomainName"},
    "scheduler": {"endpoint": "scheduler.properties.endpoint"},
    "serviceBus": {"fullyQualifiedNamespace": "${namespace.name}.servicebus.windows.net"},
    "storage": {
        "blobEndpoint": "account.properties.primaryEndpoints.blob",
        "queueEndpoint": "account.properties.primaryEndpoints.queue",
        "tableEndpoint": "account.properties.primaryEndpoints.table",
        "topicPrincipalId": "topic.identity.principalId",
    },
}


def test_addresses_and_identities_come_from_where_they_are_known() -> None:
    assert {name: app_settings()[name] for name in COMES_FROM} == COMES_FROM
    for module, outputs in OUTPUTS_OF.items():
        declared = read(INFRA / "modules" / f"{module}.bicep").outputs
        found = {name: value(node) for name in outputs if (node := declared[name].value) is not None}
        assert found == outputs, module


def test_vectors_are_as_long_as_the_model_makes_them() -> None:
    lengths = {"text-embedding-3-large": "3072", "text-embedding-3-small": "1536"}
    node = read(MAIN).params["modelDeployments"].value
    assert node is not None
    assert lengths[value(node)[2]["model"]] == app_settings()["EMBEDDING_DIMENSIONS"]


def test_without_language_models_nothing_of_them_is_made_or_set() -> None:
    source = MAIN.read_text("utf-8")
    [block] = re.findall(r"  languageModels\n    \? \{\n(.*?)\n      \}\n    : \{\},", source, re.DOTALL)
    only_with = set(re.findall(r"^ +(\w+):", block, re.MULTILINE))
    assert only_with == {
        "AZURE_OPENAI_ENDPOINT", "MODEL_DEPLOYMENT", "MODEL_DEPLOYMENT_HIGH", "MODEL_TOKENS_PER_MINUTE",
        "EMBEDDING_DEPLOYMENT", "EMBEDDING_DIMENSIONS",
    }  # fmt: skip
    assert "deployments: languageModels ? modelDeployments : []" in source


# What Flex Consumption has in functionAppConfig instead, or refuses: Microsoft's table of its deprecations.
NOT_ON_FLEX = {
    "ENABLE_ORYX_BUILD", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_PROCESS_COUNT", "FUNCTIONS_WORKER_RUNTIME",
    "FUNCTIONS_WORKER_RUNTIME_VERSION", "SCM_DO_BUILD_DURING_DEPLOYMENT", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
    "WEBSITE_CONTENTSHARE", "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_VNET_ROUTE_ALL",
}  # fmt: skip


def test_flex_is_given_nothing_that_it_refuses() -> None:
    assert settings_of(read(MAIN), "settings").keys() & NOT_ON_FLEX == set()
    assert settings_of(read(APP), "premiumSettings").keys() >= {"FUNCTIONS_WORKER_PROCESS_COUNT"}
    variable = read(APP).variables["appSettings"].value
    assert variable is not None
    assert (variable.text or b"").decode() == "flex ? settings : union(settings, premiumSettings)"
    [hub] = re.findall(r"taskHubNames: (.+)", MAIN.read_text("utf-8"))
    assert hub == "flex ? [taskHub] : [taskHub, stagingHub]"


def test_the_database_s_address_has_no_password_and_takes_tls() -> None:
    address = str(app_settings()["DATABASE_URL"])
    assert address == (
        "postgresql://${identity.outputs.name}@${postgres.outputs.host}:5432/${databaseName}?sslmode=verify-full"
    )


def test_the_pools_of_all_instances_fit_into_the_database() -> None:
    most = {"Standard_B2s": 429, "Standard_D2ds_v5": 859, "Standard_D8ds_v5": 3437}  # max_connections of each size
    for name, size in literals("sizes").items():
        assert size["instances"] * size["pool"] * 2 < most[size["postgresSku"]] - 15, name
