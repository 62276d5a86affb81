"""Language identification by character n-grams (langid: Lui and Baldwin, 2012) through py3langid."""

from __future__ import annotations

import asyncio

ENOUGH_LETTERS = 20
SAMPLE = 10_000
CANDIDATES = ["es", "en", "pt", "fr", "de", "it", "ca", "gl", "eu", "nl"]


class LangidDetector:
    """`LanguageDetector` for the languages that documents are likely to come in."""

    def __init__(self) -> None:
        self._ready = False

    async def detect(self, text: str) -> str:
        """An ISO 639-1 code, or `und` for text with hardly any letters."""
        sample = text[:SAMPLE]
        if sum(c.isalpha() for c in sample) < ENOUGH_LETTERS:
            return "und"
        return await asyncio.to_thread(self._classify, sample)

    def _classify(self, text: str) -> str:
        import py3langid

        if not self._ready:
            py3langid.set_languages(CANDIDATES)
            self._ready = True
        return str(py3langid.classify(text)[0])
