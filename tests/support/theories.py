"""A small theory document, as the API answers it."""

from __future__ import annotations

from typing import Any


def evidence(quote: str, start: int, *, document: str = "entrevista-01.txt", document_id: str = "d1") -> dict[str, Any]:
    """A quote that stands at `start` on page 1 of its document."""
    return {
        "evidence_id": f"e-{document_id}-{start}",
        "application_id": f"a-{document_id}-{start}",
        "code": "esperar sin saber",
        "quote": quote,
        "document_id": document_id,
        "document": document,
        "page": 1,
        "start": start,
        "end": start + len(quote),
        "passage_id": "p1",
    }


def theory(**changes: Any) -> dict[str, Any]:
    """Two categories, a relation, a proposition with quotes on both sides; `changes` replace top-level values."""
    codes = [
        {
            "code_id": "k1",
            "label": "esperar sin saber",
            "definition": "No saber cuándo",
            "applications": 4,
            "documents": 2,
        }
    ]
    document: dict[str, Any] = {
        "theory_id": "t1",
        "project_id": "p1",
        "run_id": "r1",
        "title": "La hora que nadie explica",
        "summary": "Primero.\n\nSegundo.",
        "language": "es",
        "status": "final",
        "research_question": "¿Qué cambió?",
        "created_at": "2026-03-01T10:00:00Z",
        "analyst": {"name": "openai", "model": "m-1", "prompt_version": "3", "suggests_only": False},
        "core_category": {"category_id": "g1", "label": "Confianza", "rationale": "Une todo", "storyline": "Érase…"},
        "categories": [
            {"category_id": "g1", "label": "Confianza", "definition": "En quién", "codes": codes},
            {"category_id": "g2", "label": "Horario", "definition": "", "codes": []},
        ],
        "relations": [
            {
                "relation_id": "r1",
                "source": "Horario",
                "target": "Confianza",
                "kind": "condition",
                "statement": "El horario la sostiene.",
                "evidence": [evidence("nadie me avisó", 10)],
            }
        ],
        "propositions": [
            {
                "proposition_id": "x1",
                "statement": "Sin aviso no hay confianza",
                "categories": ["Confianza", "Horario"],
                "supporting": [evidence("nadie me avisó", 10)],
                "contradicting": [evidence("a mí me da igual", 0, document="entrevista-02.txt", document_id="d2")],
            }
        ],
        "memos": [{"step": "axial_coding", "text": "Dudé entre dos."}],
        "coverage": {
            "documents": 2,
            "passages": 9,
            "coded_passages": 8,
            "not_covered": [
                {"passage_id": "p9", "document": "entrevista-02.txt", "page": 2, "reason": "content_filter"}
            ],
            "quotes_proposed": 12,
            "quotes_verified": 9,
            "quotes_repaired": 1,
            "quotes_dropped": 2,
        },
    }
    return document | changes
