"""Blob triggers against a real Azurite."""

import time
import uuid
from dataclasses import dataclass

import pytest
from azure.storage.blob import BlobServiceClient, ContainerClient
from azure.storage.queue import QueueServiceClient, TextBase64DecodePolicy

from localhost.host.binding_texts import BindingError
from localhost.host.blob_pattern import parse_blob_path
from tests.localhost.conftest import StartHost
from tests.localhost.process import HostProcess, wait_for


@dataclass
class Account:
    """The test's own view of the storage account."""

    connection: str
    container: ContainerClient

    def start(self, start_host: StartHost) -> HostProcess:
        return start_host(
            "blobs",
            AzureWebJobsStorage=self.connection,
            INCOMING=self.container.container_name,
            FAILING=f"failing-{self.container.container_name}",
            LOCALHOST_BLOB_POLL_SECONDS="0.1",
            AzureFunctionsWebHost__hostid=self.container.container_name,
        )

    def settled(self) -> None:
        """Let three scans pass, so that what should not happen has had its chance."""
        time.sleep(0.8)


@pytest.fixture
def account(azurite_connection: str) -> Account:
    service = BlobServiceClient.from_connection_string(azurite_connection)
    return Account(azurite_connection, service.create_container(f"in-{uuid.uuid4().hex[:8]}"))


def test_a_blob_is_given_whole_with_its_name_and_metadata(account: Account, start_host: StartHost) -> None:
    account.container.upload_blob("t1/folder/ä.pdf", b"\xff\x00" * 500, metadata={"owner": "ana"})
    account.container.upload_blob("no-tenant.pdf", b"not meant")
    host = account.start(start_host)
    wait_for(lambda: len(host.traced()) == 1, "the blob has been read")
    account.settled()
    assert host.traced() == [f"read {account.container.container_name}/t1/folder/ä.pdf 1000 1000 ff00 ana"]


def test_f35_a_blob_that_fails_five_times_ends_in_the_poison_queue(account: Account, start_host: StartHost) -> None:
    name = f"failing-{account.container.container_name}"
    queues = QueueServiceClient.from_connection_string(account.connection)
    poisoned = BlobServiceClient.from_connection_string(account.connection).get_container_client(name)
    poisoned.create_container()
    poisoned.upload_blob("bad.v2.txt", b"x")
    host = account.start(start_host)
    queue = queues.get_queue_client("webjobs-blobtrigger-poison", message_decode_policy=TextBase64DecodePolicy())
    wait_for(lambda: "fails" in host.log.read_text() and "poison queue" in host.log.read_text(), "it is given up")
    account.settled()
    assert host.traced() == [f"fails {name}/bad.v2.txt"] * 5
    messages = [message.content for message in queue.receive_messages()]
    assert len(messages) == 1
    assert '"BlobName": "bad.v2.txt"' in messages[0]
    assert '"FunctionId": "Host.Functions.fails"' in messages[0]


def test_f36_the_same_blob_runs_once_and_an_overwritten_one_again(account: Account, start_host: StartHost) -> None:
    account.container.upload_blob("t/a.txt", b"one")
    host = account.start(start_host)
    wait_for(lambda: len(host.traced()) == 1, "the blob has been read")
    assert host.stop() == 0
    host = account.start(start_host)
    account.settled()
    assert len(host.traced()) == 1
    account.container.upload_blob("t/a.txt", b"two!", overwrite=True)
    wait_for(lambda: len(host.traced()) == 2, "the new version has been read")
    account.container.delete_blob("t/a.txt")
    account.settled()
    assert [line.split()[2] for line in host.traced()] == ["3", "4"]


def test_many_blobs_are_all_read(account: Account, start_host: StartHost) -> None:
    for number in range(60):
        account.container.upload_blob(f"t/{number}.txt", b"x" * number)
    host = account.start(start_host)
    wait_for(lambda: len(host.traced()) == 60, "all have been read")
    account.settled()
    assert len(set(host.traced())) == len(host.traced()) == 60


def test_an_event_grid_source_and_an_absent_connection_are_refused(account: Account, start_host: StartHost) -> None:
    host = account.start(start_host)
    errors = host.http.get("/admin/host/status").json()["errors"]
    assert any("by_event_grid: " in error and "BLOB_TRIGGER_SOURCE=LogsAndContainerScan" in error for error in errors)
    assert any("'AzureWebJobsAbsent' does not exist" in error for error in errors)


@pytest.mark.parametrize(
    ("path", "blob", "found"),
    [
        ("in/{name}", "a/b.pdf", {"name": "a/b.pdf"}),
        ("in/{name}.{ext}", "a.tar.gz", {"name": "a.tar", "ext": "gz"}),
        ("in/data-{date}.csv", "data-1.csv", {"date": "1"}),
        ("in/data-{date}.csv", "info-1.csv", None),
        ("in", "anything", {}),
    ],
)
def test_a_pattern_takes_a_blobs_name_apart(path: str, blob: str, found: dict[str, str] | None) -> None:
    assert parse_blob_path(path).match(blob) == found


def test_a_container_must_be_literal() -> None:
    with pytest.raises(BindingError, match="must begin with the name of a container"):
        parse_blob_path("{container}/x")
