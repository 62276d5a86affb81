"""E-mails and archives over HTTP: what lies in them is imported like any upload."""

from __future__ import annotations

import uuid

import pytest

from shared.domain.document import FINISHED_STATUSES
from tests.adapters.reading.files import lines, pdf, word, zipped
from tests.adapters.reading.hostile import nested_zip
from tests.adapters.reading.test_containers import mail
from tests.support.app import Json, RunningApp, sample

NOTES = "Ana: La reunión empezó tarde, y nadie nos avisó del cambio de turno. Así pasa siempre.".encode()


async def ended(app: RunningApp, project_id: str) -> list[Json]:
    """All documents of a project once nothing of it is under way any more."""

    async def all_over() -> bool:
        items = (await app.get(f"projects/{project_id}/documents?limit=500"))["items"]
        return bool(items) and all(item["status"] in FINISHED_STATUSES for item in items)

    await app.until(all_over, "every document has ended")
    return list((await app.get(f"projects/{project_id}/documents?limit=500"))["items"])


async def test_an_e_mail_s_attachments_are_documents_of_their_own(app: RunningApp) -> None:
    project_id = await app.create_project()
    [(name, invoice)] = sample("factura-2026-0117")
    data = mail("Buenos días. Le envío la factura y mis notas de la reunión.", {name: invoice, "notas.txt": NOTES})
    [parent] = await app.import_files(project_id, ("correo.eml", data))
    documents = {item["name"]: item for item in await ended(app, project_id)}
    assert set(documents) == {"correo.eml", name, "notas.txt"}
    assert {item["status"] for item in documents.values()} == {"completed"}
    assert documents[name]["type"] == "invoice"
    assert "Le envío la factura" in await app.text(parent["document_id"])
    parent = await app.get(f"documents/{parent['document_id']}")
    assert parent["members"]["count"] == parent["members"]["documents"] == 2
    assert [(m["path"], m["status"]) for m in parent["members"]["items"]] == [
        (name, "completed"), ("notas.txt", "completed"),
    ]  # fmt: skip
    child = await app.get(f"documents/{documents['notas.txt']['document_id']}")
    assert child["parents"] == [
        {"document_id": parent["document_id"], "name": "correo.eml", "path": "notas.txt", "ordinal": 2}
    ]
    instance = await app.rows("select count(*) as n from stage_events where document_id = $1", child["document_id"])
    assert instance[0]["n"] >= 15


async def test_an_archive_is_completed_as_a_container_and_its_files_are_imported(app: RunningApp) -> None:
    project_id = await app.create_project()
    data = zipped(
        {
            "entrevistas/ana.txt": NOTES,
            "entrevistas/copia de ana.txt": NOTES,
            "../../fuera.docx": word("Luis: yo llegué después, cuando todo había pasado ya."),
            "rota.pdf": b"%PDF-1.7 and nothing else",
            "vacía.txt": b"",
        }
    )
    [parent] = await app.import_files(project_id, ("todo.zip", data))
    assert (parent["status"], parent["type"], parent["progress"], parent["pages"]) == ("completed", "other", 100, [])
    assert (parent["member_count"], parent["error_code"]) == (5, None)
    documents = {item["name"]: item for item in await ended(app, project_id)}
    assert set(documents) == {"todo.zip", "entrevistas/ana.txt", "fuera.docx", "rota.pdf"}
    assert documents["entrevistas/ana.txt"]["status"] == documents["fuera.docx"]["status"] == "completed"
    assert (documents["rota.pdf"]["status"], documents["rota.pdf"]["error_code"]) == ("rejected", "cut_off")
    members = (await app.get(f"documents/{parent['document_id']}"))["members"]
    assert {key: members[key] for key in ("count", "taken", "documents", "failed")} == {
        "count": 5, "taken": 5, "documents": 3, "failed": 1,
    }  # fmt: skip
    assert [member["error_code"] for member in members["items"]] == [None, None, None, "cut_off", "empty_file"]
    assert members["items"][0]["document_id"] == members["items"][1]["document_id"]
    assert (await app.ask("GET", f"documents/{parent['document_id']}/text")).status == 404


async def test_the_same_container_twice_changes_nothing(app: RunningApp) -> None:
    project_id = await app.create_project()
    data = mail("Dos notas.", {"a.txt": NOTES, "b.txt": NOTES + b" Fin."})
    await app.import_files(project_id, ("uno.eml", data))
    before = await ended(app, project_id)
    [again] = await app.upload(project_id, ("dos.eml", data))
    assert again["duplicate_of"]
    assert await ended(app, project_id) == before


