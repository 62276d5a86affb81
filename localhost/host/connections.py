"""Connections by name, as the bindings of Azure find them: a connection string, or addresses that an identity opens."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from azure.servicebus.aio import ServiceBusClient
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue import TextBase64DecodePolicy, TextBase64EncodePolicy
from azure.storage.queue.aio import QueueClient

from localhost.host.binding_texts import BindingError, resolve

_AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_AZURITE = (
    f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={_AZURITE_KEY};"
    "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;"
)
HOST_STORAGE = "AzureWebJobsStorage"
HOST_SERVICE_BUS = "AzureWebJobsServiceBus"


@dataclass(frozen=True)
class Connection:
    """Either `text`, a connection string, or the addresses of services with the identity to use."""

    text: str = ""
    blobs: str = ""
    queues: str = ""
    namespace: str = ""
    managed: bool = False  # only a managed identity, not whatever identity is found
    client_id: str | None = None

    def blob_service(self, stack: AsyncExitStack) -> BlobServiceClient:
        """Open the account's blobs until the stack is closed."""
        if self.text:
            client = BlobServiceClient.from_connection_string(self.text)
        else:
            client = BlobServiceClient(self.blobs, credential=self._credential(stack))
        stack.push_async_callback(client.close)
        return client

    def queue(self, name: str, stack: AsyncExitStack) -> QueueClient:
        """Open one of the account's queues, whose messages are Base64 as the Functions host writes them."""
        encoding: dict[str, Any] = {
            "message_encode_policy": TextBase64EncodePolicy(),
            "message_decode_policy": TextBase64DecodePolicy(),
        }
        if self.text:
            client = QueueClient.from_connection_string(self.text, name, **encoding)
        else:
            client = QueueClient(self.queues, name, credential=self._credential(stack), **encoding)
        stack.push_async_callback(client.close)
        return client

    def service_bus(self, stack: AsyncExitStack) -> ServiceBusClient:
        """Open the Service Bus."""
        if self.text:
            client = ServiceBusClient.from_connection_string(self.text)
        else:
            client = ServiceBusClient(self.namespace, self._credential(stack))
        stack.push_async_callback(client.close)
        return client

    def _credential(self, stack: AsyncExitStack) -> Any:
        from azure.identity.aio import DefaultAzureCredential, ManagedIdentityCredential

        if self.managed:
            credential: Any = ManagedIdentityCredential(client_id=self.client_id)
        else:
            credential = DefaultAzureCredential(managed_identity_client_id=self.client_id)
        stack.push_async_callback(credential.close)
        return credential


def storage_connection(name: str | None, environ: Mapping[str, str]) -> Connection:
    """Return the connection of a storage account by the name of its setting or of its group of settings."""
    name = resolve(name or HOST_STORAGE, environ)
    if text := _text(name, environ):
        return Connection(_AZURITE if text.strip().rstrip(";") == "UseDevelopmentStorage=true" else text)
    if not (section := _section(name, environ)):
        raise BindingError(
            f"Storage account connection string 'AzureWebJobs{name.removeprefix('AzureWebJobs')}' does not "
            "exist. Make sure that it is a defined App Setting."
        )
    account = section.get("accountname")
    blobs = section.get("blobserviceuri") or section.get("serviceuri") or (account and _public(account, "blob"))
    queues = section.get("queueserviceuri") or (account and _public(account, "queue"))
    if not blobs or not queues:
        raise BindingError(
            f"The connection '{name}' needs {name}__blobServiceUri and {name}__queueServiceUri, "
            f"or {name}__accountName: blob triggers use queues as well."
        )
    return Connection(blobs=blobs, queues=queues, **_identity(name, section))


def service_bus_connection(name: str | None, environ: Mapping[str, str]) -> Connection:
    """Return the connection of a Service Bus in the same way."""
    name = resolve(name or HOST_SERVICE_BUS, environ)
    if text := _text(name, environ):
        return Connection(text)
    if not (section := _section(name, environ)):
        raise BindingError(
            f"Service Bus connection '{name}' does not exist. Make sure that it is a defined App Setting."
        )
    if not (namespace := section.get("fullyqualifiednamespace")):
        raise BindingError(
            "Connection should have an 'fullyQualifiedNamespace' property or be a string representing a "
            f"connection string: '{name}' is neither."
        )
    return Connection(namespace=namespace, **_identity(name, section))


def _text(name: str, environ: Mapping[str, str]) -> str | None:
    names = (f"AzureWebJobs{name}", name, f"ConnectionStrings:{name}")
    return next((environ[setting] for setting in names if environ.get(setting)), None)


def _section(name: str, environ: Mapping[str, str]) -> dict[str, str]:
    for prefix in (f"AzureWebJobs{name}__", f"{name}__"):
        if found := {key.removeprefix(prefix).casefold(): environ[key] for key in environ if key.startswith(prefix)}:
            return found
    return {}


def _identity(name: str, section: Mapping[str, str]) -> dict[str, Any]:
    kind = section.get("credential", "")
    if kind.casefold() not in ("", "managedidentity"):
        raise BindingError(f"{name}__credential is '{kind}': the local host knows only 'managedidentity'.")
    if "managedidentityresourceid" in section:
        raise BindingError(f"{name}__managedIdentityResourceId is not available on the local host: give its clientId.")
    return {"managed": bool(kind), "client_id": section.get("clientid")}


def _public(account: str, service: str) -> str:
    return f"https://{account}.{service}.core.windows.net"
