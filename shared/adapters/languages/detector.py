"""Language identification by character n-grams (langid: Lui and Baldwin, 2012) through py3langid."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

ENOUGH_LETTERS = 20
SAMPLE = 10_000
CANDIDATES = ["es", "en", "pt", "fr", "de", "it", "ca", "gl", "eu", "nl"]


class LangidDetector:
    """`LanguageDetector` for the languages that documents are likely to come in."""

    def __init__(self) -> None:
        self._identifier: Any = None
        self._loading = threading.Lock()

    async def detect(self, text: str) -> str:
        """An ISO 639-1 code, or `und` for text with hardly any letters."""
        sample = text[:SAMPLE]
        if sum(c.isalpha() for c in sample) < ENOUGH_LETTERS:
            return "und"
        return await asyncio.to_thread(self._classify, sample)

    def _classify(self, text: str) -> str:
        # Several documents ask at once, and the identifier is of no use before its languages are set.
        with self._loading:
            if self._identifier is None:
                self._identifier = _load()
        return str(self._identifier.classify(text)[0])


def _load() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(CANDIDATES)
    return identifier
