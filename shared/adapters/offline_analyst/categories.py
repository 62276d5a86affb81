"""Axial coding, first half: categories of bounded size, named in the project's language."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.adapters.offline_analyst import wording
from shared.adapters.offline_analyst.clustering import bounded, centred
from shared.adapters.offline_analyst.codebook import Codebook, applications, documents
from shared.adapters.offline_analyst.labels import language_of
from shared.adapters.offline_analyst.lexicon import lexicon_for
from shared.adapters.offline_analyst.vectors import unit
from shared.adapters.offline_analyst.words import lemma_of, tokens
from shared.domain.analysis import CodeInContext, ProposedCategory

if TYPE_CHECKING:
    from shared.adapters.offline_analyst.vectors import Matrix, Vectors

FEWEST, MOST = 4, 9
LARGEST_SHARE = 0.4  # of the codes, in one category
SHARED = 2  # codes of a group that use a noun, for it to name the group
NOUN_BONUS = 0.25  # a noun reads better as a category than the label of one of its codes
LANGUAGE_BONUS = 0.15  # a category is named in the project's language where it can be
USE_BONUS = 0.1
QUOTE_SHARE = 0.35  # of quotes in a code's place among categories: themes show in contexts more than in labels


def groups_of(book: Codebook) -> list[list[int]]:
    """Codes by category: none larger than the cap, singles joined to the nearest group that has room."""
    import numpy as np

    size = len(book.codes)
    if size < FEWEST:
        return [list(range(size))] if size else []
    count = max(FEWEST, min(MOST, round(math.sqrt(size) * 1.15)))
    largest = max(1, min(int(LARGEST_SHARE * size), math.ceil(2 * size / count)))
    rows = centred(unit((1 - QUOTE_SHARE) * book.labels + QUOTE_SHARE * book.quotes))
    groups = bounded(rows, count + 2, largest)
    while len(groups) > FEWEST:
        lonely = min(groups, key=lambda group: (len(group), -group[0]))
        fitting = [group for group in groups if group is not lonely and len(group) + len(lonely) <= largest]
        if (len(lonely) > 1 and len(groups) <= count) or not fitting:
            break
        nearest = max(fitting, key=lambda g: (round(float(np.mean(rows[lonely] @ rows[g].T)), 5), -g[0]))
        groups = sorted([g for g in groups if g is not lonely and g is not nearest] + [sorted(nearest + lonely)])
    return groups


async def categories(book: Codebook, language: str, vectors: Vectors) -> list[ProposedCategory]:
    """Named categories, the widest first."""
    groups = groups_of(book)
    names = await name_groups(book, groups, language, vectors)
    found = [
        ProposedCategory(
            name,
            wording.category_definition([book.codes[row].label for row in group], language),
            tuple(book.codes[row].code_id for row in group),
        )
        for group, name in zip(groups, names, strict=True)
    ]
    by_id = {code.code_id: code for code in book.codes}

    def breadth(category: ProposedCategory) -> tuple[int, int, str]:
        members = [by_id[code_id] for code_id in category.code_ids]
        return -len(documents(members)), -len(applications(members)), category.label

    return sorted(found, key=breadth)


async def name_groups(book: Codebook, groups: list[list[int]], language: str, vectors: Vectors) -> list[str]:
    """A name for each group, none used twice, in the interviews' own words: never from a list made beforehand.

    An abstract noun that several of its codes or their quotes use, else the label of the code that fits it best.
    """
    counts = [said(book, group, language) for group in groups]
    nouns = sorted({word for count in counts for word, codes in count.items() if codes >= SHARED})
    labels = sorted({book.codes[row].label for group in groups for row in group})
    candidates = [*nouns, *labels]
    rows = await vectors.of([name.lower() for name in candidates])
    scored = []
    for place, group in enumerate(groups):
        likeness = _likeness(book, group, rows)
        own = {book.codes[row].label: len(book.codes[row].evidence) for row in group}
        for number, name in enumerate(candidates):
            often = counts[place].get(name, 0) if number < len(nouns) else own.get(name, 0)
            if often >= (SHARED if number < len(nouns) else 1):
                bonus = NOUN_BONUS if number < len(nouns) else (language_of(name) == language) * LANGUAGE_BONUS
                value = float(likeness[number]) + bonus + USE_BONUS * math.log(1 + often)
                scored.append((-round(value, 4), place, name))
    chosen: dict[int, str] = {}
    for _, place, name in sorted(scored):
        if place not in chosen and not any(_overlaps(name, other) for other in chosen.values()):
            chosen[place] = name
    return [_capital(chosen.get(place) or _fallback(book, group)) for place, group in enumerate(groups)]


def _likeness(book: Codebook, group: list[int], rows: Matrix) -> Matrix:
    """How near names are to a group: to its labels' centre, and to the labels that they fit best."""
    import numpy as np

    centre = unit(0.8 * book.labels[group].mean(axis=0) + 0.2 * book.quotes[group].mean(axis=0))
    each = rows @ book.labels[group].T
    return np.asarray(0.6 * (rows @ centre) + 0.4 * each.mean(axis=1))


def said(book: Codebook, group: list[int], language: str) -> dict[str, int]:
    """Abstract nouns of the project's language in a group's labels and quotes, and in how many of its codes."""
    lexicon = lexicon_for(language)
    counts: dict[str, int] = {}
    for row in group:
        code = book.codes[row]
        text = " ".join((code.label, *(piece.quote for piece in code.evidence)))
        for word in {lemma_of(token.lower(), lexicon.language) for token in tokens(text)} & lexicon.abstract_nouns:
            counts[word] = counts.get(word, 0) + 1
    return counts


def _overlaps(name: str, other: str) -> bool:
    return bool(set(name.lower().split()) & set(other.lower().split()))


def _fallback(book: Codebook, group: list[int]) -> str:
    best = max(group, key=lambda row: (len(book.codes[row].evidence), book.codes[row].label))
    return book.codes[best].label


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def members(category: ProposedCategory, codes: Sequence[CodeInContext]) -> list[CodeInContext]:
    """The codes of a category."""
    return [code for code in codes if code.code_id in category.code_ids]