async def test_containers_within_containers_are_opened_to_a_depth_and_no_further(app: RunningApp) -> None:
    project_id = await app.create_project()
    await app.import_files(project_id, ("outer.zip", nested_zip(3)))
    documents = {item["name"]: item for item in await ended(app, project_id)}
    assert documents["level-0.txt"]["status"] == "completed"
    project_id = await app.create_project()
    await app.import_files(project_id, ("outer.zip", nested_zip(6)))
    documents = {item["name"]: item for item in await ended(app, project_id)}
    assert "level-0.txt" not in documents
    [deep] = [item for item in documents.values() if item["status"] == "rejected"]
    assert (deep["error_code"], deep["name"]) == ("too_deep", "level-3.zip")


async def test_a_file_uploaded_beside_the_e_mail_that_has_it_attached_is_imported_once(app: RunningApp) -> None:
    project_id = await app.create_project()
    report = pdf(lines("The report that was sent twice", "says the same both times."))
    await app.upload(project_id, ("a.eml", mail("See the report.", {"report.pdf": report})), ("report.pdf", report))
    documents = await ended(app, project_id)
    assert sorted(item["name"] for item in documents) == ["a.eml", "report.pdf"]
    [one] = [item for item in documents if item["name"] == "report.pdf"]
    events = (await app.get(f"documents/{one['document_id']}"))["events"]
    assert [event["status"] for event in events].count("completed") == 1


@pytest.mark.slow
async def test_many_members_arrive_in_batches_and_are_read_page_by_page(app: RunningApp) -> None:
    project_id = await app.create_project()
    data = zipped({f"{n:03}.txt": f"Ana: En la visita {n} hablamos de la confianza.".encode() for n in range(1, 131)})
    [parent] = await app.import_files(project_id, ("many.zip", data))
    assert {item["status"] for item in await ended(app, project_id)} == {"completed"}
    seen: list[str] = []
    after: int | None = 0
    while after is not None:
        page = await app.get(f"documents/{parent['document_id']}/members?limit=60&after={after}")
        seen += [item["path"] for item in page["items"]]
        after = page["next"]
    assert seen == [f"{n:03}.txt" for n in range(1, 131)]
    assert len(parent["members"]["items"]) == 100


async def test_members_of_a_foreign_document_are_answered_like_those_of_a_missing_one(app: RunningApp) -> None:
    [parent] = await app.import_files(await app.create_project(), ("a.zip", zipped({"a.txt": NOTES})))
    path = f"documents/{parent['document_id']}/members"
    foreign = await app.ask("GET", path, headers={"X-Tenant-Id": str(uuid.uuid4())})
    missing = await app.ask("GET", f"documents/{uuid.uuid4()}/members")
    assert (foreign.status, foreign.body) == (missing.status, missing.body)
    assert foreign.status == 404


@pytest.mark.parametrize(
    ("language", "header", "sentence"),
    [
        ("es", None, "El archivo está vacío o no contiene texto."),
        ("en", None, "The file is empty."),
        ("en", "es-PE,es;q=0.9", "El archivo está vacío o no contiene texto."),
        ("es", "en", "The file is empty."),
    ],
)
async def test_an_error_is_told_in_the_reader_s_language_or_the_project_s(
    app: RunningApp, language: str, header: str | None, sentence: str
) -> None:
    [document] = await app.import_files(await app.create_project(language=language), ("empty.txt", b""))
    headers = {"Accept-Language": header} if header else {}
    told = await app.get(f"documents/{document['document_id']}", headers=headers)
    assert (told["error_code"], told["error_message"]) == ("empty_file", sentence)
    assert told["error_detail"] == "The file is empty."
    missing = await app.ask("GET", f"documents/{uuid.uuid4()}", headers=headers)
    assert (missing.body["title"] == "No encontrado") is bool(header and header.startswith("es"))


async def test_a_theory_about_documents_that_are_not_there_is_refused_by_their_ids(app: RunningApp) -> None:
    project_id = await app.create_project()
    good, bad = await app.import_files(project_id, ("a.txt", NOTES), ("empty.txt", b""))
    unknown = str(uuid.uuid4())
    wanted = [good["document_id"], bad["document_id"], unknown]
    answer = await app.ask("POST", f"projects/{project_id}/generate-theory", json={"document_ids": wanted})
    assert (answer.status, answer.body["code"]) == (422, "unknown_documents")
    assert answer.body["errors"] == [
        {"document_id": bad["document_id"], "problem": "not completed: rejected"},
        {"document_id": unknown, "problem": "not in this project"},
    ]
