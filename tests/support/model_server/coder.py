"""A coder that is plausible and deterministic: every answer is made from the request's own content."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable
from typing import Any

from tests.support.model_server import clerk
from tests.support.model_server.requests import Asked

Answer = dict[str, Any]

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_WORD = re.compile(r"[^\W\d_]{4,}")


class PlausibleCoder:
    """Answers each purpose. `invent` is the share of quotes (0-1) that stand nowhere in the fragment."""

    def __init__(self, invent: float = 0.2) -> None:
        self.invent = invent
        self._answers: dict[str, Callable[[Asked], Answer]] = {
            "description": _description,
            "open_coding": self._codes,
            "quote_repair": _quote,
            "constant_comparison": _verdicts,
            "axial_coding": _categories,
            "axial_relations": _relations,
            "selective_coding": _core,
            "theory": _theory,
            "classification": clerk.classification,
            "extraction": self._fields,
            "lines": self._rows,
            "movements": self._rows,
        }

    def answer(self, asked: Asked) -> Answer:
        """The answer as the object that its schema wants; for purposes not known here, an empty one."""
        make = self._answers.get(asked.purpose)
        return make(asked) if make else _empty(asked)

    def _codes(self, asked: Asked) -> Answer:
        """Up to three of the fragment's sentences as quotes, under labels that come back in other fragments."""
        doing = "talking about" if _english(asked) else "hablando de"
        codes = []
        for sentence in sorted(_sentences(asked.blocks().get("FRAGMENT", "")), key=len, reverse=True)[:3]:
            word = max(_WORD.findall(sentence.lower()), key=lambda word: (len(word), word))
            invented = share(sentence) < self.invent
            codes.append(
                {
                    "quote": f"I always thought that {word} would never matter to anyone" if invented else sentence,
                    "rationale": f"The words turn around {word}.",
                    "label": f"{doing} {word}",
                    "definition": f"Use it where somebody speaks of {word}.",
                }
            )
        return {"codes": codes}

    def _fields(self, asked: Asked) -> Answer:
        """The fields of a paper; `invent` is the share of papers for which it makes up some."""
        return clerk.extraction(asked, share(asked.user) < self.invent)

    def _rows(self, asked: Asked) -> Answer:
        """The rows of a part of a paper; `invent` is the share of parts for which it makes one up."""
        return clerk.rows(asked, share(asked.user) < self.invent)


def share(text: str) -> float:
    """A number in [0, 1) that a text always gets."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 2**32


def _english(asked: Asked) -> bool:
    return asked.system.startswith("You ")


def _sentences(text: str) -> list[str]:
    found = (match.group().strip() for match in _SENTENCE.finditer(text))
    return [sentence for sentence in found if len(_WORD.findall(sentence)) >= 4]


def _description(asked: Asked) -> Answer:
    sentences = _sentences(asked.blocks().get("DOCUMENT", "")) or ["-"]
    return {
        "title": sentences[0][:80],
        "date": None,
        "people": [],
        "organisations": [],
        "topics": sorted(set(_WORD.findall(sentences[0].lower())))[:3],
        "language": "en" if " the " in asked.user else "es",
        "summary": " ".join(sentences[:2]),
    }


def _quote(asked: Asked) -> Answer:
    """The sentence that holds the label's last word, if there is one."""
    word = str(asked.rows("CODE")[0]["label"]).split()[-1]
    found = [s for s in _sentences(asked.blocks().get("FRAGMENT", "")) if word in s.lower()]
    return {"quote": found[0] if found else None}


def _verdicts(asked: Asked) -> Answer:
    """The same when the last words of the labels begin alike."""
    last = {row["id"]: str(row["label"]).split()[-1][:5] for row in asked.rows("CODES")}
    verdicts = []
    for row in asked.rows("PAIRS"):
        left, right = row["codes"]
        same = last[left] == last[right]
        reason = f"Both speak of {last[left]}." if same else f"{last[left]} is not {last[right]}."
        verdicts.append({"pair": row["id"], "reason": reason, "same": same, "keep": left})
    return {"verdicts": verdicts}


def _categories(asked: Asked) -> Answer:
    """Codes by turns into about one category for five; the last category names a code that does not exist."""
    codes = asked.rows("CODES")
    count = max(1, min(12, len(codes) // 5))
    categories = []
    for number in range(count):
        inside = codes[number::count]
        label = f"{'dealing with' if _english(asked) else 'afrontando'} {str(inside[0]['label']).split()[-1]}"
        ids = [row["id"] for row in inside] + (["C9999"] if number + 1 == count else [])
        categories.append({"definition": f"Gathers {len(inside)} codes.", "codes": ids, "label": label})
    return {"categories": categories, "memo": f"{len(codes)} codes in {count} categories."}


def _relations(asked: Asked) -> Answer:
    """Each category leads to the next, by a quote of either; the last one contradicts the first."""
    kinds = ["condition", "action", "consequence", "context"]
    categories, quotes = asked.rows("CATEGORIES"), _by_category(asked)
    relations = []
    for number, (one, other) in enumerate(itertools.pairwise(categories)):
        last = number + 2 == len(categories)
        relations.append(
            {
                "evidence": quotes.get(one["id"], [])[:1] + quotes.get(other["id"], [])[:1] + ["E9999"],
                "source": one["id"],
                "target": other["id"],
                "kind": "contradiction" if last else kinds[number % 4],
                "statement": f"{one['label']} bears on {other['label']}.",
            }
        )
    return {"relations": relations, "memo": "Each relation rests on a quote of either side."}


def _by_category(asked: Asked) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in asked.rows("EVIDENCE"):
        found.setdefault(row["category"], []).append(row["id"])
    return found


def _core(asked: Asked) -> Answer:
    best = max(asked.rows("CATEGORIES"), key=lambda row: (row["documents"], row["uses"], row["id"]))
    return {
        "rationale": f"{best['label']} is in most documents.",
        "category": best["id"],
        "storyline": f"Everything turns around {best['label']}.",
    }


def _theory(asked: Asked) -> Answer:
    """A proposition for each relation, with support of both sides and, where there is one, a quote against it."""
    categories, quotes = {row["id"]: row for row in asked.rows("CATEGORIES")}, _by_category(asked)
    relations = asked.rows("RELATIONS") or [{"source": short, "target": short} for short in categories]
    propositions = []
    for relation in relations[:8]:
        one, other = relation["source"], relation["target"]
        first, second = quotes.get(one, []), quotes.get(other, [])
        propositions.append(
            {
                "supporting": [*list(dict.fromkeys(first[:2] + second[:1])), "E9999"],
                "contradicting": second[-1:] if len(second) > 2 else [],
                "categories": list(dict.fromkeys([one, other])),
                "statement": f"{categories[one]['label']} shapes {categories[other]['label']}.",
            }
        )
    core = asked.rows("CORE")[0]["category"]
    title = categories.get(core, {}).get("label", core)
    return {"propositions": propositions, "title": f"A theory of {title}", "summary": "As told.", "memo": "Made up."}


def _empty(asked: Asked) -> Answer:
    """Nothing, in the form that the schema wants."""
    schema = asked.body.get("response_format", {}).get("json_schema", {}).get("schema", {})
    blank = {"string": "", "array": [], "boolean": False, "integer": 0, "number": 0, "object": {}}
    return {name: blank.get(part.get("type")) for name, part in schema.get("properties", {}).items()}
