import asyncio

import pytest

from shared.adapters.languages import LangidDetector


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Yo llegué a la cooperativa cuando todavía no había teléfono en el pueblo.", "es"),
        ("I came to the cooperative when the village had no telephone yet.", "en"),
        ("Wir haben Ihnen die folgenden Leistungen in Rechnung gestellt.", "de"),
        ("12.50 34 x 7", "und"),
        ("", "und"),
    ],
)
async def test_a_text_tells_its_language(text: str, language: str) -> None:
    assert await LangidDetector().detect(text) == language


async def test_many_documents_may_ask_a_new_detector_at_once() -> None:
    detector = LangidDetector()
    texts = ["Esto es una entrevista sobre el cuidado de las personas mayores."] * 20
    assert await asyncio.gather(*(detector.detect(text) for text in texts)) == ["es"] * 20
