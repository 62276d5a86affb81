"""The language of pages, as the app finds it out."""

from __future__ import annotations

import asyncio

from shared.domain.document import Page


def language_of(pages: list[Page]) -> str:
    """The language that the app would detect."""
    from shared.adapters.languages import LangidDetector

    return asyncio.run(LangidDetector().detect("\n".join(page.text for page in pages)))
