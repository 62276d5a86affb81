"""The made-up pages in every hard way, several times: more of what is hard than the table of all pages has room for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from bench.evaluation.pages import our_reader
from bench.pages.drawing import MadePage, made_pages
from bench.pages.scoring import Score
from bench.pages.wear import HARD, raster

if TYPE_CHECKING:
    from bench.pages.wear import Picture

TITLE = "Hard pages in every hard way"
LONG = True
SEEDS = range(6, 11)  # rules were made while looking at 1 to 5
ALL = "all"


def evaluate(data: Path) -> str:
    """The default engine alone on each page, worn in each hard way with each seed. Data by others are not used."""
    scores = asyncio.run(_read_all())
    rows = ["| worn as | pages | CER % | WER % | accents and ñ % | numbers % |", "|---|---|---|---|---|---|"]
    for how, s in scores.items():
        rows.append(f"| {how} | {s.pages} | {s.cer:.2f} | {s.wer:.2f} | {s.accents:.1f} | {s.exact_numbers:.1f} |")
    return "\n".join([*rows, "", _note()])


def worn_pages() -> Iterator[tuple[MadePage, str, Picture]]:
    """Each page with how it was worn and its picture; the same in every run."""
    import numpy as np

    for seed, (at, page) in product(SEEDS, enumerate(made_pages())):
        picture = raster(page.pdf)
        for wear in HARD:
            yield page, wear.__name__, wear(picture, np.random.default_rng(1000 * seed + at))


async def _read_all() -> dict[str, Score]:
    scores = {how: Score() for how in (*(wear.__name__ for wear in HARD), ALL)}
    read = our_reader("pp", "none")
    for page, how, picture in worn_pages():
        text = await read(picture)
        for score in (scores[how], scores[ALL]):
            score.add(page.text, text)
        print(f"{page.name} {how}: {scores[how].pages} pages, CER {scores[how].cer:.2f} %", flush=True)
    return scores


def _note() -> str:
    return (
        "The default engine alone. The twelve pages of the table of pages at 100 dpi (tiny), as faxes and in bad "
        f"photos, {len(SEEDS)} seeds each. The rules for doubtful letters were made while looking at the same texts "
        "with other seeds; the pages held out in that table have other texts."
    )
