"""Words with a part of speech: closed lists, simplemma's lemmas, endings and neighbours. No parser."""

from __future__ import annotations

from collections.abc import Collection

from shared.adapters.offline_analyst import english_tags, spanish_tags
from shared.adapters.offline_analyst.lexicon import Lexicon
from shared.adapters.offline_analyst.words import MARK, OTHER, PROPER, Word, tokens


def tag(sentence: str, lexicon: Lexicon, names: Collection[str] = ()) -> list[Word]:
    """The words of a sentence, tagged from left to right. `names` are words known to be somebody's name."""
    open_class = spanish_tags.open_class if lexicon.language == "es" else english_tags.open_class
    raw, tagged = tokens(sentence), list[Word]()
    for at, piece in enumerate(raw):
        lower = piece.lower().replace("’", "'")
        if not piece[0].isalnum() and not piece.startswith("'"):
            tagged.append(Word(piece, piece, MARK))
        elif piece in names or (piece[0].isupper() and piece != "I" and at > 0 and raw[at - 1] not in ".?!¿¡\"«“':—-("):
            tagged.append(Word(piece, lower, PROPER))
        elif lower in lexicon.closed and not _is_noun_here(lower, tagged, lexicon):
            tagged.append(Word(lower, lower, lexicon.closed[lower]))
        elif lower.endswith("'s"):
            tagged.append(Word(lower, lower, "BE" if lower == "'s" else OTHER))
        elif lower.endswith("n't"):
            tagged.append(Word(lower, lower, "NEG"))
        elif not lower.isascii() and not lower.replace("-", "").isalpha():
            tagged.append(Word(lower, lower, OTHER))
        elif any(sign.isdigit() for sign in lower):
            tagged.append(Word(lower, lower, "NUM"))
        else:
            following = raw[at + 1].lower() if at + 1 < len(raw) else ""
            tagged.append(open_class(lower, tagged, following, lexicon))
    return tagged


def _is_noun_here(word: str, before: list[Word], lexicon: Lexicon) -> bool:
    """Closed words that are nouns after an article ("el poder", "the past")."""
    return word in lexicon.abstract_nouns and bool(before) and before[-1].tag in {"DET", "POSS", "NEGDET"}
