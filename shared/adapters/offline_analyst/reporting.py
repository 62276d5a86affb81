"""Sentences of axial and selective coding: suggestions, each with the figures that it rests on."""

from __future__ import annotations

from shared.domain.analysis import CoreChoice, RelationKind

_KINDS = {
    "en": {
        RelationKind.CONDITION: "“{a}” is a condition of “{b}”",
        RelationKind.CONTEXT: "“{a}” is the setting of “{b}”",
        RelationKind.ACTION: "“{a}” is a way to reach or answer “{b}”",
        RelationKind.CONSEQUENCE: "“{a}” leads to “{b}”",
        RelationKind.CONTRADICTION: "“{a}” and “{b}” pull in opposite directions",
    },
    "es": {
        RelationKind.CONDITION: "«{a}» es una condición de «{b}»",
        RelationKind.CONTEXT: "«{a}» es el contexto de «{b}»",
        RelationKind.ACTION: "«{a}» es una forma de lograr «{b}» o de responder a ello",
        RelationKind.CONSEQUENCE: "«{a}» lleva a «{b}»",
        RelationKind.CONTRADICTION: "«{a}» y «{b}» tiran en direcciones opuestas",
    },
}


def _quoted(labels: list[str], language: str) -> str:
    marks = ("«", "»", "y") if language == "es" else ("“", "”", "and")
    named = [f"{marks[0]}{label}{marks[1]}" for label in labels]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} {marks[2]} {named[-1]}"


def relation(source: str, target: str, kind: RelationKind, words: list[str], quotes: int, language: str) -> str:
    """A relation as a suggestion, with the connectives that speak for it."""
    core = _KINDS["es" if language == "es" else "en"][kind].format(a=source, b=target)
    cues = _quoted(words[:3], language)
    if language == "es":
        joined = "las une" if len(words) == 1 else "las unen"
        count = "una cita" if quotes == 1 else f"{quotes} citas"
        return f"Las entrevistas sugieren que {core} (por confirmar): {joined} {cues} en {count}."
    joined = "joins" if len(words) == 1 else "join"
    count = "one quote" if quotes == 1 else f"{quotes} quotes"
    return f"The interviews suggest that {core} (to confirm): {cues} {joined} them in {count}."


def company(left: str, right: str, passages: int, language: str) -> str:
    """Two categories in the same passages."""
    if language == "es":
        return (
            f"Las entrevistas sugieren que «{left}» y «{right}» van juntas (por confirmar): "
            f"comparten {passages} pasajes, "
            "más de lo que daría el azar; no se sabe en qué dirección."
        )
    return (
        f"The interviews suggest that “{left}” and “{right}” go together (to confirm): they share {passages} passages, "
        "more than chance would give; in which direction is not known."
    )


