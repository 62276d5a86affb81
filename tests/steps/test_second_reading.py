"""The second reading in the stages: asked where rules are unsure, checked against the text, and never in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.analysis import Brief
from shared.domain.document import DocumentType
from shared.domain.errors import ContentFiltered, MalformedAnswer, Throttled, Truncated
from shared.domain.proposals import ProposedField, ProposedType
from shared.domain.proposed_rows import ProposedRow, ProposedRows
from shared.domain.remarks import from_plain
from shared.domain.type_descriptions import DESCRIPTIONS
from shared.ports import Owner
from shared.steps.reading import load_text
from tests.steps.conftest import Import
from tests.support.database import Study
from tests.support.fakes import Fakes, fakes

# The buyer stands under no label that rules know.
INVOICE = """Suministros Norte SL
NIF: B12345674
FACTURA
Número de factura: F-2026-014
Fecha de emisión: 01/03/2026
Fecha de vencimiento: 31/03/2026
Con mucho gusto servido en casa de Librería Ana SL el mismo día

Base imponible: 100,00 €
IVA 21 %: 21,00 €
Total factura: 121,00 €
"""
UNCLEAR = "Total 20,00 €\nRecuerde el IVA de la reparación del tejado. Gracias, Pedro.\n"
BUYER = ProposedField("buyer_name", "Librería Ana SL", "servido en casa de Librería Ana SL")


@dataclass
class ScriptedClerk:
    """Answers as told, or raises."""

    type: ProposedType | Exception = field(default_factory=lambda: ProposedType(DocumentType.OTHER, ""))
    fields: Sequence[ProposedField] | Exception = ()
    listed: Sequence[ProposedRow] | Exception = ()
    unread: int = 0
    asked: list[str] = field(default_factory=list)

    async def classify(self, brief: Brief, text: str) -> ProposedType:
        self.asked.append("type")
        if isinstance(self.type, Exception):
            raise self.type
        return self.type

    async def extract(self, brief: Brief, text: str, kind: DocumentType, language: str) -> list[ProposedField]:
        self.asked.append("record")
        if isinstance(self.fields, Exception):
            raise self.fields
        return list(self.fields)

    async def rows(self, brief: Brief, text: str, kind: DocumentType, language: str) -> ProposedRows:
        self.asked.append("rows")
        if isinstance(self.listed, Exception):
            raise self.listed
        return ProposedRows(tuple(self.listed), self.unread)


@pytest.fixture
def clerk() -> ScriptedClerk:
    """A clerk whose answers the test tells."""
    return ScriptedClerk()


@pytest.fixture
def outside(study: Study, clerk: ScriptedClerk) -> Fakes:
    """The outside in memory, with that clerk."""
    found = fakes(study.database)
    return replace(found, ports=replace(found.ports, clerk=clerk))


async def record_of(document: Import) -> dict[str, Any]:
    async with document.study.tenant() as tx:
        stored = await tx.records.get(document.document_id)
    assert stored is not None
    return dict(stored["record"])


async def warnings_of(document: Import) -> list[str]:
    async with document.study.database.tenant_connection(document.study.tenant_id) as db:
        said = await db.fetchval("select warnings from documents where document_id = $1", document.document_id)
    return [warning for warning in map(from_plain, said) if warning != "Seen."]  # what the scripted reader always says


async def test_a_buyer_that_rules_miss_comes_from_the_model_with_its_place(
    study: Study, outside: Fakes, clerk: ScriptedClerk
) -> None:
    clerk.fields = [BUYER]
    document = await Import.of(study, outside, INVOICE)
    assert (await document.until("publish_document"))["status"] == "done"
    record = await record_of(document)
    source = record["sources"]["buyer_name"]
    text = await load_text(await document.row(), outside.ports)
    assert (record["buyer_name"], source["reader"], source["page"]) == ("Librería Ana SL", "model", 1)
    assert text[source["start"] : source["end"]] == "Librería Ana SL"
    assert clerk.asked == ["record", "rows"]  # of the type the rules were sure


async def test_without_a_model_the_rules_stand_alone(study: Study) -> None:
    document = await Import.of(study, fakes(study.database), INVOICE)
    await document.until("extract_record")
    record = await record_of(document)
    assert record["buyer_name"] is None
    assert {source["reader"] for source in record["sources"].values()} == {"rules"}


async def test_an_invented_total_is_refused_and_said(study: Study, outside: Fakes, clerk: ScriptedClerk) -> None:
    clerk.fields = [ProposedField("total", "999.00", "Total factura: 999,00 €"), BUYER]
    document = await Import.of(study, outside, INVOICE)
    await document.until("extract_record")
    record = await record_of(document)
    assert (Decimal(record["total"]), record["buyer_name"]) == (Decimal(121), "Librería Ana SL")
    assert await warnings_of(document) == ["Values of the model that stand nowhere in the document, not taken: 1."]


async def test_a_disagreement_lowers_confidence_and_warns(study: Study, outside: Fakes, clerk: ScriptedClerk) -> None:
    alone = await Import.of(study, outside, INVOICE)
    await alone.until("extract_record")
    clerk.fields = [ProposedField("total", "100.00", "Base imponible: 100,00 €")]
    document = await Import.of(study, outside, INVOICE + "\n")
    await document.until("extract_record")
    before, after = await record_of(alone), await record_of(document)
    assert after["total"] == before["total"]
    assert after["sources"]["total"]["confidence"] < before["sources"]["total"]["confidence"]
    assert await warnings_of(document) == ["Rules and model read total differently: it is less sure."]


@pytest.mark.parametrize("error", [ContentFiltered(), Truncated(), MalformedAnswer()])
async def test_a_model_that_cannot_answer_leaves_the_rules_alone(
    study: Study, outside: Fakes, clerk: ScriptedClerk, error: Exception
) -> None:
    clerk.type = clerk.fields = error
    document = await Import.of(study, outside, INVOICE)
    assert (await document.until("publish_document"))["status"] == "done"
    assert (await record_of(document))["number"] == "F-2026-014"
    assert any("read by rules alone" in warning for warning in await warnings_of(document))
    unclear = await Import.of(study, outside, UNCLEAR)
    assert (await unclear.until("publish_document"))["status"] == "done"
    assert (await unclear.row()).type == "other"
    assert any("No model was heard" in warning for warning in await warnings_of(unclear))


BARE = ProposedRow("Portes al almacén 100,00 €", {"description": "Portes al almacén", "amount": "100.00"})
WITH_ROW = INVOICE.replace("\n\nBase", "\nPortes al almacén 100,00 €\nBase")


async def test_lines_that_only_the_model_reads_come_with_their_places(
    study: Study, outside: Fakes, clerk: ScriptedClerk
) -> None:
    clerk.listed = [BARE]
    document = await Import.of(study, outside, WITH_ROW)
    assert (await document.until("publish_document"))["status"] == "done"
    record = await record_of(document)
    source = record["sources"]["lines.0"]
    text = await load_text(await document.row(), outside.ports)
    assert [(line["description"], line["amount"]) for line in record["lines"]] == [("Portes al almacén", "100.00")]
    assert (text[source["start"] : source["end"]], source["reader"], source["page"]) == (BARE.quote, "model", 1)
    assert await warnings_of(document) == []


async def test_lines_that_do_not_add_up_are_left_out_and_said(
    study: Study, outside: Fakes, clerk: ScriptedClerk
) -> None:
    tax = ProposedRow("IVA 21 %: 21,00 €", {"description": "IVA", "amount": "21.00"})
    clerk.listed, clerk.unread = [tax, replace(tax, quote="Nothing 5,00")], 2
    document = await Import.of(study, outside, WITH_ROW)
    await document.until("extract_record")
    assert (await record_of(document))["lines"] == []
    assert set(await warnings_of(document)) == {
        "Rows that only the model read do not add up, and were left out: 1.",
        "The document is long: parts whose rows no model has read: 2.",
        "Values of the model that stand nowhere in the document, not taken: 1.",
    }


async def test_rows_that_the_model_cannot_list_leave_its_fields(
    study: Study, outside: Fakes, clerk: ScriptedClerk
) -> None:
    clerk.fields, clerk.listed = [BUYER], Truncated()
    document = await Import.of(study, outside, INVOICE)
    assert (await document.until("publish_document"))["status"] == "done"
    record = await record_of(document)
    assert (record["buyer_name"], record["lines"]) == ("Librería Ana SL", [])
    assert any("rows of the record were read by rules alone (truncated)" in one for one in await warnings_of(document))


STATEMENT = """Banco Norte - Extracto de movimientos
Saldo inicial 100,00
02/01/2026 Recibo luz 50,00
03/01/2026 Devolución 50,00
04/01/2026 Nómina 1.000,00
Saldo final 1.100,00
"""


async def test_movements_get_the_signs_that_make_the_balances(
    study: Study, outside: Fakes, clerk: ScriptedClerk
) -> None:
    """To the rules one of two equal amounts goes out, and nothing says which: the one for light, says the model."""
    clerk.listed = [
        ProposedRow("02/01/2026 Recibo luz 50,00", {"date": "2026-01-02", "amount": "-50.00"}),
        ProposedRow("03/01/2026 Devolución 50,00", {"date": "2026-01-03", "amount": "50.00"}),
        ProposedRow("04/01/2026 Nómina 1.000,00", {"date": "2026-01-04", "amount": "1000.00"}),
    ]
    document = await Import.of(study, outside, STATEMENT)
    assert (await document.until("publish_document"))["status"] == "done"
    record = await record_of(document)
    assert [Decimal(one["amount"]) for one in record["transactions"]] == [-50, 50, 1000]
    readers = [record["sources"][f"transactions.{n}"]["reader"] for n in (0, 1, 2)]
    assert readers == ["model", "rules", "rules"]
    assert await published(study, document) == [(-50, None), (50, None), (1000, None)]


async def test_the_balance_after_each_movement_is_published_where_the_paper_prints_it(
    study: Study, outside: Fakes, clerk: ScriptedClerk
) -> None:
    text = STATEMENT.replace("luz 50,00", "luz 50,00 50,00").replace("ción 50,00", "ción 50,00 100,00")
    document = await Import.of(study, outside, text.replace("1.000,00", "1.000,00 1.100,00"))
    assert (await document.until("publish_document"))["status"] == "done"
    assert await published(study, document) == [(-50, 50), (50, 100), (1000, 1100)]


async def published(study: Study, document: Import) -> list[tuple[object, ...]]:
    """Amounts of the movements as they stand in the table, each with the balance after it."""
    async with study.database.tenant_connection(study.tenant_id) as db:
        rows = await db.fetch(
            "select amount, balance from bank_transactions where document_id = $1 order by ordinal",
            document.document_id,
        )
    return [tuple(row) for row in rows]


async def test_a_busy_model_is_asked_again_later(study: Study, outside: Fakes, clerk: ScriptedClerk) -> None:
    clerk.type = clerk.fields = Throttled(after=7)
    unclear = await Import.of(study, outside, UNCLEAR)
    outcome = await unclear.until("classify_document")
    assert (outcome["status"], outcome["error"], outcome["after"]) == ("retry", "rate_limit", 7)
    document = await Import.of(study, outside, INVOICE)
    assert (await document.until("extract_record"))["status"] == "retry"
    clerk.fields = [BUYER]
    assert (await document.step("extract_record"))["status"] == "done"
    assert (await record_of(document))["buyer_name"] == "Librería Ana SL"


async def test_where_rules_are_unsure_the_model_names_the_type_by_words_of_the_text(
    study: Study, outside: Fakes, clerk: ScriptedClerk
) -> None:
    clerk.type = ProposedType(DocumentType.INVOICE, "el IVA de la reparación")
    document = await Import.of(study, outside, UNCLEAR)
    outcome = await document.until("classify_document")
    assert (outcome["type"], outcome["confidence"]) == ("invoice", 0.6)
    assert "the model says invoice" in outcome["signs"]


async def test_a_type_whose_words_stand_nowhere_is_not_taken(
    study: Study, outside: Fakes, clerk: ScriptedClerk
) -> None:
    clerk.type = ProposedType(DocumentType.INVOICE, "FACTURA PROFORMA")
    document = await Import.of(study, outside, UNCLEAR)
    assert (await document.until("classify_document"))["type"] == "other"
    assert any("stand nowhere" in warning for warning in await warnings_of(document))


class ReadsLike:
    """An embedder to which every text but the descriptions means the same as one of them."""

    def __init__(self, type: DocumentType) -> None:
        self.name, self.dimensions = f"reads-like-{type.value}", len(DESCRIPTIONS)
        self._texts = [text for _, text in DESCRIPTIONS]
        self._same = [described for described, _ in DESCRIPTIONS].index(type)

    async def embed(self, texts: Sequence[str], owner: Owner | None = None) -> list[list[float]]:
        at = [self._texts.index(text) if text in self._texts else self._same for text in texts]
        return [[float(place == column) for column in range(self.dimensions)] for place in at]


async def test_a_tie_that_a_description_breaks_needs_no_model(
    study: Study, outside: Fakes, clerk: ScriptedClerk
) -> None:
    like = replace(outside, ports=replace(outside.ports, embedder=ReadsLike(DocumentType.BANK_STATEMENT)))
    tie = "Factura\nVencimiento\nExtracto\nSaldo 20,00 €\nIVA 3,00 €\n"
    outcome = await (await Import.of(study, like, tie)).until("classify_document")
    assert (outcome["type"], outcome["confidence"], clerk.asked) == ("bank_statement", 0.55, [])
    outcome = await (await Import.of(study, like, UNCLEAR)).until("classify_document")
    assert (outcome["type"], clerk.asked) == ("other", ["type"])


async def test_what_a_person_said_is_not_asked_about(study: Study, outside: Fakes, clerk: ScriptedClerk) -> None:
    document = await Import.of(study, outside, UNCLEAR)
    async with study.database.tenant_connection(study.tenant_id) as db:
        await db.execute(
            'update documents set hints = \'{"type": "other"}\' where document_id = $1', document.document_id
        )
    assert (await document.until("classify_document"))["confidence"] == 1.0
    assert clerk.asked == []
