"""What goes to an analyst and what comes back: proposals, before anything is verified or stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Brief:
    """What an analyst should know of a study. `language` (`es` or `en`) is the project's: labels are written in it."""

    tenant_id: str
    project_id: str
    language: str
    research_question: str = ""


@dataclass(frozen=True, slots=True)
class AnalystIdentity:
    """Who coded: stands on every code and coding. `suggests_only`: relations and theory are suggestions to confirm.

    `heeds_question`: codes depend on the research question, so that another question asks for coding anew.
    """

    name: str
    model: str
    prompt_version: str
    suggests_only: bool = False
    heeds_question: bool = True

    def __str__(self) -> str:
        return f"{self.name}/{self.model}/{self.prompt_version}"

    def coder(self, brief: Brief) -> str:
        """The name under which codings are kept: the same coder never codes a passage twice."""
        if not self.heeds_question:
            return str(self)
        asked = hashlib.sha256(f"{brief.language}\n{brief.research_question}".encode()).hexdigest()[:8]
        return f"{self}/{asked}"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A passage as an analyst sees it: cleaned text, its language, and who speaks, where that is known."""

    passage_id: str
    document_id: str
    text: str
    language: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class ProposedCode:
    """A code proposed for a fragment, with the words it rests on, copied from the fragment."""

    label: str
    definition: str
    quote: str
    rationale: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verified quote: one application of a code, resolved to its characters in a document."""

    application_id: str
    code_id: str
    document_id: str
    document_name: str
    passage_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class CodeInContext:
    """A code with its evidence, as needed to compare it with others. `vector`: unit embedding of the label."""

    code_id: str
    label: str
    definition: str
    evidence: tuple[Evidence, ...]
    vector: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Codes that are one idea: `merged` go into `kept`; the reason goes on record."""

    kept: str
    merged: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Consolidation:
    """The outcome of constant comparison: merges, and codes set aside for want of support (with no category)."""

    merges: tuple[Merge, ...] = ()
    set_aside: tuple[str, ...] = ()


class RelationKind(StrEnum):
    """How one category bears on another (the paradigm of Strauss and Corbin, 1990)."""

    CONDITION = "condition"  # source is a condition or cause of target
    CONTEXT = "context"  # source is the setting of target
    ACTION = "action"  # source is an action or strategy that answers target
    CONSEQUENCE = "consequence"  # source has target as its consequence
    CONTRADICTION = "contradiction"  # source and target pull in opposite directions


@dataclass(frozen=True, slots=True)
class ProposedCategory:
    """A category: codes that belong together, by id."""

    label: str
    definition: str
    code_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposedRelation:
    """A relation of two categories (by label) and the applications it rests on."""

    source: str
    target: str
    kind: RelationKind
    statement: str
    application_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AxialCoding:
    """Categories and how they relate."""

    categories: tuple[ProposedCategory, ...]
    relations: tuple[ProposedRelation, ...] = ()
    memo: str = ""


@dataclass(frozen=True, slots=True)
class CoreChoice:
    """The core category (by label), why it is the core, and the story line around it."""

    category: str
    rationale: str
    storyline: str = ""


@dataclass(frozen=True, slots=True)
class ProposedProposition:
    """A proposition, the categories (labels) it speaks of, and the applications for and against it."""

    statement: str
    categories: tuple[str, ...]
    supporting: tuple[str, ...]
    contradicting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedTheory:
    """A theory: title, summary, propositions, and a memo on how it came about."""

    title: str
    summary: str
    propositions: tuple[ProposedProposition, ...]
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one model call, as the provider counted them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question to a language model. The answer must obey the JSON schema `schema`, called `schema_name`.

    `purpose` says what it is for (`open_coding`, `axial_coding` …); `max_tokens` bounds the answer.
    """

    purpose: str
    prompt_version: str
    system: str
    user: str
    schema_name: str
    schema: dict[str, object]
    max_tokens: int = 4000


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What the model said, whole (a cut-off answer is never one). `region` as its provider tells it, else as set."""

    text: str
    model: str
    usage: Usage
    region: str | None = None


@dataclass(frozen=True, slots=True)
class ModelCall:
    """A line of the ledger before its answer: what is asked of which deployment, for which project, under which key."""

    key: str
    tenant_id: str
    project_id: str
    purpose: str
    deployment: str
    prompt_version: str
    input_sha256: str
