"""Search by words and by what documents are, on the real database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from shared.domain.business import BusinessRecord
from shared.domain.codebook import Passage
from shared.domain.document import Description, DocumentType
from shared.domain.searching import Filters, query_of
from tests.support.database import Study, passage

SPANISH = [
    "La migración de los datos tardó más de lo previsto.",
    "Las enfermeras cuentan que el año pasado fue duro.",
    "Nadie me preguntó por los datos, ni por la pulsera.",
]
ENGLISH = ["The nurses were talking about data all day long.", "It's a well-known trick: don't call, write."]


async def filled(study: Study, texts: Sequence[str], language: str = "es", name: str = "a.txt") -> list[Passage]:
    document = await study.document(" ".join(texts).encode() + name.encode(), name)
    passages = [replace(passage(document, n, 1000 * n, text), language=language) for n, text in enumerate(texts)]
    async with study.tenant() as tx:
        await tx.corpus.replace_passages(document, passages)
    return passages


async def found(
    study: Study, query: str, filters: Filters | None = None, documents: list[str] | None = None
) -> list[str]:
    async with study.tenant() as tx:
        ranked = await tx.corpus.by_words(study.project_id, query_of(query, filters), documents, 50)
        ids = [passage_id for passage_id, _ in ranked]
        rows = await tx.corpus.found(ids)
    assert all(0 <= share <= 1 for _, share in ranked)
    return [str(rows[one]["text"]) for one in ids]


@pytest.mark.parametrize("query", ["migración", "MIGRACION", "migraciones", "¿la migración?", "la migracion de los"])
async def test_accents_case_endings_and_small_words_do_not_matter(study: Study, query: str) -> None:
    await filled(study, SPANISH)
    assert (await found(study, query))[:1] == SPANISH[:1]


async def test_english_words_are_found_by_their_stems_and_spanish_enye_without_its_tilde(study: Study) -> None:
    await filled(study, SPANISH)
    await filled(study, ENGLISH, "en", "b.txt")
    assert await found(study, "nurse talked") == ENGLISH[:1]
    assert await found(study, "ano duro") == [SPANISH[1]]


async def test_a_rare_word_counts_more_than_a_common_one(study: Study) -> None:
    await filled(study, SPANISH)
    assert await found(study, "datos pulsera") == [SPANISH[2], SPANISH[0]]


async def test_a_text_of_another_language_is_found_by_its_words_as_they_are(study: Study) -> None:
    await filled(study, ["Die Pflegerinnen sind müde."], "de")
    assert await found(study, "mude") == ["Die Pflegerinnen sind müde."]


async def test_a_phrase_must_stand_there_word_for_word(study: Study) -> None:
    await filled(study, [*SPANISH, "Los datos tardaron en la\nmigración   de año en año."])
    assert await found(study, '"migracion de los datos"') == [SPANISH[0]]
    assert await found(study, '"MIGRACIÓN de año"') == ["Los datos tardaron en la\nmigración   de año en año."]
    assert await found(study, '"de los" enfermeras') == [SPANISH[0]]
    assert await found(study, '"gracion de los"') == []
    assert await found(study, '"datos" "pulsera"') == [SPANISH[2]]


@pytest.mark.parametrize(
    "query",
    ["!!!", "'", "\\", "a'b\\c & | ! <-> :*", "()", "' or 1=1 --", "%", "ñ" * 1000, "x " * 999, "😀", '"', '""a'],
)
async def test_no_query_breaks_the_search(study: Study, query: str) -> None:
    await filled(study, SPANISH)
    assert await found(study, query) == []


async def test_a_query_of_small_words_alone_is_searched_for_all_the_same(study: Study) -> None:
    await filled(study, ["Yo sin ti.", "Nada más."])
    assert await found(study, "sin") == ["Yo sin ti."]


async def test_nothing_is_found_outside_the_tenant_the_project_the_languages_and_the_documents(study: Study) -> None:
    passages = await filled(study, SPANISH)
    other, neighbour = await Study.begin(study.database), await Study.begin(study.database, study.tenant_id)
    await filled(neighbour, ["Otra pulsera."])
    assert await found(study, "pulsera") == [SPANISH[2]]
    async with other.tenant() as tx:
        assert await tx.corpus.by_words(study.project_id, query_of("pulsera"), None, 50) == []
    assert await found(study, "pulsera", Filters(languages=("en",))) == []
    assert await found(study, "pulsera", documents=[]) == []
    assert await found(study, "pulsera", documents=[passages[0].document_id]) == [SPANISH[2]]
    async with study.database.connection() as db:
        query = "select * from search_passages($1, 'pulsera', '{}', null, null, 5)"
        assert await db.fetch(query, study.project_id) == []


async def test_passages_that_were_cut_anew_are_not_found(study: Study) -> None:
    await filled(study, SPANISH)
    document = await study.document(" ".join(SPANISH).encode() + b"a.txt", "a.txt")
    async with study.tenant() as tx:
        await tx.corpus.replace_passages(document, [passage(document, 0, 5, "Sólo esto.")])
    assert await found(study, "pulsera solo") == ["Sólo esto."]


async def test_documents_are_told_by_type_date_and_party(study: Study) -> None:
    bill, talk = await study.document(b"bill", "bill.pdf"), await study.document(b"talk", "talk.txt")
    record = BusinessRecord(
        kind=DocumentType.INVOICE, issue_date=date(2026, 3, 1), seller_name="Librería El Faro, S.A.",
        seller_tax_id="A-58818501", buyer_name="Ana",
    )  # fmt: skip
    plain = record.model_dump(mode="json")
    about = Description("Charla", "es", "…", "2025-11", ("Lucía Gómez",), ("Hospital Clínic",))
    async with study.tenant() as tx:
        await tx.documents.retyped(bill.document_id, "invoice")
        await tx.records.put(bill, "invoice", plain)
        await tx.documents.retyped(talk.document_id, "interview")
        await tx.documents.described(talk.document_id, about)

    async def fitting(**wanted: object) -> set[str]:
        async with study.tenant() as tx:
            ids = await tx.corpus.fitting(study.project_id, Filters(**wanted))  # type: ignore[arg-type]
        return {{bill.document_id: "bill", talk.document_id: "talk"}[one] for one in ids}

    assert await fitting() == {"bill", "talk"}
    assert await fitting(types=("invoice", "receipt")) == {"bill"}
    assert await fitting(document_ids=(talk.document_id,)) == {"talk"}
    assert await fitting(date_from=date(2026, 3, 1), date_to=date(2026, 3, 1)) == {"bill"}
    assert await fitting(date_to=date(2025, 11, 30)) == {"talk"}
    assert await fitting(date_from=date(2027, 1, 1)) == set()
    assert await fitting(parties=("libreria el faro",)) == {"bill"}
    assert await fitting(parties=("a58818501",)) == {"bill"}
    assert await fitting(parties=("588",)) == set()
    assert await fitting(parties=("gómez", "nobody")) == {"talk"}
    assert await fitting(parties=("hospital clinic",), types=("invoice",)) == set()


async def test_a_date_that_is_none_does_not_stop_the_search(study: Study) -> None:
    odd = await study.document(b"odd", "odd.txt")
    async with study.tenant() as tx:
        await tx.documents.described(odd.document_id, Description("Odd", "en", "", "last spring, 31-02"))
        assert await tx.corpus.fitting(study.project_id, Filters(date_from=date(1900, 1, 1))) == []
