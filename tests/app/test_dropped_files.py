"""Files that other programs put into the container of uploads."""

from __future__ import annotations

import uuid
from urllib.parse import unquote

import pytest

from tests.support.app import Json, RunningApp, sample


async def test_a_dropped_file_is_imported_and_its_blob_removed(app: RunningApp) -> None:
    project_id = await app.create_project()
    [(name, data)] = sample("interview-07")
    path = f"{app.tenant}/{project_id}/field notes/2026/{name}"
    await app.drop_blob(path, data)
    document = await _only_document(app, project_id)
    assert (document["status"], document["name"]) == ("completed", f"field notes/2026/{name}")
    assert await app.original(document["document_id"]) == data
    await _gone(app, path)


async def test_the_same_file_dropped_twice_is_one_document(app: RunningApp) -> None:
    project_id = await app.create_project()
    data = b"Dropped once, and then once more, by a program that was not sure."
    for _ in range(2):
        await app.drop_blob(f"{app.tenant}/{project_id}/twice.txt", data)
        document = await _only_document(app, project_id)
        await _gone(app, f"{app.tenant}/{project_id}/twice.txt")
    await app.drop_blob(f"{app.tenant}/{project_id}/thrice.txt", data)
    await _gone(app, f"{app.tenant}/{project_id}/thrice.txt")
    document = await _only_document(app, project_id)
    assert [event["status"] for event in document["events"]].count("completed") == 1


async def test_a_file_that_came_over_http_and_as_a_blob_is_one_document(app: RunningApp) -> None:
    project_id = await app.create_project()
    data = b"It came through the door and through the window."
    await app.drop_blob(f"{app.tenant}/{project_id}/window.txt", data)
    await app.upload(project_id, ("door.txt", data))
    await _gone(app, f"{app.tenant}/{project_id}/window.txt")
    document = await _only_document(app, project_id)
    assert [event["status"] for event in document["events"]].count("completed") == 1


@pytest.mark.parametrize(
    "path",
    [
        "lost.txt",
        "not-a-tenant/{project}/a.txt",
        "{tenant}/not-a-project/a.txt",
        "{tenant}/{project}",
        "{tenant}/{other}/de quién es esto.txt",
        "{other}/{project}/a.txt",
    ],
)
async def test_a_file_that_belongs_nowhere_is_kept_aside_with_the_reason(app: RunningApp, path: str) -> None:
    project_id = await app.create_project()
    path = path.format(tenant=app.tenant, project=project_id, other=uuid.uuid4())
    data = f"Nobody knows me: {uuid.uuid4()}".encode()
    await app.drop_blob(path, data)
    await _gone(app, path)
    assert await app.blob("rejected", path) == data
    properties = await app.blobs.get_blob_client("rejected", path).get_blob_properties()
    assert unquote(properties.metadata["reason"]).strip()
    assert (await app.get(f"projects/{project_id}/documents"))["items"] == []


async def test_two_lost_files_of_one_name_are_both_kept(app: RunningApp) -> None:
    name = f"lost-{uuid.uuid4()}.txt"
    contents = [b"The first that got lost.", b"The second that got lost."]
    for data in contents:
        await app.drop_blob(name, data)
        await _gone(app, name)
    kept = [
        await app.blob("rejected", blob.name)
        async for blob in app.blobs.get_container_client("rejected").list_blobs()
        if name in blob.name
    ]
    assert sorted(filter(None, kept)) == contents


async def _only_document(app: RunningApp, project_id: str) -> Json:
    """The project's one document, once it has ended."""

    async def there() -> bool:
        return bool((await app.get(f"projects/{project_id}/documents"))["items"])

    await app.until(there, "the dropped file is registered")
    [item] = (await app.get(f"projects/{project_id}/documents"))["items"]
    return await app.wait_for_document(item["document_id"])


async def _gone(app: RunningApp, path: str) -> None:
    async def gone() -> bool:
        return await app.blob("uploads", path) is None

    await app.until(gone, f"{path} is gone")
