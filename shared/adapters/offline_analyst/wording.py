"""Every sentence the analyst writes itself, in Spanish and English: plain, and open about how it came about."""

from __future__ import annotations

from shared.adapters.offline_analyst.salience import Salience


def definition(label: str, language: str) -> str:
    """What stands as a code's definition: that it is an extract, not an interpretation."""
    if language == "es":
        return f"Extraído de las palabras de la entrevista: «{label}». Falta que alguien escriba su definición."
    return f"Taken from the words of the interview: “{label}”. Its definition is still to be written by somebody."


def rationale(label: str, found: Salience, codeness: float, language: str) -> str:
    """Which signs chose the sentence and the phrase."""
    spanish = language == "es"
    signs = []
    if found.first_person:
        signs.append("habla en primera persona" if spanish else "it speaks in the first person")
    if found.telling >= 0.3:
        near = (
            "se parece a frases que cuentan una vivencia"
            if spanish
            else "it resembles sentences that tell an experience"
        )
        signs.append(f"{near} ({found.telling:.2f})")
    signs.append(f"su relevancia es {found.value:.2f}" if spanish else f"its salience is {found.value:.2f}")
    why = ", ".join(signs)
    if spanish:
        return (
            f"Sin modelo: la frase se eligió porque {why}; de ella, «{label}» es lo que más se lee como "
            f"un código ({codeness:.2f})."
        )
    return f"No model: the sentence was chosen because {why}; in it, “{label}” reads most like a code ({codeness:.2f})."


def merge_reason(merged: list[str], kept: str, near: float, language: str) -> str:
    """Why codes became one."""
    names = ", ".join(f"«{label}»" if language == "es" else f"“{label}”" for label in merged[:6])
    if language == "es":
        return f"{names} y «{kept}» se dicen de modo parecido en contextos parecidos (similitud media {near:.2f})."
    return f"{names} and “{kept}” are said in similar words in similar places (mean similarity {near:.2f})."


def category_definition(labels: list[str], language: str) -> str:
    """What a category groups."""
    if language == "es":
        names = ", ".join(f"«{label}»" for label in labels[:12]) + (" …" if len(labels) > 12 else "")
        return f"Agrupa los códigos {names}, que se parecen en lo que dicen. El nombre sale de ellos; por confirmar."
    names = ", ".join(f"“{label}”" for label in labels[:12]) + (" …" if len(labels) > 12 else "")
    return f"Groups the codes {names}, which are alike in what they say. Its name comes from them; to confirm."
