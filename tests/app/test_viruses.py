"""The app with a virus scanner: a real clamd where one is installed, else a stand-in that speaks its protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from localhost.stack import Stack
from tests.adapters.reading.files import zipped
from tests.adapters.reading.test_containers import mail
from tests.app.test_containers import NOTES, ended
from tests.support.app import RunningApp
from tests.support.clamav import CLAMD, EICAR, SIGNATURE, clamd, stand_in

SCANNED = {"ANTIVIRUS_POLICY": "refuse", "STAGE_RETRY_DELAYS": "1,1"}


@pytest.fixture(scope="module")
async def scanner_url() -> AsyncIterator[str]:
    if CLAMD:
        with clamd(StreamMaxLength="2M", ScanMail="no") as url:  # so that attachments are looked at one by one
            yield url
    else:
        async with stand_in(most=2_000_000) as one:
            yield one.url


@pytest.fixture(scope="module")
async def scanned(
    stack: Stack, tmp_path_factory: pytest.TempPathFactory, scanner_url: str
) -> AsyncIterator[RunningApp]:
    folder = tmp_path_factory.mktemp("scanned-app")
    async with RunningApp(stack, folder, {**SCANNED, "CLAMD_URL": scanner_url}) as running:
        yield running


async def test_a_clean_file_is_imported_and_says_who_looked_through_it(scanned: RunningApp) -> None:
    [document] = await scanned.import_files(await scanned.create_project(), ("notas.txt", NOTES))
    assert (document["status"], document["scan"]["verdict"]) == ("completed", "clean")
    assert document["scan"]["engine"].startswith("ClamAV ")
    assert document["scan"]["at"]
    assert document["warnings"] == []


async def test_a_virus_is_rejected_by_name_kept_apart_and_never_handed_out(scanned: RunningApp) -> None:
    [document] = await scanned.import_files(await scanned.create_project(), ("notas.txt", EICAR))
    assert (document["status"], document["error_code"]) == ("rejected", "infected")
    assert SIGNATURE in document["error_detail"]
    assert (document["scan"]["verdict"], document["pages"]) == ("infected", [])
    assert await scanned.original(document["document_id"]) == EICAR
    for path in ("text", "pages/1"):
        answer = await scanned.ask("GET", f"documents/{document['document_id']}/{path}")
        assert (answer.status, answer.body["code"]) == (422, "infected")


async def test_a_virus_in_an_e_mail_rejects_that_attachment_alone(scanned: RunningApp) -> None:
    project_id = await scanned.create_project()
    data = mail("Buenos días, van dos papeles.", {"notas.txt": NOTES, "virus.txt": EICAR.ljust(200)})
    await scanned.import_files(project_id, ("correo.eml", data))
    documents = {item["name"]: item for item in await ended(scanned, project_id)}
    assert {name: (item["status"], item["error_code"]) for name, item in documents.items()} == {
        "correo.eml": ("completed", None),
        "notas.txt": ("completed", None),
        "virus.txt": ("rejected", "infected"),
    }
    parent = await scanned.get(f"documents/{documents['correo.eml']['document_id']}")
    assert [member["error_code"] for member in parent["members"]["items"]] == [None, "infected"]


async def test_a_file_that_the_scanner_does_not_take_is_refused_where_all_must_be_scanned(scanned: RunningApp) -> None:
    [document] = await scanned.import_files(await scanned.create_project(), ("large.txt", NOTES * 40_000))
    assert (document["status"], document["error_code"]) == ("rejected", "not_scannable")
    assert document["scan"]["verdict"] == "not_scanned"


async def test_without_a_scanner_documents_say_that_nobody_looked(app: RunningApp) -> None:
    [document] = await app.import_files(await app.create_project(), ("notas.txt", NOTES))
    assert (document["status"], document["scan"]["verdict"]) == ("completed", "not_scanned")
    assert "No se han buscado virus en el archivo. No hay ningún antivirus configurado." in document["warnings"]
    assert document["scan"]["reason"] == "No hay ningún antivirus configurado."


async def test_warnings_are_told_in_the_caller_s_language(app: RunningApp) -> None:
    [document] = await app.import_files(await app.create_project(language="es"), ("notas.txt", NOTES + b"!"))
    path = f"documents/{document['document_id']}"
    english = await app.get(path, headers={"Accept-Language": "en-GB, es;q=0.5"})
    assert english["warnings"] == ["The file was not scanned for viruses. No virus scanner is configured."]
    spanish = await app.get(path, headers={"Accept-Language": "es-PE"})
    assert spanish["warnings"] == document["warnings"] != english["warnings"]
    listed = await app.get(f"projects/{document['project_id']}/documents", headers={"Accept-Language": "en"})
    assert listed["items"][0]["warnings"] == english["warnings"]
    old = "update documents set warnings = '[\"Page 2: faint.\"]' where document_id = $1 returning document_id"
    await app.rows(old, document["document_id"])
    # What an earlier version wrote stays as it was written.
    assert (await app.get(path))["warnings"] == ["Page 2: faint."]


@pytest.mark.slow
async def test_a_scanner_that_is_away_lets_nothing_pass_and_what_waited_can_be_sent_again(
    stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with stand_in() as one:
        one.hangs_up = True
        settings = {**SCANNED, "CLAMD_URL": one.url, "ANTIVIRUS_POLICY": "mark"}
        async with RunningApp(stack, tmp_path_factory.mktemp("away-app"), settings) as running:
            project_id = await running.create_project()
            [document] = await running.import_files(project_id, ("notas.txt", NOTES))
            assert (document["status"], document["error_code"]) == ("preprocess_failed", "scanner_unavailable")
            assert [event["status"] for event in document["events"]].count("retrying") == 3
            one.hangs_up = False
            [document] = await running.import_files(project_id, ("notas.txt", NOTES))
            assert (document["status"], document["scan"]["verdict"]) == ("completed", "clean")


async def test_a_scanner_finds_a_virus_in_an_archive_before_it_is_opened(scanned: RunningApp) -> None:
    if not CLAMD:
        pytest.skip("clamd is not installed: the stand-in does not look into archives")
    project_id = await scanned.create_project()
    [document] = await scanned.import_files(project_id, ("todo.zip", zipped({"notas.txt": NOTES, "v.txt": EICAR})))
    assert (document["status"], document["error_code"]) == ("rejected", "infected")
    assert len(await ended(scanned, project_id)) == 1
