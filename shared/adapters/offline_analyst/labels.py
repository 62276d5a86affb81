"""Which of several labels names a group best."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from shared.adapters.offline_analyst.coding import codeness
from shared.adapters.offline_analyst.lexicon import Lexicon, lexicon_for
from shared.adapters.offline_analyst.words import is_known, lemma_of, tokens

if TYPE_CHECKING:
    from shared.adapters.offline_analyst.codebook import Codebook
    from shared.adapters.offline_analyst.vectors import Matrix, Vectors


@lru_cache(maxsize=20_000)
def language_of(label: str) -> str:
    """`es` or `en`: which dictionary and which small words know more of a label."""
    words = [word.lower() for word in tokens(label) if word.isalpha()]
    score = 0.0
    for word in words:
        for language, sign in (("es", 1.0), ("en", -1.0)):
            if word in lexicon_for(language).closed:
                score += sign * 1.5
            elif is_known(word, language):
                score += sign
        score += 2.0 if set(word) & set("áéíóúñü") else 0.0
    if words and score == 0.0:
        score = 1.0 if words[0].endswith(("ar", "er", "ir", "se", "o", "a")) else -1.0
    return "es" if score > 0 else "en"


def content(label: str, lexicon: Lexicon) -> list[str]:
    """The lemmas of a label's open-class words."""
    words = [word.lower() for word in tokens(label) if word[0].isalnum()]
    return [lemma_of(word, lexicon.language) for word in words if word not in lexicon.closed]


def denies(label: str) -> bool:
    """Whether a label holds a negation; the language is that of the label."""
    return bool(lexicon_for(language_of(label)).negation.search(label))


async def label_codeness(labels: list[str], vectors: Vectors) -> list[float]:
    """How much each label reads like a code, measured in its own language."""
    rows = await vectors.of([label.lower() for label in labels])
    found = [0.0] * len(labels)
    for language in ("en", "es"):
        lexicon = lexicon_for(language)
        mine = [number for number, label in enumerate(labels) if language_of(label) == language]
        if mine:
            values = codeness(rows[mine], await vectors.of(lexicon.code_like), await vectors.of(lexicon.not_code_like))
            for number, value in zip(mine, values, strict=True):
                found[number] = float(value)
    return found


def best_label(book: Codebook, group: list[int], quality: list[float], language: str, corpus: Counter[str]) -> int:
    """The row whose label stands for the group: near its centre, code-like, distinctive words, the "
    "project's language."""
    from shared.adapters.offline_analyst.vectors import unit

    centre = unit(book.mixed[group].mean(axis=0))
    local = Counter(word for row in group for word in set(_content(book.codes[row].label)))

    def score(row: int) -> tuple[float, int, str]:
        label = book.codes[row].label
        said = _content(label)
        distinctive = sum(
            local[word] / len(group) * math.log(1 + sum(corpus.values()) / corpus[word])
            for word in said
            if corpus[word]
        ) / max(1, len(said))
        value = float(book.labels[row] @ centre) + 0.35 * distinctive / (1 + distinctive) + 1.0 * quality[row]
        value -= 0.06 * abs(len(label.split()) - 2.5)
        value += 0.3 if language_of(label) == language else 0.0
        return round(value, 4), len({piece.application_id for piece in book.codes[row].evidence}), label

    return max(group, key=lambda row: (score(row), -row))


def _content(label: str) -> list[str]:
    return content(label, lexicon_for(language_of(label)))


def corpus_words(book: Codebook) -> Counter[str]:
    """How many labels each content word stands in."""
    return Counter(word for code in book.codes for word in set(_content(code.label)))


def centre_of(rows: Matrix, group: list[int]) -> Matrix:
    """The unit centre of some rows."""
    from shared.adapters.offline_analyst.vectors import unit

    return unit(rows[group].mean(axis=0))
