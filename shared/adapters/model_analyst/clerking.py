"""Questions about a paper of an office: what it is, and what its fields say."""

from __future__ import annotations

from shared.adapters.model_analyst.asking import Asker
from shared.adapters.model_analyst.blocks import block
from shared.adapters.model_analyst.forms import RecordForm, TypeForm
from shared.adapters.model_analyst.parsing import parsed
from shared.adapters.model_analyst.questions import request
from shared.adapters.model_analyst.reading import ends, iso
from shared.domain.analysis import Brief
from shared.domain.document import DocumentType
from shared.domain.proposals import FIELDS, ProposedField, ProposedType

_TYPES = {type.value: type for type in DocumentType}


async def classify(asker: Asker, brief: Brief, text: str) -> ProposedType:
    """The type and the words that it rests on; a type that there is not is `other`."""
    question = request("classification", brief, TypeForm, {"document": block("DOCUMENT", ends(text))}, max_tokens=1000)
    form = await asker.ask(brief, question, lambda answer: parsed(answer, TypeForm))
    return ProposedType(_TYPES.get(form.type.strip(), DocumentType.OTHER), form.quote.strip())


async def extract(asker: Asker, brief: Brief, text: str, kind: DocumentType, language: str) -> list[ProposedField]:
    """The fields that papers of this kind have; whatever else comes is dropped."""
    values = {
        "kind": kind.value,
        "fields": ", ".join(FIELDS[kind]),
        "language": iso(language) or "?",
        "document": block("DOCUMENT", ends(text)),
    }
    question = request("extraction", brief, RecordForm, values, max_tokens=3000)
    form = await asker.ask(brief, question, lambda answer: parsed(answer, RecordForm))
    fields = (ProposedField(one.field.strip(), one.value.strip(), one.quote.strip()) for one in form.fields)
    return [one for one in fields if one.field in FIELDS[kind] and one.value]
