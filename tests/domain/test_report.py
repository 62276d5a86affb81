"""The report of a theory."""

from __future__ import annotations

import pytest

from shared.domain.report import category_map, theory_markdown
from tests.support.theories import evidence, theory


def test_the_report_leads_from_the_title_to_every_quote() -> None:
    report = theory_markdown(theory())
    for line in (
        "# La hora que nadie explica",
        "- **Estado**: definitiva",
        "- **Pregunta de investigación**: ¿Qué cambió?",
        "- **Analista**: openai, m-1 (versión de instrucciones 3)",
        "## Categoría central",
        "**Confianza**",
        "**Por qué.** Une todo",
        "| Código | Definición | Citas | Documentos |",
        "| --- | --- | ---: | ---: |",
        "| esperar sin saber | No saber cuándo | 4 | 2 |",
        "Esta categoría no tiene códigos.",
        "### Horario → Confianza",
        "*es condición de.* El horario la sostiene.",
        "### 1. Sin aviso no hay confianza",
        "Trata de: Confianza, Horario.",
        "**A favor** (1)",
        "> nadie me avisó",
        "> — entrevista-01.txt, página 1, caracteres 10-24 · esperar sin saber",
        "**En contra** (1)",
        "> a mí me da igual",
        "### axial\\_coding",
        "| Citas descartadas por no estar en el texto | 2 |",
        "| Pasajes sin cubrir | 1 |",
        "| entrevista-02.txt | 2 | content\\_filter |",
        "## Nota de método",
    ):
        assert line in report.splitlines(), line


def test_the_report_is_in_the_language_of_the_theory() -> None:
    report = theory_markdown(theory(language="en"))
    assert "## Core category" in report
    assert "page 1, characters 10-24" in report
    assert "*is a condition of.*" in report
    assert "Categoría central" not in report


def test_an_offline_theory_is_called_a_suggestion_to_confirm() -> None:
    report = theory_markdown(theory(status="suggestion", language="en"))
    assert "**suggestion to confirm**" in report
    assert "not a result" in report
    assert "**sugerencia por confirmar**" in theory_markdown(theory(status="suggestion"))


def test_a_theory_with_nothing_in_it_says_so() -> None:
    empty = theory(core_category=None, categories=[], relations=[], propositions=[], memos=[], coverage={}, summary="")
    report = theory_markdown(empty)
    for sentence in (
        "No se eligió ninguna categoría central.",
        "No hay categorías.",
        "No se propuso ninguna relación.",
        "No se formuló ninguna proposición.",
    ):
        assert sentence in report
    assert "mermaid" not in report


def test_a_proposition_without_counter_evidence_says_that_none_was_found() -> None:
    alone = theory()["propositions"][0] | {"contradicting": []}
    assert "No se encontró ninguna cita en contra." in theory_markdown(theory(propositions=[alone]))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "![x](http://evil.example/x.png)",
        "**bold** _it_ `code` ~~gone~~",
        "| a | b |",
        "# heading",
        "- list",
        "1. list",
        "> quote",
        "---",
        "===",
        "```\nfence",
        "    indented",
        "&lt;b&gt;",
    ],
)
def test_text_of_documents_is_data_and_formats_nothing(hostile: str) -> None:
    """Rendered by a Markdown parser, the words come out as they went in, and no markup of their own."""
    markdown_it = pytest.importorskip("markdown_it")
    parser = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    poisoned = theory(title=hostile, summary=hostile)
    poisoned["propositions"][0] |= {"statement": hostile, "supporting": [evidence(hostile, 0, document=hostile)]}
    poisoned["categories"][0] |= {"label": hostile, "definition": hostile}
    poisoned["categories"][0]["codes"][0] |= {"label": hostile, "definition": hostile}
    poisoned["memos"] = [{"step": hostile, "text": hostile}]
    tokens, plain = parser.parse(theory_markdown(poisoned)), parser.parse(theory_markdown(theory()))
    allowed = {token.type for token in plain}
    assert {token.type for token in tokens} <= allowed
    harmless = {child.type for token in plain for child in token.children or []} | {"hardbreak", "softbreak"}
    inside = {child.type for token in tokens for child in token.children or []}
    assert inside <= harmless
    title = next(token for token in tokens if token.type == "inline")
    shown = "".join(child.content for child in title.children or []).replace(
        "\u200b", ""
    )  # keeps addresses from linking
    assert shown == " ".join(hostile.split())


def test_a_quote_of_several_lines_stays_one_block_quote() -> None:
    long = theory()["propositions"][0] | {"supporting": [evidence("una\n\ndos\r\n- tres\fcuatro", 0)]}
    assert "> una  \n>  \n> dos  \n> \\- tres  \n> cuatro\n>\n> — entrevista" in theory_markdown(
        theory(propositions=[long])
    )


def test_invisible_controls_cannot_turn_a_line_around() -> None:
    assert "\u202e" not in theory_markdown(theory(title="a\u202eb\x00c"))


def test_the_map_shows_categories_and_relations() -> None:
    assert category_map(theory()).splitlines() == [
        "```mermaid",
        "flowchart LR",
        '  c0(["Confianza"])',
        '  c1["Horario"]',
        '  c1 -->|"es condición de"| c0',
        "```",
    ]


def test_relations_may_name_categories_by_id_and_contradictions_are_dashed() -> None:
    relation = theory()["relations"][0] | {"source": "g2", "target": "g1", "kind": "contradiction"}
    assert '  c1 -.->|"contradice"| c0' in category_map(theory(relations=[relation]))
    assert "### Horario → Confianza" in theory_markdown(theory(relations=[relation]))


def test_a_label_cannot_break_out_of_the_map() -> None:
    hostile = '"]; click c0 "javascript:x" <b>\n```\n#quot;'
    lines = category_map(theory(categories=[theory()["categories"][0] | {"label": hostile}], relations=[])).splitlines()
    assert len(lines) == 4
    inside = lines[2].removeprefix('  c0(["').removesuffix('"])')
    assert not set(inside) & set('"<>`[]{}|\n')
