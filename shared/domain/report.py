"""A theory as a report that a researcher can read, file and check, quote by quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.markdown import block_quote, inline, mermaid_label, paragraphs, table
from shared.domain.report_words import words

Json = Mapping[str, Any]
Words = Mapping[str, str]

_FIGURES = ("documents", "passages", "coded_passages")
_QUOTE_FIGURES = ("quotes_proposed", "quotes_verified", "quotes_repaired", "quotes_dropped")


def theory_markdown(theory: Json) -> str:
    """The theory document of the API as Markdown, in its own language; every text in it is escaped."""
    w = words(theory.get("language") or "en")
    parts = [
        _front(theory, w),
        *_section(w["summary"], [paragraphs(theory.get("summary") or "")]),
        *_section(w["core"], _core(theory.get("core_category"), w)),
        *_section(w["map"], [category_map(theory)] if theory.get("categories") else []),
        *_section(w["categories"], _categories(theory.get("categories") or [], w)),
        *_section(w["relations"], _relations(theory, w)),
        *_section(w["propositions"], _propositions(theory.get("propositions") or [], w)),
        *_section(w["memos"], _memos(theory.get("memos") or [])),
        *_section(w["coverage"], _coverage(theory.get("coverage") or {}, w)),
        *_section(w["method"], _method(theory, w)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def category_map(theory: Json) -> str:
    """A Mermaid diagram of categories and relations: the core set off, contradictions dashed."""
    w = words(theory.get("language") or "en")
    core_id = (theory.get("core_category") or {}).get("category_id")
    nodes: dict[str, str] = {}
    lines = ["```mermaid", "flowchart LR"]
    for number, category in enumerate(theory.get("categories") or []):
        node = nodes[category["category_id"]] = f"c{number}"
        nodes.setdefault(category["label"], node)
        is_core = category["category_id"] == core_id
        box = ('(["', '"])') if is_core else ('["', '"]')
        lines.append(f"  {node}{box[0]}{mermaid_label(category['label'])}{box[1]}")
    for relation in theory.get("relations") or []:
        source, target = nodes.get(relation["source"]), nodes.get(relation["target"])
        if source and target:
            arrow = "-.->" if relation["kind"] == "contradiction" else "-->"
            lines.append(f'  {source} {arrow}|"{mermaid_label(_kind(relation, w))}"| {target}')
    return "\n".join([*lines, "```"])


def _front(theory: Json, w: Words) -> str:
    analyst = theory.get("analyst") or {}
    by = ", ".join(inline(analyst[key]) for key in ("name", "model") if analyst.get(key))
    if analyst.get("prompt_version"):
        by += f" ({w['prompts']} {inline(analyst['prompt_version'])})"
    facts = {
        "status": w["final"] if theory.get("status") == "final" else w["suggestion"],
        "question": inline(theory.get("research_question") or "—"),
        "created": inline(theory.get("created_at") or "—"),
        "analyst": by or "—",
    }
    listed = "\n".join(f"- **{w[name]}**: {value}" for name, value in facts.items())
    return f"# {inline(theory.get('title') or '—')}\n\n{listed}"


def _section(title: str, parts: Sequence[str]) -> list[str]:
    filled = [part for part in parts if part]
    return [f"## {title}", *filled] if filled else []


def _core(core: Json | None, w: Words) -> list[str]:
    if not core:
        return [w["no_core"]]
    reasons = [f"**{w[name]}.** {paragraphs(core[name])}" for name in ("rationale", "storyline") if core.get(name)]
    return [f"**{inline(core['label'])}**", *reasons]


def _categories(categories: Sequence[Json], w: Words) -> list[str]:
    parts: list[str] = [] if categories else [w["no_categories"]]
    head = [w[name] for name in ("code", "definition", "applications", "documents")]
    for category in categories:
        rows = [
            [code["label"], code["definition"], code["applications"], code["documents"]] for code in category["codes"]
        ]
        codes = table(head, rows) if rows else w["no_codes"]
        parts += [f"### {inline(category['label'])}", paragraphs(category.get("definition") or ""), codes]
    return parts


def _relations(theory: Json, w: Words) -> list[str]:
    relations = theory.get("relations") or []
    labels = {category["category_id"]: category["label"] for category in theory.get("categories") or []}
    parts: list[str] = [] if relations else [w["no_relations"]]
    for relation in relations:
        source, target = (inline(labels.get(relation[end], relation[end])) for end in ("source", "target"))
        parts += [f"### {source} → {target}", f"*{inline(_kind(relation, w))}.* {paragraphs(relation['statement'])}"]
        parts += [_quote(evidence, w) for evidence in relation["evidence"]]
    return parts


def _propositions(propositions: Sequence[Json], w: Words) -> list[str]:
    parts: list[str] = [] if propositions else [w["no_propositions"]]
    for number, proposition in enumerate(propositions, start=1):
        parts += [f"### {number}. {inline(proposition['statement'])}"]
        if proposition.get("categories"):
            parts += [f"{w['speaks_of']}: {', '.join(inline(label) for label in proposition['categories'])}."]
        for side in ("supporting", "contradicting"):
            quotes = [_quote(evidence, w) for evidence in proposition.get(side) or []]
            parts += [f"**{w[side]}** ({len(quotes)})", *(quotes or [w[f"no_{side}"]])]
    return parts


def _quote(evidence: Json, w: Words) -> str:
    page = f", {w['page']} {evidence['page']}" if evidence.get("page") is not None else ""
    place = f"{inline(evidence['document'])}{page}, {w['characters']} {evidence['start']}-{evidence['end']}"
    code = f" · {inline(evidence['code'])}" if evidence.get("code") else ""
    return f"{block_quote(evidence['quote'])}\n>\n> — {place}{code}"


def _kind(relation: Json, w: Words) -> str:
    return w.get(f"kind_{relation['kind']}", str(relation["kind"]))


def _memos(memos: Sequence[Json]) -> list[str]:
    return [part for memo in memos for part in (f"### {inline(memo['step'])}", paragraphs(memo["text"]))]


def _coverage(coverage: Json, w: Words) -> list[str]:
    if not coverage:
        return []
    missed = coverage.get("not_covered") or []
    rows: list[tuple[str, object]] = [(w[name], coverage.get(name, 0)) for name in _FIGURES]
    rows += [(w["not_covered"], len(missed)), *((w[name], coverage.get(name, 0)) for name in _QUOTE_FIGURES)]
    figures = table([w["figure"], w["number"]], rows)
    if not missed:
        return [figures, w["all_covered"]]
    places = [[passage["document"], passage["page"] or "—", passage["reason"]] for passage in missed]
    return [figures, f"**{w['not_covered']}**", table([w["document"], w["page"], w["reason"]], places)]


def _method(theory: Json, w: Words) -> list[str]:
    return [w["method_quotes"], w["method_final" if theory.get("status") == "final" else "method_suggestion"]]
