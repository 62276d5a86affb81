"""The app's settings in Azure: all that it needs, none that does not exist, no secret among them."""

from __future__ import annotations

import json
import re

import pytest

from shared.settings import Settings
from tests.infra.bicep import FILES, INFRA, Code, read
from tests.infra.deployment import APP, MAIN, app_settings, literals, settings_of
from tests.support.functions import indexed

LIMITS = {
    "DB_POOL_TIMEOUT",
    "DB_POOL_RECYCLE",
    "MODEL_TIMEOUT_SECONDS",
    "MODEL_REQUESTS_PER_MINUTE",
    "MODEL_PRICES",
    "TENANT_SPENDING_LIMIT",
    "MAX_UPLOAD_MB",
    "MAX_PAGES",
    "MAX_MEMBERS",
    "MAX_DEPTH",
    "IMPORTS_MAX_ITEMS_PER_BATCH",
    "PAGES_PER_ACTIVITY",
    "OCR_THREADS",
    "OCR_REQUESTS_PER_MINUTE",
    "STAGE_RETRY_DELAYS",
    "IMPORTS_MAX_INGESTS_PER_MIN",
    "UPLOADS_MAX_PER_MIN",
    "TENANT_STORAGE_MB",
    "CODING_FRAGMENT_CONCURRENCY",
    "THEORY_INTERVIEW_CONCURRENCY",
    "THEORY_STATUS_POLL_HINT_SECONDS",
    "THEORY_TASK_LOCK_TTL_SECONDS",
}

OBSERVING = {
    "WARMUP_ENABLE",
    "WARMUP_TIMEOUT_SEC",
    "WARMUP_PRELOAD_FAST",
    "WARMUP_PRELOAD_HIRES",
    "WARMUP_PRELOAD_TABLE_MODEL",
    "WARMUP_SILENCE_PDFMINER",
    "WARMUP_HTTP_CLIENT",
    "WARMUP_HTTP_HEALTH_CHECK",
    "WARMUP_HTTP_HEALTH_URL",
    "WARMUP_HTTP_HEALTH_TIMEOUT_SEC",
    "WARMUP_HTTP_HEALTH_WARN_MS",
    "HTTP_BASE_URL",
    "HTTP_EXTRA_HEADERS",
    "LOG_LEVEL",
    "LOG_EMOJI",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "TRACES_SAMPLE_RATIO",
    "CORS_ALLOWED_ORIGINS",
}

# What keeps its default in Azure, and why.
DEFAULT = {
    "AZUREWEBJOBSSTORAGE": "identity takes its place: AzureWebJobsStorage__…",
    "AZURE_OPENAI_API_KEY": "identity takes its place",
    "AZURE_OPENAI_API_VERSION": "the version that the code was written for",
    "QDRANT_API_KEY": "the vault has it: KEY_VAULT_URL",
    "NEO4J_PASSWORD": "the vault has it: KEY_VAULT_URL",
    "OPENAI_BASE_URL": "for endpoints outside Azure",
    "OPENAI_API_KEY": "for endpoints outside Azure",
    "AUTH_JWKS_URL": "the issuer tells it",
    "WEBSITE_AUTH_ENABLED": "App Service sets it itself",
    "ACTIVITIES_ELSEWHERE": "a worker process runs everything there",
    "BLOB_JOURNAL": "Azure's storage forgets nothing that it has acknowledged",
    "SERVICEBUS": "identity takes its place: ServiceBus__…",
    "DATABASE_PASSWORD_IN_VAULT": "identity signs in to the database",
    "DOCUMENT_INTELLIGENCE_KEY": "identity takes its place",
    "OCR_SECOND_ENGINE": "Tesseract is not on the platform's image",
    "FLEET_TENANT_ID": "the operators' tenant, where it is another: extraSettings",
    "IMPORTS_ENABLED": "on, unless somebody switches it off",
    **dict.fromkeys(OBSERVING, "its default does"),
    **dict.fromkeys(LIMITS, "a limit or price: the default does, extraSettings changes it"),
}

# What the platform reads, and why it is there.
PLATFORM = {
    "AZURE_CLIENT_ID": "DefaultAzureCredential chooses the user-assigned identity by it",
    "AZURE_FUNCTIONS_DURABLE_STRICT_TYPING": "the SDK keeps JSON types through orchestrations",
    "APPLICATIONINSIGHTS_CONNECTION_STRING": "names the component; writing takes a role, local authentication is off",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "telemetry is written by identity",
    "DURABLE_TASK_SCHEDULER_CONNECTION_STRING": "endpoint and identity of the scheduler; there is no key in it",
    "FUNCTIONS_WORKER_PROCESS_COUNT": "one process an instance: models are loaded once, pools are counted by instance",
    "PYTHON_THREADPOOL_THREAD_COUNT": "threads of synchronous functions, of which there are few",
    "FUNCTIONS_EXTENSION_VERSION": "Premium's host",
    "FUNCTIONS_WORKER_RUNTIME": "Premium's language",
    "WEBSITE_RUN_FROM_PACKAGE": "Premium runs a package from the blobs",
    "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID": "who fetches it",
}
CONNECTIONS = ("AzureWebJobsStorage__", "ServiceBus__")
HOST = "AzureFunctionsJobHost__"  # values of host.json

# Settings that the deployment has ready for parts of the app that are on their way.
KNOWN = {name.upper() for name in Settings.model_fields}


