"""Texts in bindings that refer to settings: `%NAME%`, and names of connections."""

import re
from collections.abc import Mapping

_AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_AZURITE = (
    f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={_AZURITE_KEY};"
    "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;"
)
HOST_STORAGE = "AzureWebJobsStorage"
HOST_SERVICE_BUS = "AzureWebJobsServiceBus"


class BindingError(Exception):
    """A function's binding cannot be used, so that function is not started."""


def resolve(text: str, environ: Mapping[str, str]) -> str:
    """Replace each `%NAME%` by the setting of that name."""

    def value(match: "re.Match[str]") -> str:
        if not environ.get(match[1]):
            raise BindingError(f"'%{match[1]}%' does not resolve to a value.")
        return environ[match[1]]

    if text.count("%") % 2:
        raise BindingError(f"The '%' at position {text.rindex('%')} does not have a closing '%'")
    return re.sub("%([^%]*)%", value, text)


def storage_connection(name: str | None, environ: Mapping[str, str]) -> str:
    """Return the connection string of a storage account by the name of its setting."""
    name = resolve(name or HOST_STORAGE, environ)
    for setting in (f"AzureWebJobs{name}", name, f"ConnectionStrings:{name}"):
        if text := environ.get(setting):
            return _AZURITE if text.strip().rstrip(";") == "UseDevelopmentStorage=true" else text
    if any(setting.startswith((f"{name}__", f"AzureWebJobs{name}__")) for setting in environ):
        raise BindingError(f"The connection '{name}' uses an identity: the local host needs a connection string.")
    raise BindingError(
        f"Storage account connection string 'AzureWebJobs{name.removeprefix('AzureWebJobs')}' does not "
        "exist. Make sure that it is a defined App Setting."
    )


def service_bus_connection(name: str | None, environ: Mapping[str, str]) -> str:
    """Return the connection string of a Service Bus by the name of its setting."""
    name = resolve(name or HOST_SERVICE_BUS, environ)
    for setting in (f"AzureWebJobs{name}", name, f"ConnectionStrings:{name}"):
        if text := environ.get(setting):
            return text
    if any(setting.startswith((f"{name}__", f"AzureWebJobs{name}__")) for setting in environ):
        raise BindingError(f"The connection '{name}' uses an identity: the local host needs a connection string.")
    raise BindingError(f"Service Bus connection '{name}' does not exist. Make sure that it is a defined App Setting.")
