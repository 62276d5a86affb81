"""The declaration of the queues."""

import json
from pathlib import Path
from typing import Any

import pytest

from localhost.service_bus.__main__ import main
from localhost.service_bus.declaration import read_declaration
from localhost.service_bus.errors import DeclarationError
from tests.localhost.service_bus.bus import ROOT

DAY = 86_400_000


def test_the_queues_of_the_app_are_declared_once() -> None:
    queues = {queue.name: queue for queue in read_declaration(ROOT / "infra" / "queues.json")}
    assert queues.keys() == {"document-imports", "theory-requests", "answer-requests", "dead-letters"}
    for queue in queues.values():
        assert (queue.max_delivery_count, queue.lock_duration) == (10, 300_000)
        grave = None if queue.name == "dead-letters" else "dead-letters"
        assert queue.forwards_dead_letters_to == grave
    assert queues["document-imports"].time_to_live == 14 * DAY


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"requiresSession": True}, "declares 'requiresSession', which the local broker does not know"),
        ({"maxDeliveryCount": "10"}, "has a wrong 'maxDeliveryCount': '10'"),
        ({"maxDeliveryCount": 0}, "maxDeliveryCount below 1"),
        ({"lockDuration": "5 minutes"}, "is no ISO 8601 duration"),
        ({"lockDuration": "PT6M"}, "a lockDuration beyond five minutes"),
        ({"forwardDeadLetteredMessagesTo": "q"}, "forwards to 'q', which is no other queue"),
        ({"forwardDeadLetteredMessagesTo": "x"}, "forwards to 'x', which is no other queue"),
    ],
)
def test_what_the_broker_cannot_do_is_named(tmp_path: Path, properties: dict[str, Any], sentence: str) -> None:
    file = tmp_path / "queues.json"
    file.write_text(json.dumps({"queues": [{"name": "q", "properties": properties}]}))
    with pytest.raises(DeclarationError, match=sentence):
        read_declaration(file)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"queues": 1}', '{"queues": [{}]}', '{"queues": ["q"]}'])
def test_a_file_that_is_no_declaration_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "queues.json"
    file.write_text(text)
    with pytest.raises(DeclarationError, match="does not declare queues"):
        read_declaration(file)


def test_a_broker_without_declaration_does_not_start(tmp_path: Path) -> None:
    assert main(["--queues", str(tmp_path / "none.json"), "--data", str(tmp_path), "--port", "0"]) == 1