def test_every_setting_that_azure_needs_is_given() -> None:
    given = {name.upper() for name in app_settings()}
    assert KNOWN - given - DEFAULT.keys() == set()
    assert DEFAULT.keys() & given == set()
    assert DEFAULT.keys() - KNOWN == set()


def test_none_is_given_that_nobody_reads() -> None:
    strangers = {
        name
        for name in app_settings()
        if name.upper() not in KNOWN and name not in PLATFORM and not name.startswith((*CONNECTIONS, HOST))
    }
    assert strangers == set()
    assert PLATFORM.keys() - app_settings().keys() == set()


def test_what_is_given_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, given in app_settings().items():
        if not isinstance(given, Code):
            monkeypatch.setenv(name, str(given))
    assert Settings().auth_mode == "azure"
    assert Settings().blob_trigger_source == "EventGrid"


def test_host_json_is_overridden_only_where_it_has_to_be() -> None:
    durable = f"{HOST}extensions__durableTask__"
    provider = f"{durable}storageProvider__"
    assert {name for name in app_settings() if name.startswith(HOST)} == {
        f"{provider}type",
        f"{provider}connectionStringName",
        f"{durable}hubName",
    }
    assert app_settings()[f"{provider}connectionStringName"] in app_settings()


SECRET = re.compile(r"(?i)(password|secret|api_?key|access_?key|sas|token)(?!s?_?(per_minute|hub))")


def test_no_setting_is_a_secret_they_are_in_the_vault() -> None:
    assert [name for name in app_settings() if SECRET.search(name)] == []
    assert app_settings()["KEY_VAULT_URL"] == "keyVault.outputs.uri"


def test_the_secrets_that_a_deployment_asks_for_have_their_settings() -> None:
    hook = (INFRA / "hooks" / "postprovision.sh").read_text("utf-8")
    put = dict(re.findall(r'^put_secret ([a-z0-9-]+) "\$\{([A-Z0-9_]+):-\}"', hook, re.MULTILINE))
    assert {name: name.replace("-", "_").upper() for name in put} == put
    assert set(put.values()) == {name for name, reason in DEFAULT.items() if reason.startswith("the vault has it")}


@pytest.mark.parametrize("name", ["AccountKey", "SharedAccessKey", "Password=", "EndpointSuffix", "sig="])
def test_no_setting_holds_a_connection_string_with_a_key(name: str) -> None:
    assert not [key for key, text in app_settings().items() if name.lower() in str(text).lower()]


def test_the_database_s_address_has_no_password_and_takes_tls() -> None:
    address = str(app_settings()["DATABASE_URL"])
    assert re.fullmatch(r"postgresql://\$\{[\w.]+\}@\$\{[\w.]+\}:5432/\$\{\w+\}\?sslmode=\S+", address)


def test_no_parameter_or_output_carries_a_secret() -> None:
    for path in FILES:
        file = read(path)
        for name, declared in {**file.params, **file.outputs}.items():
            assert "secure" not in declared.decorators, f"{file.name}: {name}"
            assert not SECRET.search(name), f"{file.name}: {name}"


def test_keys_are_read_in_one_place_that_says_why() -> None:
    asked = {
        path.name: [line for line in path.read_text("utf-8").splitlines() if re.search(r"list\w*Keys?\(", line)]
        for path in FILES
    }
    assert {name: len(lines) for name, lines in asked.items() if lines} == {"blobEvents.bicep": 1}
    assert "The webhook's key is the host's own" in (INFRA / "blobEvents.bicep").read_text("utf-8")


@pytest.mark.parametrize("name", ["main.parameters.json", "production.parameters.json"])
def test_parameter_files_give_what_main_takes_and_no_secret(name: str) -> None:
    given = json.loads((INFRA / name).read_text("utf-8"))["parameters"]
    params = read(MAIN).params
    assert given.keys() <= params.keys()
    assert {key for key, param in params.items() if param.value is None} <= given.keys()
    for key, entry in given.items():
        assert entry.keys() == {"value"}, key
        allowed = params[key].decorators.get("allowed")
        text = re.sub(r"\$\{\w+=?(.*)\}", r"\1", entry["value"]) if isinstance(entry["value"], str) else ""
        assert not allowed or not text or text in allowed, key


def test_the_staging_slot_leaves_to_production_what_comes_by_itself() -> None:
    by_itself = {
        function.get_function_name()
        for function in indexed()
        if function.get_trigger().type
        not in {"httpTrigger", "activityTrigger", "orchestrationTrigger", "warmupTrigger"}
    }
    variable = read(APP).variables["onlyInProduction"].value
    assert variable is not None
    assert by_itself == set(re.findall(r"'(\w+)'", (variable.text or b"").decode()))


def test_what_is_the_slot_s_own_stays_with_the_slot() -> None:
    own = read(APP).resources["stickySettings"].body["properties"]["appSettingNames"]
    assert own == "map(items(stagingSettings), setting => setting.key)"
    assert settings_of(read(APP), "stagingSettings").keys() >= {f"{HOST}extensions__durableTask__hubName"}


def test_the_pools_of_all_instances_fit_into_the_database() -> None:
    most = {"Standard_B2s": 429, "Standard_D2ds_v5": 859, "Standard_D8ds_v5": 3437}  # max_connections of each size
    for name, size in literals("sizes").items():
        assert size["instances"] * size["pool"] * 2 < most[size["postgresSku"]] - 15, name
