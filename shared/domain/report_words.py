"""The words of the report of a theory, in Spanish and in English, side by side so that neither lags behind."""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str]] = {
    "status": ("Estado", "Status"),
    "final": ("definitiva", "final"),
    "suggestion": (
        "**sugerencia por confirmar**: la hizo el analista sin modelo, que cuenta y agrupa pero no comprende",
        "**suggestion to confirm**: made by the offline analyst, which counts and groups but does not understand",
    ),
    "question": ("Pregunta de investigación", "Research question"),
    "created": ("Fecha", "Date"),
    "analyst": ("Analista", "Analyst"),
    "prompts": ("versión de instrucciones", "prompt version"),
    "summary": ("Resumen", "Summary"),
    "core": ("Categoría central", "Core category"),
    "no_core": ("No se eligió ninguna categoría central.", "No core category was chosen."),
    "rationale": ("Por qué", "Why"),
    "storyline": ("Línea narrativa", "Story line"),
    "map": ("Mapa de categorías", "Map of the categories"),
    "categories": ("Categorías y códigos", "Categories and codes"),
    "no_categories": ("No hay categorías.", "There are no categories."),
    "code": ("Código", "Code"),
    "definition": ("Definición", "Definition"),
    "applications": ("Citas", "Quotes"),
    "documents": ("Documentos", "Documents"),
    "no_codes": ("Esta categoría no tiene códigos.", "This category has no codes."),
    "relations": ("Relaciones", "Relations"),
    "no_relations": ("No se propuso ninguna relación.", "No relation was proposed."),
    "propositions": ("Proposiciones", "Propositions"),
    "no_propositions": ("No se formuló ninguna proposición.", "No proposition was made."),
    "speaks_of": ("Trata de", "Speaks of"),
    "supporting": ("A favor", "Supporting"),
    "contradicting": ("En contra", "Contradicting"),
    "no_supporting": ("Ninguna cita la apoya.", "No quote supports it."),
    "no_contradicting": ("No se encontró ninguna cita en contra.", "No quote against it was found."),
    "page": ("página", "page"),
    "characters": ("caracteres", "characters"),
    "memos": ("Memos", "Memos"),
    "coverage": ("Cobertura", "Coverage"),
    "figure": ("Dato", "Figure"),
    "number": ("Número", "Number"),
    "passages": ("Pasajes", "Passages"),
    "coded_passages": ("Pasajes con códigos", "Passages with codes"),
    "not_covered": ("Pasajes sin cubrir", "Passages not covered"),
    "quotes_proposed": ("Citas propuestas", "Quotes proposed"),
    "quotes_verified": ("Citas verificadas", "Quotes verified"),
    "quotes_repaired": ("Citas corregidas y verificadas", "Quotes repaired and verified"),
    "quotes_dropped": ("Citas descartadas por no estar en el texto", "Quotes dropped: not in the text"),
    "document": ("Documento", "Document"),
    "reason": ("Motivo", "Reason"),
    "all_covered": ("Todos los pasajes se cubrieron.", "Every passage was covered."),
    "method": ("Nota de método", "Note on method"),
    "method_quotes": (
        "Codificación abierta de cada pasaje, comparación constante de los códigos, codificación axial y selectiva. "
        "Cada cita se buscó carácter por carácter en el texto extraído de su documento; las que no estaban se "
        "descartaron y se cuentan arriba. Los caracteres `inicio-fin` cuentan desde 0 en el texto del documento; "
        "el final no se incluye.",
        "Open coding of every passage, constant comparison of the codes, axial and selective coding. Every quote was "
        "looked up character by character in the text extracted from its document; those that were not there were "
        "dropped and are counted above. Characters `start-end` count from 0 in the text of the document; the end is "
        "not included.",
    ),
    "method_suggestion": (
        "Sin modelo de lenguaje, las categorías, relaciones y proposiciones salen de frecuencias, semejanzas y "
        "coincidencias: son un punto de partida para quien investiga, no un resultado.",
        "Without a language model, categories, relations and propositions come from frequencies, likeness and "
        "co-occurrence: a place for a researcher to start from, not a result.",
    ),
    "method_final": (
        "Un modelo de lenguaje propuso códigos, relaciones y proposiciones. La interpretación es responsabilidad de "
        "quien investiga: lea las citas en su contexto.",
        "A language model proposed codes, relations and propositions. The interpretation is the researcher's to answer "
        "for: read the quotes where they stand.",
    ),
    "kind_condition": ("es condición de", "is a condition of"),
    "kind_context": ("es contexto de", "is the context of"),
    "kind_action": ("es una acción ante", "is an action that answers"),
    "kind_consequence": ("tiene como consecuencia", "has as its consequence"),
    "kind_contradiction": ("contradice", "contradicts"),
}


def words(language: str) -> dict[str, str]:
    """The words in Spanish for `es` (or `es-MX` …), in English for everything else."""
    column = 0 if language.lower().startswith("es") else 1
    return {name: both[column] for name, both in _WORDS.items()}
