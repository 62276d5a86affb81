"""The settings of the app on one machine: what the stack gives, unless somebody has said otherwise."""

import os
from pathlib import Path

from localhost.stack.files import read_json

ALWAYS = {
    "BLOB_TRIGGER_SOURCE": "LogsAndContainerScan",  # Azurite has no Event Grid
    "AZURE_FUNCTIONS_DURABLE_STRICT_TYPING": "1",
    "AUTH_MODE": "local",
    "FUNCTIONS_WORKER_RUNTIME": "python",
}
# What samples and tools write where "the local one" is meant: not a choice of somebody's.
_MEANS_LOCAL = ("", "UseDevelopmentStorage=true")


def app_settings(given: dict[str, str], before: dict[str, str], root: Path) -> dict[str, str]:
    """The stack's settings; `local.settings.json` wins over these, the environment over both, as in `func`.

    `before` are the settings of last time: a shell that has loaded those has not chosen them, and the ports
    in them may have changed.
    """
    settings = ALWAYS | given
    values = read_json(root / "local.settings.json").get("Values") or {}
    settings |= {name: str(value) for name, value in values.items() if str(value) not in _MEANS_LOCAL}
    for name in settings:
        chosen = os.environ.get(name, "")
        if chosen not in _MEANS_LOCAL and chosen != before.get(name):
            settings[name] = chosen
    return settings
