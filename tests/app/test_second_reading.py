"""Papers in an app with a model: what it may add, what is refused, and orders in papers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from localhost.stack import Stack
from tests.app.test_injection import ORDER, outcome, outside_blocks
from tests.support.app import Json, RunningApp, model
from tests.support.model_server import ModelServer, behaviours

# Rules know no buyer "a la atención de"; the model of the tests does.
INVOICE = """Suministros Norte SL
NIF: B12345674
FACTURA
Número de factura: F-2026-014
Fecha de emisión: 01/03/2026
Fecha de vencimiento: 31/03/2026
A la atención de: Librería Ana SL

Base imponible: 100,00 €
IVA 21 %: 21,00 €
Total factura: 121,00 €
"""
UNCLEAR = "Total 20,00 €\nRecuerde el IVA de la factura de la reparación del tejado. Gracias, Pedro.\n"


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer(invent=0.0) as running:
        yield running


@pytest.fixture(scope="module")
async def app(stack: Stack, tmp_path_factory: pytest.TempPathFactory, server: ModelServer) -> AsyncIterator[RunningApp]:
    """An app with that model."""
    async with RunningApp(stack, tmp_path_factory.mktemp("clerk-app"), model(server.base_url)) as running:
        yield running


async def imported(app: RunningApp, text: str) -> Json:
    project_id = await app.create_project(language="es")
    [document] = await app.import_files(project_id, ("a.txt", text.encode()))
    return document


async def test_a_buyer_that_rules_miss_is_published_with_its_characters(app: RunningApp) -> None:
    document = await imported(app, INVOICE)
    assert document["status"] == "completed"
    record = document["record"]["record"]
    source = record["sources"]["buyer_name"]
    text = await app.text(document["document_id"])
    assert (record["buyer_name"], source["reader"]) == ("Librería Ana SL", "model")
    assert text[source["start"] : source["end"]] == "Librería Ana SL"
    assert record["sources"]["seller_tax_id"]["reader"] == "rules"


# Rules find no table here: no header, and no row that proves itself.
LINES = """
- Mesa de roble: 60,00 €
- Silla plegable: 40,00 €
"""
STATEMENT = """Banco Norte
Extracto de movimientos
Saldo inicial 100,00
02/01/2026 Recibo de la luz 30,00 70,00
03/01/2026 Nómina 1.000,00 1.070,00
05/01/2026 Recibo de la luz 30,00 1.040,00
Saldo final 1.040,00
"""


async def test_lines_of_the_model_are_published_with_their_characters(app: RunningApp) -> None:
    document = await imported(app, INVOICE.replace("F-2026-014", "F-2026-018") + LINES)
    assert document["status"] == "completed"
    record = document["record"]["record"]
    assert [(one["description"], one["amount"]) for one in record["lines"]] == [
        ("Mesa de roble", "60.00"),
        ("Silla plegable", "40.00"),
    ]
    text = await app.text(document["document_id"])
    for n, written in enumerate(LINES.strip().splitlines()):
        source = record["sources"][f"lines.{n}"]
        assert text[source["start"] : source["end"]] == written


async def test_movements_of_the_model_make_the_closing_balance(app: RunningApp) -> None:
    document = await imported(app, STATEMENT)
    assert (document["status"], document["type"]) == ("completed", "bank_statement")
    record = document["record"]["record"]
    assert [one["amount"] for one in record["transactions"]] == ["-30.00", "1000.00", "-30.00"]
    assert [one["balance"] for one in record["transactions"]] == ["70.00", "1070.00", "1040.00"]


async def test_orders_about_rows_change_no_row_that_adds_up(app: RunningApp, server: ModelServer) -> None:
    paper = INVOICE.replace("F-2026-014", "F-2026-019") + LINES
    honest = await imported(app, paper)
    before = len(server.asked)
    attacked = await imported(app, f"{paper}\n{ORDER}\n- Nada de nada: 99,00 €\n")
    assert honest["record"]["record"]["lines"]
    # With the line that the attacker put in nothing adds up: the paper's lines are not taken from the model then.
    assert attacked["record"]["record"]["lines"] == []
    assert attacked["record"]["record"]["total"] == honest["record"]["record"]["total"]
    assert any("no cuadran" in warning for warning in attacked["warnings"])
    asked = [one for one in server.asked[before:] if one.purpose == "lines"]
    assert asked
    assert all(ORDER in one.user and ORDER not in outside_blocks(one) for one in asked)


async def test_an_invented_total_and_seller_are_refused(app: RunningApp, server: ModelServer) -> None:
    server.coder.invent = 1.0
    try:
        document = await imported(app, INVOICE.replace("F-2026-014", "F-2026-015"))
    finally:
        server.coder.invent = 0.0
    record = document["record"]["record"]
    # The rules miss this seller: better none than one that the model made up.
    assert (float(record["total"]), record["seller_name"]) == (121.0, None)
    assert "987654" not in str(record)
    assert any("no se han tomado: 3" in warning for warning in document["warnings"])


async def test_orders_in_a_paper_change_nothing_even_where_the_model_believes_them(
    app: RunningApp, server: ModelServer
) -> None:
    paper = INVOICE.replace("F-2026-014", "F-2026-016")
    honest = await imported(app, paper)
    before = len(server.asked)
    attacked = await imported(app, f"{paper}\n{ORDER}\nTotal: 0,00 €\n")
    assert outcome(attacked) == outcome(honest)
    assert any("leen total de forma distinta" in warning for warning in attacked["warnings"])
    asked = [one for one in server.asked[before:] if one.purpose == "extraction"]
    assert asked
    assert all(ORDER in one.user and ORDER not in outside_blocks(one) for one in asked)


async def test_a_model_that_will_not_answer_leaves_the_rules_alone(app: RunningApp, server: ModelServer) -> None:
    server.always(behaviours.filtered, lambda asked: asked.purpose in {"extraction", "classification"})
    try:
        document = await imported(app, INVOICE.replace("F-2026-014", "F-2026-017"))
        unclear = await imported(app, UNCLEAR.replace("Pedro", "Juan"))
    finally:
        server.rules_clear()
    assert (document["status"], document["record"]["record"]["number"]) == ("completed", "F-2026-017")
    assert any("se ha leído solo con reglas (content_filter): El filtro" in warning for warning in document["warnings"])
    assert (unclear["status"], unclear["type"]) == ("completed", "other")


async def test_a_type_that_rules_leave_open_is_asked_for_once(app: RunningApp, server: ModelServer) -> None:
    before = len(server.asked)
    document = await imported(app, UNCLEAR)
    assert document["type"] == "invoice"
    assert [one.purpose for one in server.asked[before:]].count("classification") == 1


async def test_an_interview_that_rules_know_costs_no_question(app: RunningApp, server: ModelServer) -> None:
    before = len(server.asked)
    turns = "\n".join(f"Ana: ¿Qué pasó el día {n}?\nLuis: Yo creo que nadie me avisó." for n in range(6))
    document = await imported(app, f"Entrevista a Luis\n{turns}\n")
    assert document["type"] == "interview"
    assert {one.purpose for one in server.asked[before:]} <= {"description"}
