"""Page furniture: headers, footers and page numbers, which are on the page but not in the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

EDGE = 3  # lines from the top and from the bottom of a page that may be furniture
_MAX_LENGTH = 160
_OUT_OF = r"\s*(?:de|of|von|sur|/|\|)\s*\d{1,4}"
_WORD = r"(?:p[áa]g(?:ina|\.)?|page|p\.|pg\.|seite|folio|hoja)"
_PAGE_OF = re.compile(rf"\W*{_WORD}\s*\d{{1,4}}{_OUT_OF}\W*", re.IGNORECASE)
_PAGE = re.compile(rf"\W*(?:{_WORD}\s*\d{{1,4}}|\d{{1,4}}{_OUT_OF}|[-–—]\s*\d{{1,4}}\s*[-–—])\W*", re.IGNORECASE)
_BARE = re.compile(r"\d{1,4}")
_NUMBER = re.compile(r"\d{1,6}")
_TURN = re.compile(r"\*{0,2}[^\W\d_][^:\n]{0,40}:")

Lines = Sequence[str]


def furniture(pages: Sequence[Lines]) -> set[tuple[int, int]]:
    """Which lines are furniture, as (page index, index of the line among the page's lines).

    `pages` holds each page's non-blank lines, stripped. A line is furniture when it stands at the same place of the
    page on three pages near each other or on half of the pages, the same but for a number that counts the pages;
    or when it is a page number.
    """
    return _page_numbers(pages) | _repeated(pages)


def _edges(lines: Lines) -> Iterator[tuple[int, int]]:
    """(place, line index) of the lines near the edges: place 0, 1, 2 from the top, -1, -2, -3 from the bottom."""
    for index in range(min(EDGE, len(lines))):
        yield index, index
    for place in range(-1, -1 - min(EDGE, len(lines)), -1):
        yield place, len(lines) + place


def _page_numbers(pages: Sequence[Lines]) -> set[tuple[int, int]]:
    found = {(page, i) for page, lines in enumerate(pages) for i, line in enumerate(lines) if _PAGE_OF.fullmatch(line)}
    bare: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for page, lines in enumerate(pages):
        for place, index in _edges(lines):
            line = lines[index]
            if place in (0, 1, -1, -2) and len(pages) > 1 and _PAGE.fullmatch(line):
                found.add((page, index))
            elif place in (0, -1) and len(pages) > 1 and _BARE.fullmatch(line):
                bare[int(line) - page].append((page, index))
    # A bare number is a page number only when it counts: alone at the edge of one page it may be content.
    for places in bare.values():
        if len({page for page, _ in places}) > 1:
            found.update(places)
    return found


def _variants(line: str, page: int) -> Iterator[str]:
    """The line itself, and with each number in turn replaced by its distance from the page: counters become equal."""
    folded = " ".join(line.casefold().split())
    yield folded
    for match in list(_NUMBER.finditer(folded))[:4]:
        yield f"{folded[: match.start()]}#{int(match.group()) - page}{folded[match.end() :]}"


def _repeated(pages: Sequence[Lines]) -> set[tuple[int, int]]:
    seen: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for page, lines in enumerate(pages):
        for place, index in _edges(lines):
            line = lines[index]
            # A speaker's turn is never furniture, however often the same words open a page.
            if len(line) <= _MAX_LENGTH and any(map(str.isalpha, line)) and not _TURN.match(line):
                for variant in _variants(line, page):
                    seen[place, variant].append((page, index))
    found: set[tuple[int, int]] = set()
    for places in seen.values():
        found.update(_frequent(places, len(pages)))
    return found


def _frequent(places: list[tuple[int, int]], page_count: int) -> list[tuple[int, int]]:
    """Those places that are frequent enough: half of all pages, or three pages at most two apart from each other."""
    if len(places) >= 2 and len(places) * 2 >= page_count:
        return places
    kept: list[tuple[int, int]] = []
    run: list[tuple[int, int]] = []
    for place in places:
        if run and place[0] - run[-1][0] > 2:
            kept += run if len(run) >= 3 else []
            run = []
        run.append(place)
    return kept + (run if len(run) >= 3 else [])
