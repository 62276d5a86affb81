"""App settings: local.settings.json under the environment, as Core Tools reads them."""

import json
import logging
from collections.abc import MutableMapping
from pathlib import Path

log = logging.getLogger("localhost.host")

_VAULT = "@Microsoft.KeyVault("


class SettingsError(Exception):
    """The app settings cannot be used."""


def apply_settings(file: Path, environ: MutableMapping[str, str], required: bool = False) -> None:
    """Put the file's values into the environment, which wins; refuses vault references."""
    if file.exists():
        for name, value in _values(file).items():
            if name in environ:
                log.info("Skipping '%s' from local settings as it's already defined in the environment.", name)
            else:
                environ[name] = value
    elif required:
        raise SettingsError(f"There is no settings file {file}.")
    for name, value in environ.items():
        if _VAULT in value:
            raise SettingsError(
                f"The setting '{name}' is a Key Vault reference, which only Azure resolves: "
                "give its value in the environment."
            )


def _values(file: Path) -> dict[str, str]:
    try:
        content = json.loads(file.read_text("utf-8-sig"))
    except ValueError as error:
        raise SettingsError(f"{file} is not valid JSON: {error}.") from error
    if content.get("IsEncrypted", True):
        raise SettingsError(f'{file} counts as encrypted: write "IsEncrypted": false into it.')
    values = {name: value for name, value in content.get("Values", {}).items() if name and value is not None}
    for name, value in values.items():
        if not isinstance(value, str):
            raise SettingsError(f"The value '{name}' in {file} must be a string.")
    connections = content.get("ConnectionStrings", {}).items()
    named = {f"ConnectionStrings:{name}": value for name, value in connections if isinstance(value, str)}
    return {**values, **named}
