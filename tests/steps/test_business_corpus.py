"""Business records by rules, and the index stage with search over it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.domain.errors import ContentFiltered, Throttled, Truncated
from shared.domain.runs import ImportJob
from shared.domain.searching import Filters, query_of
from shared.steps.corpus import index_document
from shared.steps.reading import load_text
from shared.steps.search import passages_collection, search_project
from tests.steps.conftest import Import
from tests.support.database import Study, passages_of
from tests.support.fakes import Fakes

INVOICE = """Suministros Norte SL
NIF: B12345674
FACTURA
Número de factura: F-2026-014
Fecha de emisión: 01/03/2026
Fecha de vencimiento: 31/03/2026
Cliente: Librería Ana SL

Base imponible: 100,00 €
IVA 21 %: 21,00 €
Total factura: 121,00 €
"""


async def test_an_invoice_becomes_a_row_that_offices_read(study: Study, outside: Fakes) -> None:
    document = await Import.of(study, outside, INVOICE)
    assert await document.until("publish_document") == {"status": "done", "to": "invoice"}
    assert (await document.row()).type == "invoice"
    async with study.database.tenant_connection(study.tenant_id) as db:
        row = await db.fetchrow("select number, total, currency from invoices")
    assert row is not None
    assert dict(row) == {"number": "F-2026-014", "total": Decimal("121.0000"), "currency": "EUR"}


async def test_a_record_that_breaks_a_rule_waits_for_a_person_with_each_finding(study: Study, outside: Fakes) -> None:
    document = await Import.of(study, outside, INVOICE.replace("121,00", "150,00"))
    assert await document.until("validate_record") == {"status": "ended", "reason": "needs_review"}
    row = await document.row()
    assert (row.status, row.stage, row.error_code) == ("needs_review", "validate", "needs_review")
    assert "121.00" in (row.error_message or "")
    async with study.tenant() as tx:
        record = await tx.records.get(document.document_id)
    assert record is not None
    assert [finding["rule"] for finding in record["findings"]] == ["net_plus_tax"]
    assert (await document.events())[-2:] == ["validated", "needs_review"]


async def test_the_reason_is_told_in_the_project_s_language(study: Study, outside: Fakes) -> None:
    document = await Import.of(study, outside, INVOICE.replace("121,00", "150,00"))
    await document.until("validate_record")
    async with study.tenant() as tx:
        language = (await tx.projects.get(study.project_id)).language
        record = await tx.records.get(document.document_id)
    assert record is not None
    told = "message_es" if language == "es" else "message"
    assert (await document.row()).error_message == record["findings"][0][told]


async def test_a_warning_goes_with_the_record_and_holds_up_nothing(study: Study, outside: Fakes) -> None:
    document = await Import.of(study, outside, INVOICE)
    await document.until("extract_record")
    async with study.tenant() as tx:
        stored = await tx.records.get(document.document_id)
        assert stored is not None
        read = {"seller_tax_id": {"reader": "structured", "path": "/Invoice/Seller", "confidence": 1.0}}
        plain = stored["record"] | {"seller_tax_id": "B12345675", "sources": read}
        await tx.records.put(await document.row(), "invoice", plain)
    assert await document.step("validate_record") == {"status": "done", "findings": 1}
    async with study.tenant() as tx:
        checked = await tx.records.get(document.document_id)
    assert checked is not None
    assert [(one["field"], one["severity"]) for one in checked["findings"]] == [("seller_tax_id", "warning")]


async def test_nothing_goes_on_with_a_document_that_waits_for_a_person(study: Study, outside: Fakes) -> None:
    document = await Import.of(study, outside, INVOICE.replace("121,00", "150,00"))
    await document.until("embed_document")
    assert (await document.row()).status == "needs_review"
    async with study.database.tenant_connection(study.tenant_id) as db:
        assert await db.fetchval("select count(*) from invoices") == 0


async def test_other_documents_pass_the_business_stages(document: Import) -> None:
    assert await document.until("extract_record") == {"status": "done", "record": False}
    assert await document.step("validate_record") == {"status": "done", "record": False}
    assert await document.step("publish_document") == {"status": "done", "to": "corpus"}
    row = await document.row()
    assert (row.type, row.language) == ("other", "es")


async def test_passages_map_back_to_the_canonical_text(study: Study, outside: Fakes) -> None:
    page = "\n".join(f"Frase número {n} de un párrafo que dura." for n in range(60))
    document = await Import.of(study, outside, page, page.replace("Frase", "Oración"))
    outcome = await document.until("chunk_document")
    text = await load_text(await document.row(), outside.ports)
    async with study.tenant() as tx:
        passages = await tx.corpus.passages(document.document_id)
    assert outcome == {"status": "done", "passages": len(passages)}
    assert [passage.ordinal for passage in passages] == list(range(len(passages)))
    assert {passage.page for passage in passages} == {1, 2}
    for passage in passages:
        assert passage.text.split() == text[passage.start : passage.end].split()


async def test_a_document_is_described_by_the_analyst(document: Import) -> None:
    assert (await document.until("describe_document"))["described"] is True
    assert ((await document.row()).description or {})["title"] == "Título"
    assert document.outside.analyst.asked == [("describe", "Nadie me avisó del cambio.\n\nMe enfadé mucho aquel día.")]


@pytest.mark.parametrize("error", [ContentFiltered(), Truncated()])
async def test_a_document_that_cannot_be_described_is_indexed_all_the_same_with_a_warning(
    document: Import, error: Exception
) -> None:
    document.outside.analyst.description = error
    assert await document.until("embed_document") == {"status": "done", "embedded": 1}
    row = await document.row()
    assert (row.status, row.description) == ("completed", None)
    assert any("Metadata is missing" in warning for warning in row.warnings)


async def test_a_busy_analyst_is_asked_again_later(document: Import) -> None:
    document.outside.analyst.description = Throttled(after=3)
    outcome = await document.until("describe_document")
    assert (outcome["status"], outcome["error"], outcome["after"]) == ("retry", "rate_limit", 3)
    assert (await document.row()).status == "indexing"


async def test_a_passage_is_embedded_once(document: Import) -> None:
    outside = document.outside
    await document.until("describe_document")
    outside.embedder.error = Throttled()
    assert (await document.step("embed_document"))["status"] == "retry"
    outside.embedder.error = None
    assert (await document.step("embed_document"))["status"] == "done"
    assert len(outside.embedder.texts) == 1
    collection = passages_collection(outside.embedder.name)
    [record] = outside.vectors.collections[collection].values()
    assert record.payload == {
        "tenant_id": document.study.tenant_id,
        "project_id": document.study.project_id,
        "document_id": document.document_id,
        "language": "es",
    }


async def test_embedders_never_share_a_collection() -> None:
    names = ["m/1", "m/2", "text embedding 3"]
    collections = {passages_collection(name) for name in names}
    assert len(collections) == 3
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in collections)


async def test_a_hit_leads_to_the_document_page_and_characters(document: Import) -> None:
    await document.until("embed_document")
    study, ports = document.study, document.outside.ports
    [passage] = document.outside.embedder.texts
    query = query_of(passage, Filters(types=("other",)))
    [hit], following, _ = await search_project(study.tenant_id, study.project_id, query, ports)
    assert (hit["score"], hit["found_by"], following) == (1.0, ["text", "vectors"], None)
    assert (hit["document_id"], hit["document"], hit["page"], hit["start"]) == (document.document_id, "a.txt", 1, 0)
    text = await load_text(await document.row(), ports)
    assert hit["quote"] == text[hit["start"] : hit["end"]]
    assert hit["quote"].split() == passage.split()


async def test_a_search_keeps_to_its_project_tenant_and_filters(document: Import) -> None:
    await document.until("embed_document")
    study, ports = document.study, document.outside.ports
    other = await Study.begin(study.database)

    async def hits(tenant_id: str, project_id: str, **filters: tuple[str, ...]) -> int:
        query = query_of("cambio", Filters(**filters))  # type: ignore[arg-type]
        return len((await search_project(tenant_id, project_id, query, ports))[0])

    assert await hits(study.tenant_id, study.project_id) == 1
    assert await hits(other.tenant_id, study.project_id) == 0
    assert await hits(study.tenant_id, other.project_id) == 0
    assert await hits(study.tenant_id, study.project_id, types=("invoice",)) == 0
    assert await hits(study.tenant_id, study.project_id, languages=("en", "es"), types=()) == 1


async def test_a_hit_whose_passage_is_gone_is_left_out(document: Import) -> None:
    await document.until("embed_document")
    study = document.study
    async with study.tenant() as tx:
        await tx.corpus.replace_passages(await tx.documents.get(document.document_id), [])
    query = query_of("cambio")
    assert await search_project(study.tenant_id, study.project_id, query, document.outside.ports) == ([], None, None)


async def test_vectors_of_passages_that_were_cut_anew_leave_the_index(document: Import) -> None:
    await document.until("embed_document")
    outside, study = document.outside, document.study
    index = outside.vectors.collections[passages_collection(outside.embedder.name)]
    [old] = index
    neighbour = await Import.of(study, outside, "Otro documento, que nadie corta.")
    await neighbour.until("embed_document")
    async with study.tenant() as tx:
        row = await tx.documents.get(document.document_id)
        await tx.corpus.replace_passages(row, passages_of(row, "Nadie me avisó", "del cambio."))
    for _ in range(2):
        async with study.database.tenant_connection(study.tenant_id) as db:
            await db.execute("update documents set status = 'published' where document_id = $1", document.document_id)
        assert (await document.step("embed_document"))["status"] == "done"
    assert old not in index
    assert len(index) == 3


async def test_a_long_list_of_hits_is_read_page_by_page(study: Study, outside: Fakes) -> None:
    texts = [f"Pulsera número {n}." for n in range(25)]
    passages = await study.with_passages(*texts)
    key = ("documents", f"{study.tenant_id}/{passages[0].document_id}/text.txt")
    outside.blobs.files[key] = " ".join(texts).encode()
    seen: list[str] = []
    after: int | None = 0
    while after is not None:
        hits, after, _ = await search_project(
            study.tenant_id, study.project_id, query_of("pulsera"), outside.ports, after=after, limit=10
        )
        seen += [hit["quote"] for hit in hits]
    assert sorted(seen) == sorted(texts)


async def test_the_index_stage_in_one_goes_through_its_parts_and_waits_for_the_model_first(document: Import) -> None:
    await document.until("publish_document")
    job, outside, found = ImportJob(*document.ids), document.outside, document.outside.analyst.description
    outside.analyst.description = Throttled("Busy.", 7)
    outcome = await index_document(job, outside.ports)
    assert (outcome["status"], outcome["error"], outcome["after"]) == ("retry", "rate_limit", 7)
    async with document.study.tenant() as tx:
        assert await tx.corpus.passages(document.document_id) == []
    outside.analyst.description = found
    assert (await index_document(job, outside.ports))["status"] == "done"
    row = await document.row()
    assert (row.status, row.progress, (row.description or {})["title"]) == ("completed", 100, "Título")
    assert len(outside.vectors.collections[passages_collection(outside.embedder.name)]) == 1
    asked = list(outside.analyst.asked)
    assert await index_document(job, outside.ports) == {"status": "done", "before": True}
    assert outside.analyst.asked == asked
