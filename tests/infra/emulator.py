"""The queues of infra/queues.json in the form of Microsoft's emulator: `python -m tests.infra.emulator` writes them."""

from __future__ import annotations

import json
from typing import Any

from tests.infra.bicep import INFRA

TARGET = INFRA / "compose" / "queues.json"
# The emulator keeps messages for an hour and looks five minutes back for duplicates, at most.
MOST = {"DefaultMessageTimeToLive": "PT1H", "DuplicateDetectionHistoryTimeWindow": "PT5M"}


def emulated() -> dict[str, Any]:
    """The emulator's configuration."""
    queues = json.loads((INFRA / "queues.json").read_text("utf-8"))["queues"]
    return {
        "UserConfig": {
            "Namespaces": [{"Name": "sbemulatorns", "Queues": [_queue(queue) for queue in queues], "Topics": []}],
            "Logging": {"Type": "Console"},
        }
    }


def _queue(queue: dict[str, Any]) -> dict[str, Any]:
    properties = {name[0].upper() + name[1:]: value for name, value in queue["properties"].items()}
    return {"Name": queue["name"], "Properties": {name: MOST.get(name, value) for name, value in properties.items()}}


if __name__ == "__main__":
    TARGET.write_text(json.dumps(emulated(), indent=2) + "\n", "utf-8")