def axial_memo(categories: int, relations: int, language: str) -> str:
    """How categories and relations came about."""
    if language == "es":
        return (
            f"Sin modelo de lenguaje: {categories} categorías por semejanza de códigos y citas (con "
            "un tamaño máximo), y "
            f"{relations} relaciones por conectores como «porque» o «para que» dentro de citas, o "
            "por pasajes compartidos. "
            "La semejanza de palabras no es interpretación: son sugerencias que hay que confirmar, renombrar o quitar."
        )
    return (
        f"No language model: {categories} categories by likeness of codes and quotes (with a largest size), and "
        f"{relations} relations from connectives such as “because” or “so that” inside quotes, or "
        "from shared passages. "
        "Likeness of words is not interpretation: these are suggestions to confirm, rename or remove."
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def no_core(language: str) -> str:
    """When there is nothing to choose from."""
    return "No hay categorías entre las que elegir." if language == "es" else "There are no categories to choose from."


def core_rationale(core: str, figures: tuple[int, int, int, int], second: str, language: str) -> str:
    """Why this category: its figures."""
    documents, of, applications, ties = figures
    if language == "es":
        quotes, others = _count(applications, "cita", "citas"), _count(ties, "relación", "relaciones")
        rival = f" La siguiente sería «{second}»." if second else ""
        return (
            f"«{core}» aparece en {documents} de {of} documentos, con {quotes} y {others} con otras "
            f"categorías: es la más extendida y conectada. Es un recuento, no una interpretación; por confirmar.{rival}"
        )
    quotes, others = _count(applications, "quote", "quotes"), _count(ties, "relation", "relations")
    rival = f" The next would be “{second}”." if second else ""
    return (
        f"“{core}” stands in {documents} of {of} documents, with {quotes} and {others} to other "
        f"categories: it is the widest and best connected. This is a count, not an interpretation; to confirm.{rival}"
    )


def storyline(core: str, documents: int, of: int, others: list[str], around: list[str], language: str) -> str:
    """A thread through the categories, as a template."""
    rest = f" {_quoted(others, language)}" if others else ""
    if language == "es":
        beside = f" Alrededor están{rest}." if rest else ""
        return " ".join([f"De «{core}» se habla en {documents} de {of} documentos.{beside}", *around])
    beside = f" Around it stand{rest}." if rest else ""
    return " ".join([f"“{core}” is spoken of in {documents} of {of} documents.{beside}", *around])


def category_proposition(category: str, labels: list[str], documents: int, of: int, language: str) -> str:
    """What a category by itself suggests."""
    if language == "es":
        return (
            f"Las entrevistas sugieren que «{category}» se muestra sobre todo en {_quoted(labels, language)}, "
            f"en {documents} de {of} documentos (por confirmar)."
        )
    return (
        f"The interviews suggest that “{category}” shows above all in {_quoted(labels, language)}, "
        f"in {documents} of {of} documents (to confirm)."
    )


def theory_title(core: str, documents: int, language: str) -> str:
    """The title of a suggested theory."""
    if not core:
        return "Sin categorías suficientes" if language == "es" else "Too few categories"
    if language == "es":
        return f"{core}: una sugerencia a partir de {documents} documentos"
    return f"{core}: a suggestion from {documents} documents"


def theory_summary(core: CoreChoice, categories: list[str], documents: int, language: str) -> str:
    """What was found, in two sentences and the story line."""
    if not categories:
        return no_core(language)
    if language == "es":
        return f"En {documents} documentos se distinguen {_quoted(categories, language)}. {core.storyline}".strip()
    return f"In {documents} documents, {_quoted(categories, language)} can be told apart. {core.storyline}".strip()


def theory_memo(labels_in: set[str], language: str) -> str:
    """The method and its limits."""
    if language == "es":
        both = " Los códigos conservan el idioma de cada entrevista." if len(labels_in) > 1 else ""
        return (
            "Hecho sin modelo de lenguaje, solo con este ordenador: frases elegidas por semejanza "
            "con frases que cuentan "
            "vivencias, códigos copiados de ellas, grupos por semejanza de vectores, relaciones por "
            "conectores y pasajes "
            "compartidos. Siempre da lo mismo para los mismos textos. No entiende ironía, metáforas "
            "ni lo que se calla; los "
            "nombres de las categorías y las proposiciones son plantillas; las citas en contra se "
            "eligen por tono opuesto y "
            "muchas no lo serán. Los textos que no están en español ni en inglés se leen con las "
            "reglas del inglés, y salen "
            f"peor.{both} Todo está por confirmar por quien investiga."
        )
    both = " Codes keep the language of their interview." if len(labels_in) > 1 else ""
    return (
        "Made without a language model, on this machine alone: sentences chosen for their likeness "
        "to sentences that tell "
        "an experience, codes copied from them, groups by likeness of vectors, relations from connectives and shared "
        "passages. The same texts always give the same outcome. It understands no irony, no metaphor and nothing left "
        "unsaid; names of categories and propositions are templates; quotes against are chosen for "
        "opposite tone, and many "
        "will not be. Texts in neither Spanish nor English are read with the English rules, and come out worse."
        f"{both} Everything is for the researcher to confirm."
    )
