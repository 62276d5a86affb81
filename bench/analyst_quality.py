"""How good the offline analyst is: against people who coded the same texts, and as a codebook to read.

    THEOGEN_DATA=<folder with interviews/llmcode and interviews/changelog> python -m bench.analyst_quality [--codebook]

Spans are compared by Cohen's kappa over characters (overlap alone flatters whoever selects everything); labels by the
encoder's cosine: precision is the share of our labels with a human label nearer than .5, recall the reverse.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from bench.analyst_walk import Walk, walk
from shared.domain.analysis import Brief, Fragment

if TYPE_CHECKING:
    from collections.abc import Iterable

Spans = dict[str, list[tuple[int, int, str]]]  # unit -> (start, end, label)
CODERS = {
    "coder1": ("bopp_test_augmented_1",),
    "feelings": ("bopp_test_augmented_feelings2",),
    "third": ("bopp_test_input", "bopp_test_examples"),
}
NEAR = 0.5
BRIEF = Brief("bench", "bench", "en")


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def units(folder: Path) -> dict[str, str]:
    """The hundred texts that all coders share, by an id."""
    text = (folder / CODERS["coder1"][0] / f"{CODERS['coder1'][0]}.txt").read_text("utf-8")
    found = {}
    for unit in _lines(folder / CODERS["coder1"][0] / "units.jsonl"):
        if int(str(unit["unit"])) < 100:
            found[f"u{unit['unit']}"] = text[int(str(unit["start"])) : int(str(unit["end"]))].strip()
    return found


def human(folder: Path, names: Iterable[str], texts: dict[str, str]) -> tuple[Spans, set[str]]:
    """A coder's spans, moved to the shared texts, and which of the texts the coder saw."""
    by_start = {text[:40]: unit for unit, text in texts.items()}
    spans: Spans = defaultdict(list)
    seen = set()
    for name in names:
        text = (folder / name / f"{name}.txt").read_text("utf-8")
        segments = _lines(folder / name / "segments.jsonl")
        for unit in _lines(folder / name / "units.jsonl"):
            raw = text[int(str(unit["start"])) : int(str(unit["end"]))]
            mine = by_start.get(raw.strip()[:40])
            if mine is None or abs(len(texts[mine]) - len(raw.strip())) > 2:
                continue
            seen.add(mine)
            lead = int(str(unit["start"])) + len(raw) - len(raw.lstrip())
            for segment in segments:
                if segment["unit"] == unit["unit"]:
                    start, end = int(str(segment["start"])) - lead, int(str(segment["end"])) - lead
                    labels = [label.strip().lower() for label in str(segment["code"]).split(";") if label.strip()]
                    spans[mine] += [(max(0, start), min(len(texts[mine]), end), label) for label in labels]
    return spans, seen


def kappa(left: Spans, right: Spans, seen: set[str], texts: dict[str, str]) -> float:
    """Cohen's kappa of "this character is coded" over the texts that both saw."""
    both = one = other = total = 0
    for unit in sorted(seen):
        a, b = bytearray(len(texts[unit])), bytearray(len(texts[unit]))
        for marks, spans in ((a, left), (b, right)):
            for start, end, _ in spans.get(unit, []):
                marks[start:end] = b"\x01" * (end - start)
        both += sum(x == y for x, y in zip(a, b, strict=True))
        one, other, total = one + sum(a), other + sum(b), total + len(a)
    p, q = one / total, other / total
    chance = p * q + (1 - p) * (1 - q)
    return (both / total - chance) / (1 - chance)


async def near(walked: Walk, mine: list[str], theirs: list[str]) -> tuple[float, float]:
    """Precision and recall of labels."""
    import numpy as np

    a, b = np.asarray(await walked.encoder.embed(mine)), np.asarray(await walked.encoder.embed(theirs))
    likeness = a @ b.T
    return float((likeness.max(axis=1) > NEAR).mean()), float((likeness.max(axis=0) > NEAR).mean())


async def against_people(folder: Path) -> None:
    """Spans and labels against three human codings, with the coders among themselves beside it."""
    texts = units(folder)
    began = time.perf_counter()
    walked = await walk([Fragment(unit, unit, text, "en") for unit, text in texts.items()], BRIEF)
    print(f"{len(texts)} fragments walked in {time.perf_counter() - began:.1f} s; {walked.summary()}")
    ours: Spans = defaultdict(list)
    for unit, proposal in walked.proposals:
        start = texts[unit].index(proposal.quote)
        ours[unit].append((start, start + len(proposal.quote), proposal.label))
    coded = sum(end - start for spans in ours.values() for start, end in {(s, e) for s, e, _ in spans})
    print(f"characters quoted: {coded / sum(map(len, texts.values())):.2f}")
    people = {name: human(folder, files, texts) for name, files in CODERS.items()}
    for name, (spans, seen) in people.items():
        theirs = sorted({label for marks in spans.values() for *_, label in marks})
        others = [
            kappa(other, spans, seen & saw, texts) for who, (other, saw) in people.items() if who != name and seen & saw
        ]
        labels = await near(walked, [code.label for code in walked.codebook], theirs)
        among = [
            await near(walked, sorted({label for marks in other.values() for *_, label in marks}), theirs)
            for who, (other, _) in people.items()
            if who != name
        ]
        human_p, human_r = (sum(pair[n] for pair in among) / len(among) for n in (0, 1))
        print(
            f"{name:9} span kappa {kappa(ours, spans, seen, texts):.2f} (people {sum(others) / len(others):.2f})"
            f"   labels P {labels[0]:.2f} R {labels[1]:.2f} (people P {human_p:.2f} R {human_r:.2f})"
        )


def fragments(text: str, document: str, language: str, size: int = 900) -> list[Fragment]:
    """Paragraphs gathered into pieces of about `size` characters."""
    pieces: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        if pieces and len(pieces[-1]) + len(paragraph) < size:
            pieces[-1] += "\n\n" + paragraph.strip()
        elif paragraph.strip():
            pieces.append(paragraph.strip())
    return [Fragment(f"{document}-{n}", document, piece, language) for n, piece in enumerate(pieces)]


async def codebook(paths: list[Path], language: str) -> None:
    """A whole walk over some interviews, printed for reading."""
    began = time.perf_counter()
    parts = [
        part
        for path in paths
        for part in fragments(path.read_text("utf-8"), path.stem, "es" if path.stem.startswith("entrevista") else "en")
    ]
    walked = await walk(parts, Brief("bench", "bench", language))
    print(f"\n{len(paths)} interviews, {len(parts)} fragments, {time.perf_counter() - began:.1f} s; {walked.summary()}")
    print(walked.text())


async def main() -> int:
    """Print all that there is data for."""
    root = os.environ.get("THEOGEN_DATA")
    if not root:
        print("THEOGEN_DATA is not set: nothing to measure against, skipped.")
        return 0
    interviews = Path(root) / "interviews"
    if "--codebook" not in sys.argv:
        await against_people(interviews / "llmcode" / "segments")
    given = [Path(name) for name in sys.argv[1:] if not name.startswith("--")]
    language = "es" if "--es" in sys.argv else "en"
    await codebook(given or sorted((interviews / "changelog").glob("*.md"))[:3], language)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
