"""Records over HTTP: an invoice that does not add up is corrected, published, listed and exported."""

from __future__ import annotations

import asyncio
import csv
import io
import uuid

import pytest

from tests.support.app import Answer, Json, RunningApp

INVOICE = """Suministros Norte SL
NIF: B12345674
FACTURA
Número de factura: {number}
Fecha de emisión: 01/03/2026
Fecha de vencimiento: 31/03/2026
Cliente: Librería Ana SL

Base imponible: 100,00 €
IVA 21 %: 21,00 €
Total factura: {total} €
"""


def invoice(number: str, total: str = "121,00", end: str = "") -> bytes:
    return (INVOICE.format(number=number, total=total) + end).encode()


async def imported(app: RunningApp, data: bytes, project_id: str | None = None) -> Json:
    [document] = await app.import_files(project_id or await app.create_project(), ("factura.txt", data))
    return document


async def patch(app: RunningApp, document: Json, body: Json, **headers: str) -> Answer:
    return await app.ask("PATCH", f"documents/{document['document_id']}/record", json=body, headers=headers)


async def test_an_invoice_with_a_wrong_total_is_corrected_and_published(app: RunningApp) -> None:
    document = await imported(app, invoice("F-1", "150,00"))
    assert (document["status"], document["error_code"]) == ("needs_review", "needs_review")
    assert [finding["rule"] for finding in document["record"]["findings"]] == ["net_plus_tax"]
    answer = await patch(app, document, {"total": "121.00"}, **{"If-Match": '"1"'})
    assert (answer.status, answer.headers["ETag"], answer.body["version"]) == (202, '"2"', 2)
    document = await app.wait_for_document(document["document_id"])
    assert (document["status"], document["progress"]) == ("completed", 100)
    [row] = await app.rows("select total, net from invoices where document_id = $1", document["document_id"])
    assert (float(row["total"]), float(row["net"])) == (121, 100)
    told = [event["status"] for event in document["events"]]
    again = told[len(told) - told[::-1].index("pending") - 1 :]
    assert again == [
        "pending", "validating", "validated", "publishing", "published", "indexing", "completed",
    ]  # fmt: skip
    [correction] = (await app.get(f"documents/{document['document_id']}/corrections"))["items"]
    assert (correction["field"], correction["old"], correction["new"]) == ("total", "150.00", "121.00")
    assert (correction["by"], correction["version"]) == ("demo", 2)
    assert document["record"]["record"]["sources"]["total"]["reader"] == "person"


async def test_the_same_correction_twice_changes_nothing_the_second_time(app: RunningApp) -> None:
    document = await imported(app, invoice("F-2", "150,00"))
    both = await asyncio.gather(*(patch(app, document, {"total": 121}, **{"If-Match": '"1"'}) for _ in range(2)))
    assert sorted(answer.status for answer in both) == [200, 202]
    document = await app.wait_for_document(document["document_id"])
    assert document["status"] == "completed"
    late = await patch(app, document, {"total": 121}, **{"If-Match": '"1"'})
    assert (late.status, late.body["status"], late.body["version"]) == (200, "completed", 2)
    assert len((await app.get(f"documents/{document['document_id']}/corrections"))["items"]) == 1
    assert [event["status"] for event in document["events"]].count("completed") == 1


async def test_two_people_do_not_overwrite_each_other(app: RunningApp) -> None:
    document = await imported(app, invoice("F-3", "150,00"))
    path = f"documents/{document['document_id']}/record"
    etag = (await app.ask("GET", path)).headers["ETag"]
    assert (await patch(app, document, {"total": "121.00"}, **{"If-Match": etag})).status == 202
    await app.wait_for_document(document["document_id"])
    second = await patch(app, document, {"total": "122.00"}, **{"If-Match": etag})
    assert (second.status, second.body["code"]) == (412, "version_mismatch")
    assert (await app.get(path))["record"]["total"] == "121.00"


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"totl": "1"}, 422, "unknown_field", "totl"),
        ({"sources": {}}, 422, "unknown_field", "sources"),
        ({"total": "a lot"}, 422, "invalid_correction", "total"),
        ({"lines": [{"descripton": "a"}]}, 422, "unknown_field", "lines.0.descripton"),
        ([], 400, "invalid_request", ""),
    ],
)
async def test_a_correction_that_cannot_be_is_refused_and_names_the_field(
    app: RunningApp, body: Json, status: int, code: str, field: str
) -> None:
    document = await imported(app, invoice("F-4", "150,00"))
    answer = await patch(app, document, body)
    assert (answer.status, answer.body["code"]) == (status, code)
    assert [error["field"] for error in answer.body["errors"]] == [field]


