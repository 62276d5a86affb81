"""Files that cannot be read: each ends with a status, a code and a sentence, and none is lost."""

from __future__ import annotations

import asyncio
import http.client
import io
import random

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tests.adapters.reading.files import lines, pdf, picture, zipped
from tests.support.app import File, RunningApp, sample

NOISE = random.Random(7).randbytes(5000)
HOLLOW = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
NO_PAGES = HOLLOW + b"trailer<</Root 1 0 R/Size 3>>\n%%EOF\n"


def _blank(canvas: Canvas) -> None:
    canvas.setTitle("nothing")


def _truncated() -> bytes:
    [(_, data)] = sample("entrevista-04")
    return data[: len(data) // 3]


def _small(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


BAD: dict[str, tuple[File, set[str]]] = {
    "an empty file": (("empty.pdf", b""), {"empty_file"}),
    "a PDF with a password": (("locked.pdf", pdf(lines("secret"), password="s3cret")), {"encrypted"}),
    "a truncated PDF": (("cut.pdf", _truncated()), {"cut_off"}),
    "a PDF that is noise": (("noise.pdf", b"%PDF-1.7\n" + NOISE), {"cut_off"}),
    "a PDF without pages": (("hollow.pdf", NO_PAGES), {"no_pages", "damaged"}),
    "a PDF with an empty page": (("blank.pdf", pdf(_blank)), {"no_text"}),
    "random bytes": (("photo-of-my-cat", NOISE), {"undecodable_text", "unsupported_type", "damaged"}),
    "random bytes as text": (("notes.txt", NOISE), {"undecodable_text", "unsupported_type"}),
    "random bytes as Word": (("notes.docx", NOISE), {"damaged"}),
    "a text of spaces": (("spaces.txt", b" \n\n \t " * 50), {"no_text", "empty_file"}),
    "a program": (("setup.exe", b"MZ\x90\x00" + NOISE), {"unsupported_type"}),
    "an archive of another kind": (("all.7z", b"7z\xbc\xaf\x27\x1c" + NOISE), {"unsupported_type"}),
    "an archive without files": (("none.zip", zipped({})), {"empty_file"}),
    "a page of the web": (("page.html", b"<!doctype html><html><body>Hi</body></html>"), {"unsupported_type"}),
    "too large a file": (("huge.txt", b"All work and no play. " * (60 * 2**20 // 22)), {"too_large"}),
}


@pytest.mark.parametrize("what", BAD)
async def test_a_bad_file_is_rejected_with_a_reason_and_kept(app: RunningApp, what: str) -> None:
    project_id = await app.create_project()
    (name, data), codes = BAD[what]
    [document] = await app.import_files(project_id, (name, data))
    assert (document["status"], document["error_code"] in codes) == ("rejected", True), document
    assert document["error_message"].endswith(".")
    assert document["events"][-1]["status"] == "rejected"
    assert await app.original(document["document_id"]) == data
    assert (await app.get(f"projects/{project_id}/documents?status=rejected"))["items"][0]["name"] == name


async def test_a_rejected_file_sent_again_is_looked_at_again(app: RunningApp) -> None:
    project_id = await app.create_project()
    [first] = await app.import_files(project_id, ("empty.txt", b""))
    [again] = await app.upload(project_id, ("empty.txt", b""))
    assert (again["duplicate_of"], again["status"]) == (first["document_id"], "pending")
    document = await app.wait_for_document(first["document_id"])
    assert (document["status"], document["error_code"]) == ("rejected", "empty_file")
    assert [event["status"] for event in document["events"]].count("rejected") == 2


async def test_a_rejected_document_has_no_text(app: RunningApp) -> None:
    [document] = await app.import_files(await app.create_project(), ("empty.txt", b""))
    for path in ("text", "pages/1"):
        answer = await app.ask("GET", f"documents/{document['document_id']}/{path}")
        assert (answer.status, answer.body["code"]) == (404, "not_found")


async def test_an_image_called_pdf_is_read_as_what_it_is(app: RunningApp) -> None:
    image = picture("The bus to the village", "was late again today", size=(700, 300), mode="L")
    [document] = await app.import_files(await app.create_project(language="en"), ("scan.pdf", _small(image)))
    assert (document["status"], document["media_type"]) == ("completed", "image/png")
    assert "named .pdf" in " ".join(document["warnings"])
    assert "village" in await app.text(document["document_id"])


async def test_a_text_in_an_old_encoding_is_read(app: RunningApp) -> None:
    said = "Ayer por la mañana llegó la señora Muñoz y preguntó por el niño. Después se marchó."
    documents = await app.import_files(
        await app.create_project(), ("latin.txt", said.encode("cp1252")), ("wide.txt", said.encode("utf-16"))
    )
    assert [document["status"] for document in documents] == ["completed"] * 2
    assert [(await app.text(document["document_id"])).strip() for document in documents] == [said] * 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\x\\y.txt", "x/y.txt"),
        ("/absolute/path.txt", "absolute/path.txt"),
        ("..", "document"),
        ("a\tb.txt", "ab.txt"),
        ("x" * 400 + ".txt", "x" * 251 + ".txt"),
        ("<script>alert(1)</script>.txt", "<script>alert(1)</script>.txt"),
        ("' ; drop table documents; --", "' ; drop table documents; --"),
    ],
)
async def test_a_name_is_only_a_name(app: RunningApp, name: str, shown: str) -> None:
    [document] = await app.import_files(await app.create_project(), (name, f"A file with a name: {name}".encode()))
    assert (document["name"], document["status"]) == (shown, "completed")
    paths = [
        blob.name async for blob in app.blobs.get_container_client("documents").list_blobs() if "passwd" in blob.name
    ]
    assert paths == []


async def test_a_name_in_an_old_encoding_is_no_trouble(app: RunningApp) -> None:
    project_id = await app.create_project()

    def send() -> int:
        connection = http.client.HTTPConnection(app.url.removeprefix("http://"))
        headers = {"Content-Disposition": 'attachment; filename="caf\xe9.txt"'}  # goes out as Latin-1
        connection.request("POST", f"/api/projects/{project_id}/documents", b"One coffee, please.", headers)
        return connection.getresponse().status

    assert await asyncio.to_thread(send) == 202
    [document] = (await app.get(f"projects/{project_id}/documents"))["items"]
    assert document["name"].startswith("caf")
    assert (await app.wait_for_document(document["document_id"]))["status"] == "completed"


async def test_bad_files_do_not_hold_up_good_ones(app: RunningApp) -> None:
    files = [("good.txt", b"This one is fine, and nothing is wrong with it."), ("bad.pdf", b"%PDF-"), ("empty", b"")]
    documents = await app.import_files(await app.create_project(), *files)
    assert [document["status"] for document in documents] == ["completed", "rejected", "rejected"]


async def test_a_text_with_nul_characters_is_no_trouble(app: RunningApp) -> None:
    data = b"Interviewer: How was it?\n\nPaula: It was fine,\x00 really\x00 fine, as far as I remember.\n" * 20
    [document] = await app.import_files(await app.create_project(language="en"), ("nul.txt", data))
    assert document["status"] in {"completed", "rejected"}
    assert document["error_code"] in {None, "undecodable_text", "unsupported_type"}
