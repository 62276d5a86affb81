"""Axial coding, first half: categories of bounded size, named in the project's language."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.adapters.offline_analyst import wording
from shared.adapters.offline_analyst.clustering import bounded, centred
from shared.adapters.offline_analyst.codebook import Codebook, applications, documents
from shared.adapters.offline_analyst.lexicon import lexicon_for
from shared.adapters.offline_analyst.lexicon.themes import THEMES
from shared.adapters.offline_analyst.vectors import unit
from shared.adapters.offline_analyst.words import lemma_of, tokens
from shared.domain.analysis import CodeInContext, ProposedCategory

if TYPE_CHECKING:
    from shared.adapters.offline_analyst.vectors import Matrix, Vectors

FEWEST, MOST = 4, 9
LARGEST_SHARE = 0.4  # of the codes, in one category
QUOTE_SHARE = 0.35  # of quotes in a code's place among categories: themes show in contexts more than in labels


@dataclass(frozen=True, slots=True)
class Name:
    """A possible name of a category: `borrowed` when it is a theme of the list and not a word of the interviews."""

    text: str
    borrowed: bool


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
            name.text,
            wording.category_definition([book.codes[row].label for row in group], name.borrowed, language),
            tuple(book.codes[row].code_id for row in group),
        )
        for group, name in zip(groups, names, strict=True)
    ]
    by_id = {code.code_id: code for code in book.codes}

    def breadth(category: ProposedCategory) -> tuple[int, int, str]:
        members = [by_id[code_id] for code_id in category.code_ids]
        return -len(documents(members)), -len(applications(members)), category.label

    return sorted(found, key=breadth)


async def name_groups(book: Codebook, groups: list[list[int]], language: str, vectors: Vectors) -> list[Name]:
    """A name for each group, none used twice: nouns of the interviews and the list of themes compete."""
    language = language if language in THEMES else "en"
    counts = [said(book, group, language) for group in groups]
    own = sorted({word for count in counts for word in count})
    names = [Name(word[0].upper() + word[1:], False) for word in own] + [
        Name(theme, True) for theme in THEMES[language]
    ]
    rows = await vectors.of([name.text.lower() for name in names])
    scored = []
    for place, group in enumerate(groups):
        likeness = _likeness(book, group, rows)
        for number, name in enumerate(names):
            often = counts[place].get(name.text.lower(), 0)
            if not name.borrowed and often < 2:
                continue
            value = float(likeness[number]) + (0.04 * math.log(1 + often) - 0.03 if not name.borrowed else 0.0)
            scored.append((-round(value, 4), place, name))
    chosen: dict[int, Name] = {}
    for _, place, name in sorted(scored, key=lambda entry: (entry[0], entry[1], entry[2].text)):
        if place not in chosen and not any(_overlaps(name, other) for other in chosen.values()):
            chosen[place] = name
    return [chosen.get(place) or _fallback(book, groups[place]) for place in range(len(groups))]


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


def _overlaps(name: Name, other: Name) -> bool:
    mine, theirs = (set(entry.text.lower().split()) - {"and", "y", "e", "of", "de"} for entry in (name, other))
    return bool(mine & theirs)


def _fallback(book: Codebook, group: list[int]) -> Name:
    best = max(group, key=lambda row: (len(book.codes[row].evidence), book.codes[row].label))
    return Name(book.codes[best].label, False)


def members(category: ProposedCategory, codes: Sequence[CodeInContext]) -> list[CodeInContext]:
    """The codes of a category."""
    return [code for code in codes if code.code_id in category.code_ids]
