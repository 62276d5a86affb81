"""Archives and e-mails: their members become documents, once, within limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from shared.domain import ids
from shared.domain.document import Document, Member
from shared.domain.errors import Unavailable
from shared.domain.runs import ImportJob, MembersJob
from shared.steps.intake import plan_import, preprocess_document, register_document
from shared.steps.members import complete_container, import_members
from shared.steps.outcomes import Outcome
from tests.support.database import Study
from tests.support.fakes import Fakes, fakes


def files(*contents: str) -> list[Member]:
    return [Member(at, f"carpeta/{at}.txt", text.encode()) for at, text in enumerate(contents, 1)]


class Container:
    """An archive whose reader finds these members."""

    def __init__(self, study: Study, outside: Fakes, document: Document) -> None:
        self.study, self.outside, self.document_id = study, outside, document.document_id
        self.ids = (study.tenant_id, study.project_id, document.document_id)

    @classmethod
    async def of(
        cls, study: Study, outside: Fakes, members: Sequence[Member], data: bytes = b"PK", pages: int = 0
    ) -> Container:
        outside.reader.contents, outside.reader.texts = list(members), ["texto"] * pages
        document, _ = await register_document(study.tenant_id, study.project_id, "todo.zip", data, outside.ports)
        return cls(study, outside, document)

    async def open(self) -> None:
        outcome = await preprocess_document(ImportJob(*self.ids), self.outside.ports)
        assert outcome["status"] == "done", outcome

    async def take_out(self, first: int = 1, last: int | None = None) -> Outcome:
        wish = MembersJob(*self.ids, first, last or len(self.outside.reader.contents))
        return await import_members(wish, self.outside.ports)

    async def row(self) -> Document:
        return await self.study.read(self.document_id)

    async def members(self) -> list[dict[str, Any]]:
        async with self.study.tenant() as tx:
            return await tx.members.listing(self.document_id, 0, 500)

    async def documents(self) -> list[Document]:
        """All documents of the project but the container."""
        async with self.study.tenant() as tx:
            found = await tx.documents.listing(self.study.project_id, status=None, type_=None, after=None, limit=500)
        return [document for document in found if document.document_id != self.document_id]

    def id_of(self, text: str) -> str:
        return ids.document_id(self.study.project_id, ids.content_hash(text.encode()))


@pytest.fixture
async def container(study: Study, outside: Fakes) -> Container:
    """Three files, opened."""
    container = await Container.of(study, outside, files("uno", "dos", "tres"))
    await container.open()
    return container


async def test_members_become_documents_that_know_where_they_come_from(container: Container) -> None:
    outcome = await container.take_out()
    found = {document.document_id: document for document in await container.documents()}
    assert set(found) == {container.id_of(text) for text in ("uno", "dos", "tres")}
    assert set(outcome["start"]) == set(found)
    assert outcome["next"] == 4
    one = found[container.id_of("uno")]
    assert (one.name, one.status, one.depth, one.root_id) == ("carpeta/1.txt", "pending", 1, container.document_id)
    assert await container.outside.ports.blobs.get("documents", f"{one.tenant_id}/{one.document_id}/original") == b"uno"
    async with container.study.tenant() as tx:
        assert await tx.members.parents(one.document_id) == [
            {"document_id": container.document_id, "name": "todo.zip", "path": "carpeta/1.txt", "ordinal": 1}
        ]
    assert [(m["ordinal"], m["path"], m["status"]) for m in await container.members()] == [
        (1, "carpeta/1.txt", "pending"), (2, "carpeta/2.txt", "pending"), (3, "carpeta/3.txt", "pending"),
    ]  # fmt: skip


async def test_the_plan_names_how_many_there_are_and_how_many_at_once(container: Container) -> None:
    plan = await plan_import(ImportJob(*container.ids), container.outside.ports)
    assert plan == {"status": "done", "ranges": [], "members": 3, "batch": 50}


async def test_taking_out_twice_changes_nothing(container: Container) -> None:
    await container.take_out()
    before, links = await container.documents(), await container.members()
    puts = list(container.outside.blobs.puts)
    again = await container.take_out()
    assert (await container.documents(), await container.members()) == (before, links)
    assert container.outside.blobs.puts == puts
    assert len(again["start"]) == 3  # nobody has started them yet


async def test_members_that_are_under_way_or_done_are_not_started(container: Container) -> None:
    await container.take_out()
    await preprocess_document(
        ImportJob(container.study.tenant_id, container.study.project_id, container.id_of("dos")),
        container.outside.ports,
    )
    assert container.id_of("dos") not in (await container.take_out())["start"]


async def test_the_same_file_twice_in_a_container_is_one_document(study: Study, outside: Fakes) -> None:
    container = await Container.of(study, outside, files("igual", "otro", "igual"))
    await container.open()
    await container.take_out()
    assert len(await container.documents()) == 2
    first, _, third = await container.members()
    assert first["document_id"] == third["document_id"]
    async with study.tenant() as tx:
        assert await tx.members.counts(container.document_id) == {"taken": 3, "documents": 2, "failed": 0}


async def test_the_same_file_in_two_containers_is_one_document_with_two_parents(study: Study, outside: Fakes) -> None:
    for data in (b"PK 1", b"PK 2"):
        container = await Container.of(study, outside, files("igual"), data)
        await container.open()
        await container.take_out()
    async with study.tenant() as tx:
        assert len(await tx.members.parents(container.id_of("igual"))) == 2


async def test_a_bad_member_is_named_and_does_not_stop_the_others(study: Study, outside: Fakes) -> None:
    bad = Member(2, "../../rota.pdf", None, "damaged", "The file is damaged.")
    container = await Container.of(study, outside, [files("uno")[0], bad, replace_ordinal(files("tres")[0], 3)])
    await container.open()
    outcome = await container.take_out()
    assert len(outcome["start"]) == 2
    second = (await container.members())[1]
    assert (second["path"], second["document_id"], second["error_code"]) == ("rota.pdf", None, "damaged")
    assert "rota.pdf could not be taken out: The file is damaged." in (await container.row()).warnings


async def test_very_many_bad_members_are_all_on_record_and_some_are_named(study: Study, outside: Fakes) -> None:
    bad = [Member(at, f"{at}.pdf", None, "damaged", "The file is damaged.") for at in range(1, 61)]
    container = await Container.of(study, outside, bad)
    await container.open()
    for first in (1, 31):
        await container.take_out(first, first + 29)
    assert len(await container.members()) == 60
    named = [warning for warning in (await container.row()).warnings if "could not be taken out" in warning]
    assert len(named) == 20


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\x\\..\\y.txt", "x/y.txt"),
        ("", "document"),
    ],
)
async def test_names_that_climb_are_harmless(study: Study, outside: Fakes, path: str, shown: str) -> None:
    container = await Container.of(study, outside, [Member(1, path, b"hola")])
    await container.open()
    await container.take_out()
    [document] = await container.documents()
    assert (document.name, (await container.members())[0]["path"]) == (shown, shown)
    assert all(".." not in put and "passwd" not in put for put in outside.blobs.puts)


async def test_a_container_that_holds_itself_is_not_opened_for_ever(study: Study, outside: Fakes) -> None:
    container = await Container.of(study, outside, [Member(1, "todo.zip", b"PK")], b"PK")
    await container.open()
    assert (await container.take_out())["start"] == []
    assert (await container.members())[0]["error_code"] == "rejected"


async def test_containers_within_containers_are_opened_to_a_depth(study: Study) -> None:
    outside = fakes(study.database, max_depth=2)
    container = await Container.of(study, outside, [Member(1, "1.zip", b"PK 1")], b"PK 0")
    for depth in (1, 2):
        await container.open()
        [child] = (await container.take_out())["start"]
        container = Container(study, outside, await study.read(child))
        outside.reader.contents = [Member(1, f"{depth + 1}.zip", b"PK %d" % (depth + 1))]
    assert (await container.row()).depth == 2
    outcome = await preprocess_document(ImportJob(*container.ids), outside.ports)
    assert outcome == {"status": "ended", "reason": "too_deep"}


async def test_what_was_too_deep_is_opened_when_it_is_uploaded_itself(study: Study) -> None:
    outside = fakes(study.database, max_depth=0)
    container = await Container.of(study, outside, [Member(1, "1.zip", b"PK 1")], b"PK 0")
    outcome = await preprocess_document(ImportJob(*container.ids), outside.ports)
    assert outcome["reason"] == "too_deep"
    outside = fakes(study.database, max_depth=1)
    again = await Container.of(study, outside, files("uno"), b"PK 0")
    await again.open()
    assert len((await again.take_out())["start"]) == 1


async def test_an_e_mail_that_lies_too_deep_is_read_without_its_attachments(study: Study) -> None:
    container = await Container.of(study, fakes(study.database, max_depth=0), files("uno"), b"From:", pages=1)
    await container.open()
    row = await container.row()
    assert (row.page_count, row.member_count) == (1, None)
    assert any("attachments were not taken out" in warning for warning in row.warnings)


@pytest.mark.parametrize(
    ("limits", "code"), [({"max_members": 2}, "too_many_members"), ({"max_member_bytes": 7}, "too_large")]
)
async def test_one_upload_gives_so_many_documents_and_bytes_and_no_more(
    study: Study, limits: dict[str, int], code: str
) -> None:
    container = await Container.of(study, fakes(study.database, **limits), files("uno", "dos", "tres"))
    await container.open()
    for _ in range(2):  # a second time counts the same documents
        await container.take_out(1, 2)
        await container.take_out(3, 3)
        assert [member["error_code"] for member in await container.members()] == [None, None, code]


async def test_what_comes_out_of_inner_containers_counts_for_the_upload(study: Study) -> None:
    outside = fakes(study.database, max_members=3)
    container = await Container.of(study, outside, files("uno", "PK inner"))
    await container.open()
    await container.take_out()
    inner = Container(study, outside, await study.read(container.id_of("PK inner")))
    outside.reader.contents = files("a", "b", "c")
    await inner.open()
    await inner.take_out()
    assert [member["error_code"] for member in await inner.members()] == [None, *["too_many_members"] * 2]


async def test_it_stops_when_it_takes_long_and_says_where_to_go_on(
    container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.steps.members.OCR_SOFT_LIMIT", -1.0)
    assert [(await container.take_out(first))["next"] for first in (1, 2, 3)] == [2, 3, 4]
    assert len(await container.documents()) == 3


async def test_a_storage_that_is_away_is_tried_again(container: Container) -> None:
    container.outside.reader.error = Unavailable("Away.")
    assert (await container.take_out())["status"] == "retry"
    container.outside.reader.error = None
    assert (await container.take_out())["next"] == 4


async def test_an_archive_is_completed_once_its_members_are_registered(container: Container) -> None:
    await container.take_out()
    outcome = await complete_container(ImportJob(*container.ids), container.outside.ports)
    assert outcome == {"status": "done", "container": True, "documents": 3, "not_taken_out": 0}
    row = await container.row()
    assert (row.status, row.type, row.progress, row.member_count) == ("completed", "other", 100, 3)
    assert await complete_container(ImportJob(*container.ids), container.outside.ports) == {
        "status": "done", "before": True,
    }  # fmt: skip
    assert await container.take_out() == {"status": "done", "before": True}


async def test_members_of_another_tenant_are_not_seen(container: Container) -> None:
    await container.take_out()
    other = await Study.begin(container.study.database)
    async with other.tenant() as tx:
        assert await tx.members.listing(container.document_id, 0, 10) == []
        assert await tx.members.parents(container.id_of("uno")) == []
        assert await tx.members.out_of(container.document_id) == (0, 0)


def replace_ordinal(member: Member, ordinal: int) -> Member:
    return Member(ordinal, f"{ordinal}.txt", member.data)