async def test_a_foreign_record_is_answered_like_a_missing_one(app: RunningApp) -> None:
    document = await imported(app, invoice("F-5", "150,00"))
    stranger = {"X-Tenant-Id": str(uuid.uuid4())}
    path = f"documents/{document['document_id']}"
    answers = [
        await patch(app, document, {"total": "121.00"}, **stranger),
        await patch(app, document, {"total": "121.00"}, **{"X-User-Id": "not-a-member"}),
        await app.ask("GET", f"{path}/record", headers=stranger),
        await app.ask("GET", f"{path}/corrections", headers=stranger),
        await app.ask(
            "POST", f"{path}/record/waivers", headers=stranger,
            json={"findings": [{"field": "total", "rule": "net_plus_tax"}], "reason": "because"},
        ),
        await app.ask("GET", f"projects/{document['project_id']}/records", headers=stranger),
        await app.ask("GET", f"projects/{document['project_id']}/exports/invoices.csv", headers=stranger),
    ]  # fmt: skip
    assert [answer.status for answer in answers] == [404] * len(answers)
    assert (await app.get(f"{path}/record"))["version"] == 1


async def test_a_finding_is_accepted_with_a_reason(app: RunningApp) -> None:
    document = await imported(app, invoice("F-6", "150,00"))
    path = f"documents/{document['document_id']}"
    named = [{"field": "total", "rule": "net_plus_tax"}]
    no_reason = await app.ask("POST", f"{path}/record/waivers", json={"findings": named, "reason": " "})
    unknown = await app.ask(
        "POST", f"{path}/record/waivers", json={"findings": [{"field": "net", "rule": "x"}], "reason": "As printed."}
    )
    assert (no_reason.status, unknown.status, unknown.body["code"]) == (400, 422, "unknown_finding")
    answer = await app.ask("POST", f"{path}/record/waivers", json={"findings": named, "reason": "As printed."})
    assert answer.status == 202
    document = await app.wait_for_document(document["document_id"])
    assert document["status"] == "completed"
    assert document["record"]["findings"][0]["waived"]["reason"] == "As printed."
    [waiver] = (await app.get(f"{path}/corrections"))["waivers"]
    assert (waiver["by"], waiver["rule"], waiver["reason"]) == ("demo", "net_plus_tax", "As printed.")


async def test_an_invoice_that_is_a_receipt_moves_to_the_expenses(app: RunningApp) -> None:
    document = await imported(app, invoice("F-7"))
    assert document["status"] == "completed"
    assert (await patch(app, document, {"kind": "receipt"})).status == 202
    document = await app.wait_for_document(document["document_id"])
    assert (document["status"], document["type"], document["record"]["kind"]) == ("completed", "receipt", "receipt")
    counts = "select (select count(*) from invoices i where document_id = $1)::text as invoices, " \
        "(select count(*) from expenses e where document_id = $1)::text as expenses"  # fmt: skip
    assert await app.rows(counts, document["document_id"]) == [{"invoices": "0", "expenses": "1"}]


async def test_of_the_same_invoice_uploaded_twice_at_once_one_waits_and_names_the_other(app: RunningApp) -> None:
    project_id = await app.create_project()
    copies = [(f"{n}.txt", invoice("F-8", end="\n" * n)) for n in range(4)]
    documents = await app.import_files(project_id, *copies)
    [first] = [document for document in documents if document["status"] == "completed"]
    others = [document for document in documents if document["status"] == "needs_review"]
    assert len(others) == 3
    for other in others:
        [finding] = other["record"]["findings"]
        assert (finding["rule"], finding["document_id"]) == ("duplicate", first["document_id"])
    [row] = await app.rows("select count(*)::text as n from invoices where project_id = $1", project_id)
    assert row["n"] == "1"


async def test_records_are_listed_and_exported(app: RunningApp) -> None:
    project_id = await app.create_project()
    await imported(app, invoice("F-9"), project_id)
    wrong = await imported(app, invoice("F-10", "150,00"), project_id)
    path = f"projects/{project_id}/records"
    assert {item["number"] for item in (await app.get(path))["items"]} == {"F-9", "F-10"}
    assert [item["number"] for item in (await app.get(f"{path}?status=published"))["items"]] == ["F-9"]
    [waiting] = (await app.get(f"{path}?status=waiting&kind=invoice"))["items"]
    assert (waiting["document_id"], waiting["total"]) == (wrong["document_id"], "150.00")
    page = await app.get(f"{path}?limit=1")
    rest = await app.get(f"{path}?limit=1&after={page['next']}")
    assert {one["items"][0]["number"] for one in (page, rest)} == {"F-9", "F-10"}
    published = await _csv(app, project_id, "invoices")
    assert [(row["number"], float(row["total"]), row["issue_date"]) for row in published] == [
        ("F-9", 121, "2026-03-01")
    ]
    everything = await _csv(app, project_id, "records")
    assert {(row["number"], row["status"]) for row in everything} == {("F-9", "completed"), ("F-10", "needs_review")}
    assert (await app.ask("GET", f"projects/{project_id}/exports/model_calls.csv")).status == 404


async def test_an_export_runs_nothing_in_a_spreadsheet(app: RunningApp) -> None:
    document = await imported(app, invoice("F-11"))
    assert (await patch(app, document, {"buyer_name": "=cmd|' /C calc'!A0"})).status == 202
    await app.wait_for_document(document["document_id"])
    [row] = await _csv(app, document["project_id"], "invoices")
    assert row["buyer"] == "'=cmd|' /C calc'!A0"


async def _csv(app: RunningApp, project_id: str, table: str) -> list[dict[str, str]]:
    answer = await app.ask("GET", f"projects/{project_id}/exports/{table}.csv")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))
