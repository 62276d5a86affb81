"""Requests made from prompts: the lasting part first, the material last, so that providers can cache."""

from __future__ import annotations

from shared import prompts
from shared.adapters.model_analyst.blocks import block
from shared.adapters.model_analyst.forms import Form, schema_of
from shared.domain.analysis import Brief, ModelRequest

NOTES = {
    "en": {
        "nothing": "(none given)",
        "unknown": "(unknown)",
        "codes": "Only the {shown} most used of {all} codes were looked at; the other {left} have no category yet.",
        "quotes": "Only {shown} of {all} quotes were looked at.",
    },
    "es": {
        "nothing": "(no se dio)",
        "unknown": "(se desconoce)",
        "codes": "Solo se miraron los {shown} códigos más usados de {all}; los otros {left} aún no tienen categoría.",
        "quotes": "Solo se miraron {shown} de {all} citas.",
    },
}


def note(language: str, name: str, **numbers: int) -> str:
    """A short phrase of ours in the project's language."""
    return NOTES.get(language, NOTES["en"])[name].format(**numbers)


def request(
    prompt: str, brief: Brief, form: type[Form], values: dict[str, str], max_tokens: int = 4000
) -> ModelRequest:
    """The question `prompt` (which is also its purpose) with its material filled in."""
    loaded = prompts.load(prompt, brief.language)
    question = brief.research_question.strip() or note(brief.language, "nothing")
    return ModelRequest(
        purpose=prompt,
        prompt_version=loaded.version,
        system=loaded.system,
        user=loaded.user({"question": block("QUESTION", question), **values}),
        schema_name=prompt,
        schema=schema_of(form),
        max_tokens=max_tokens,
    )


def with_note(memo: str, *notes: str) -> str:
    """A memo, followed by what must be said beside it."""
    return "\n\n".join(part.strip() for part in (memo, *notes) if part.strip())
