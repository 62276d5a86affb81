"""How far a text as read is from what stands on the page. White space counts as one space, wherever lines end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

ACCENTED = frozenset("áéíóúüñÁÉÍÓÚÜÑ")


@dataclass
class Score:
    """Sums over pages: characters, words, their errors; accented characters and numbers with those read right."""

    pages: int = 0
    chars: int = 0
    char_errors: int = 0
    words: int = 0
    word_errors: int = 0
    accented: int = 0
    accented_right: int = 0
    numbers: int = 0
    numbers_right: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def add(self, expected: str, read: str) -> None:
        """Count one page."""
        a, b = " ".join(expected.split()), " ".join(read.split())
        kept = _kept(a, b)
        self.pages += 1
        self.chars += len(a)
        self.char_errors += distance(a, b)
        self.words += len(a.split())
        self.word_errors += distance(a.split(), b.split())
        self.accented += sum(char in ACCENTED for char in a)
        self.accented_right += sum(char in ACCENTED and at in kept for at, char in enumerate(a))
        mine, theirs = Counter(_numbers(a)), Counter(_numbers(b))
        self.numbers += mine.total()
        self.numbers_right += (mine & theirs).total()
        self.wrong += list((Counter(a.split()) - Counter(b.split())).elements())

    @property
    def cer(self) -> float:
        """Character error rate in percent."""
        return 100 * self.char_errors / max(self.chars, 1)

    @property
    def wer(self) -> float:
        """Word error rate in percent."""
        return 100 * self.word_errors / max(self.words, 1)

    @property
    def accents(self) -> float:
        """Accented characters and ñ that were read right, in percent."""
        return 100 * self.accented_right / max(self.accented, 1)

    @property
    def exact_numbers(self) -> float:
        """Words with digits that were read exactly, in percent."""
        return 100 * self.numbers_right / max(self.numbers, 1)


def distance(a: Sequence[str], b: Sequence[str]) -> int:
    """How many characters (or words) must be put in, taken out or changed: Levenshtein's distance."""
    import numpy as np

    ids = {item: number for number, item in enumerate(dict.fromkeys([*a, *b]))}
    other = np.array([ids[item] for item in b], np.int64)
    steps = np.arange(len(b) + 1, dtype=np.int64)
    row = steps.copy()
    for at, item in enumerate(a, 1):
        best = np.minimum(row[1:] + 1, row[:-1] + (other != ids[item]))
        row = np.minimum.accumulate(np.concatenate([[at], best]) - steps) + steps
    return int(row[-1])


def _kept(a: str, b: str) -> set[int]:
    """The characters of `a` that stand in `b` where they should."""
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return {at for block in blocks for at in range(block.a, block.a + block.size)}


def _numbers(text: str) -> list[str]:
    return [word.strip(".,;:()") for word in text.split() if any(char.isdigit() for char in word)]
