"""The `Blobs` port on Azurite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote
from uuid import uuid4

import httpx
import pytest
from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseTimeoutError
from azure.storage.blob.aio import BlobServiceClient

from localhost.demo.drop import UPLOADS, drop, link
from localhost.demo.study import StudyFile
from shared.adapters.blob import AzureBlobs
from shared.adapters.blob.errors import our_errors
from shared.domain.errors import InvalidRequest, NotFound, TheoGenError, Throttled, TimedOut, Unavailable
from shared.ports import Blobs

AWKWARD = "tenant/doc/Entrevista nº 3 ¿qué? #1 100% «ñ» a+b.pdf"


@pytest.fixture
async def blobs(azurite_connection: str) -> AsyncIterator[AzureBlobs]:
    blobs = AzureBlobs(connection_string=azurite_connection)
    yield blobs
    await blobs.close()


@pytest.fixture
def container() -> str:
    return f"test-{uuid4()}"


async def test_the_adapter_is_what_the_port_asks_for(blobs: AzureBlobs) -> None:
    port: Blobs = blobs
    assert port is blobs


async def test_what_was_put_comes_back_byte_for_byte(blobs: AzureBlobs, container: str) -> None:
    data = bytes(range(256)) * 5000
    await blobs.put(container, "tenant/doc/original", data)
    assert await blobs.get(container, "tenant/doc/original") == data


async def test_an_empty_blob_is_a_blob(blobs: AzureBlobs, container: str) -> None:
    await blobs.put(container, "empty", b"")
    assert await blobs.get(container, "empty") == b""


async def test_putting_the_same_path_again_replaces_it(blobs: AzureBlobs, container: str) -> None:
    await blobs.put(container, "a", b"first and longer")
    await blobs.put(container, "a", b"second")
    assert await blobs.get(container, "a") == b"second"


async def test_a_path_may_hold_any_character(blobs: AzureBlobs, container: str) -> None:
    await blobs.put(container, AWKWARD, b"x")
    assert await blobs.exists(container, AWKWARD)
    assert await blobs.get(container, AWKWARD) == b"x"


async def test_a_missing_blob_and_a_missing_container_are_not_found(blobs: AzureBlobs, container: str) -> None:
    with pytest.raises(NotFound):
        await blobs.get(container, "a")
    await blobs.put(container, "a", b"x")
    with pytest.raises(NotFound, match=f"{container}/b"):
        await blobs.get(container, "b")


async def test_exists_tells_what_is_there(blobs: AzureBlobs, container: str) -> None:
    assert not await blobs.exists(container, "a")
    await blobs.put(container, "a", b"x")
    assert await blobs.exists(container, "a")
    assert not await blobs.exists(container, "b")


async def test_deleting_twice_is_as_good_as_once(blobs: AzureBlobs, container: str) -> None:
    await blobs.delete(container, "a")
    await blobs.put(container, "a", b"x")
    await blobs.delete(container, "a")
    await blobs.delete(container, "a")
    assert not await blobs.exists(container, "a")


async def test_metadata_and_media_type_survive_with_any_character(
    blobs: AzureBlobs, container: str, azurite_connection: str
) -> None:
    metadata = {"name": " Señora «Núñez».pdf\n", "reason": "100 %: not a document 🙁", "nothing": ""}
    await blobs.put(container, "a", b"x", media_type="application/pdf", metadata=metadata)
    async with BlobServiceClient.from_connection_string(azurite_connection) as service:
        stored = await service.get_blob_client(container, "a").get_blob_properties()
    assert {key: unquote(value) for key, value in stored.metadata.items()} == metadata
    assert stored.content_settings.content_type == "application/pdf"


async def test_many_writers_may_meet_at_a_new_container(blobs: AzureBlobs, container: str) -> None:
    await asyncio.gather(*(blobs.put(container, f"{n}", str(n).encode()) for n in range(40)))
    found = await asyncio.gather(*(blobs.get(container, f"{n}") for n in range(40)))
    assert found == [str(n).encode() for n in range(40)]


async def test_at_most_sixteen_transfers_run_at_once(blobs: AzureBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0

    class Slow:
        async def exists(self) -> bool:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.01)
            running -= 1
            return True

    monkeypatch.setattr(blobs, "_blob", lambda *_: Slow())
    await asyncio.gather(*(blobs.exists("a", f"{n}") for n in range(50)))
    assert most == 16


async def test_a_container_that_was_removed_is_made_again(
    blobs: AzureBlobs, container: str, azurite_connection: str
) -> None:
    await blobs.put(container, "a", b"x")
    async with BlobServiceClient.from_connection_string(azurite_connection) as service:
        await service.delete_container(container)
    await blobs.put(container, "b", b"y")
    assert await blobs.get(container, "b") == b"y"


async def test_a_closed_adapter_opens_again_when_asked(blobs: AzureBlobs, container: str) -> None:
    await blobs.put(container, "a", b"x")
    await blobs.close()
    assert await blobs.get(container, "a") == b"x"


async def test_a_name_that_storage_refuses_is_an_invalid_request(blobs: AzureBlobs) -> None:
    with pytest.raises(InvalidRequest):
        await blobs.put("Not_A_Container_Name!", "a", b"x")


async def test_a_storage_that_is_not_there_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("azure.storage.blob.aio.ExponentialRetry.get_backoff_time", lambda *_: 0)
    nowhere = AzureBlobs(account_url="http://127.0.0.1:9/devstoreaccount1")
    with pytest.raises(Unavailable):
        await nowhere.exists("a", "b")
    await nowhere.close()


@pytest.mark.parametrize("where", [{}, {"connection_string": "x", "account_url": "y"}])
def test_one_way_to_the_account_must_be_given(where: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="connection string or an account URL"):
        AzureBlobs(**where)  # type: ignore[arg-type]


class _Answer:
    def __init__(self, status: int, headers: dict[str, str]) -> None:
        self.status_code, self.reason, self.headers = status, "", headers


def _http(status: int, headers: dict[str, str] | None = None) -> HttpResponseError:
    return HttpResponseError("x", response=_Answer(status, headers or {}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (_http(503), Throttled),
        (_http(429), Throttled),
        (_http(504), TimedOut),
        (_http(500), Unavailable),
        (_http(409), Unavailable),
        (_http(400), InvalidRequest),
        (ServiceRequestError("x"), Unavailable),
        (ServiceResponseTimeoutError("x"), TimedOut),
        (TimeoutError(), TimedOut),
    ],
)
def test_every_error_says_what_to_do_next(theirs: Exception, ours: type[TheoGenError]) -> None:
    with pytest.raises(ours, match="documents/a"), our_errors("documents/a"):
        raise theirs


def test_a_busy_storage_says_how_long_to_wait() -> None:
    with pytest.raises(Throttled) as caught, our_errors("documents/a"):
        raise _http(503, {"Retry-After": "7"})
    assert caught.value.after == 7


async def test_the_link_that_the_demo_prints_lets_curl_drop_a_file(blobs: AzureBlobs, azurite_connection: str) -> None:
    await blobs.put(UPLOADS, "exists", b"")
    path = f"tenant/{uuid4()}/mi entrevista.txt"
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.put(
            link(azurite_connection, path), content=b"Hola", headers={"x-ms-blob-type": "BlockBlob"}
        )
    assert answer.status_code == 201, answer.text
    assert await blobs.get(UPLOADS, path) == b"Hola"


async def test_files_that_the_demo_drops_lie_where_the_app_looks(
    blobs: AzureBlobs, azurite_connection: str, tmp_path: Path
) -> None:
    (tmp_path / "Señora.txt").write_text("Hola")
    folder = f"tenant/{uuid4()}"
    drop(azurite_connection, folder, [StudyFile(tmp_path / "Señora.txt")])
    drop(azurite_connection, folder, [StudyFile(tmp_path / "Señora.txt")])
    assert await blobs.get(UPLOADS, f"{folder}/Señora.txt") == b"Hola"


async def test_blobs_are_listed_by_the_beginning_of_their_path(blobs: AzureBlobs, container: str) -> None:
    assert await blobs.listing(container, "", 10) == []
    for path in ("t/p/b", "t/p/a", "t/q/c", AWKWARD):
        await blobs.put(container, path, b"x")
    assert await blobs.listing(container, "t/p/", 10) == ["t/p/a", "t/p/b"]
    assert await blobs.listing(container, "", 2) == sorted([AWKWARD, "t/p/a", "t/p/b", "t/q/c"])[:2]
    assert await blobs.listing(container, "tenant/", 10) == [AWKWARD]
    assert await blobs.listing(container, "t/", 10, older_than=3600) == []
