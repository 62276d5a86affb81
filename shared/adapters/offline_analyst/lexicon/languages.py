"""Which entry serves a language. Others than Spanish and English are read with the English one, and memos say so."""

from __future__ import annotations

from functools import cache

from shared.adapters.offline_analyst.lexicon.entry import Lexicon

KNOWN = frozenset({"en", "es"})


@cache
def _entry(language: str) -> Lexicon:
    if language == "es":
        from shared.adapters.offline_analyst.lexicon.spanish import SPANISH

        return SPANISH
    from shared.adapters.offline_analyst.lexicon.english import ENGLISH

    return ENGLISH


def lexicon_for(language: str) -> Lexicon:
    """The entry of a language code (`es`, `es-MX` …)."""
    return _entry(language.lower()[:2])
