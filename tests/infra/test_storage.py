"""Containers, and the way of a dropped file from the storage account's event to the function that reads it."""

from __future__ import annotations

import json
import re

from tests.infra.bicep import INFRA, read, value
from tests.infra.deployment import everywhere
from tests.support.functions import indexed

STORAGE = read(INFRA / "modules" / "storage.bicep")
EVENTS = read(INFRA / "blobEvents.bicep")
OF_THE_APP = {"uploads", "documents", "rejected"}  # as shared/adapters/blob and shared/steps name them


def containers() -> list[str]:
    node = STORAGE.variables["containers"].value
    assert node is not None
    return [str(name) for name in value(node)]


def trigger() -> tuple[str, str]:
    """Name of the function that reads dropped files, and the container that it listens to."""
    [function] = [f for f in indexed() if f.get_trigger().type == "blobTrigger"]
    [binding] = [b for b in map(json.loads, function.get_raw_bindings()) if b["type"] == "blobTrigger"]
    return function.get_function_name(), str(binding["path"]).split("/")[0]


def test_every_container_that_is_used_is_made_and_none_is_public() -> None:
    assert {name for name in containers() if name != "packageContainer"} == OF_THE_APP | {"lost-events"}
    assert "packageContainer" in containers()
    [made] = everywhere("Microsoft.Storage/storageAccounts/blobServices/containers")
    assert made.body["properties"] == {"publicAccess": "None"}


def test_only_what_nobody_could_use_and_old_versions_are_removed_by_themselves() -> None:
    [policy] = everywhere("Microsoft.Storage/storageAccounts/managementPolicies")
    rules = policy.body["properties"]["policy"]["rules"]
    assert [rule["definition"]["filters"].get("prefixMatch") for rule in rules] == [["rejected/"], None]
    assert [list(rule["definition"]["actions"]) for rule in rules] == [["baseBlob"], ["version"]]


def test_a_new_blob_where_the_function_listens_is_told_to_that_function() -> None:
    function, container = trigger()
    [told] = everywhere("Microsoft.EventGrid/systemTopics/eventSubscriptions")
    own = told.body["properties"]
    assert own["filter"] == {
        "includedEventTypes": ["Microsoft.Storage.BlobCreated"],
        "subjectBeginsWith": f"/blobServices/default/containers/{container}/",
    }
    assert own["destination"]["properties"]["endpointUrl"] == (
        "https://${app.properties.defaultHostName}/runtime/webhooks/blobs"
        "?functionName=Host.Functions.${functionName}&code=${key}"
    )
    hook = (INFRA / "hooks" / "postdeploy.sh").read_text("utf-8")
    assert re.findall(r"functionName=(\w+)", hook) == [function]


def test_an_event_that_cannot_be_delivered_is_kept_in_a_container_that_is_there() -> None:
    [told] = everywhere("Microsoft.EventGrid/systemTopics/eventSubscriptions")
    lost = told.body["properties"]["deadLetterWithResourceIdentity"]
    assert lost["identity"] == {"type": "SystemAssigned"}
    assert lost["deadLetterDestination"]["properties"]["blobContainerName"] in containers()
    [topic] = everywhere("Microsoft.EventGrid/systemTopics")
    assert topic.body["identity"] == {"type": "SystemAssigned"}
