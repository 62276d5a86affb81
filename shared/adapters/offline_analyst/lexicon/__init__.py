"""What the analyst knows of each language: closed word lists, prototypes and cues, the same kinds for both."""

from shared.adapters.offline_analyst.lexicon.entry import Cue, Lexicon, words
from shared.adapters.offline_analyst.lexicon.languages import lexicon_for

__all__ = ["Cue", "Lexicon", "lexicon_for", "words"]
