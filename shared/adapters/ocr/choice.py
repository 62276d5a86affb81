"""Which engine reads, and which is asked when it is in doubt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from shared.adapters.ocr import tesseract
from shared.adapters.ocr.engine import PpOcr
from shared.adapters.ocr.second import SecondOpinion
from shared.ports import OcrEngine

Name = Literal["pp", "fast", "tesseract", "document_intelligence"]
Second = Literal["auto", "none", "pp", "fast", "tesseract", "document_intelligence"]


def chosen_engine(name: Name, second: Second, threads: int, service: Callable[[], OcrEngine]) -> OcrEngine:
    """The engine, with a second one for doubtful pages. `auto`: Tesseract beside PP-OCR, where it is installed.

    Fast reading has none by default: it is chosen for speed. `service` builds document_intelligence.
    Raises InvalidRequest for an engine that is not here.
    """
    first = _engine(name, threads, service)
    if second == "auto":
        second = "tesseract" if name == "pp" and tesseract.installed() else "none"
    if second in ("none", name):
        return first
    return SecondOpinion(first, _engine(second, threads, service, upright=True))


def _engine(name: str, threads: int, service: Callable[[], OcrEngine], *, upright: bool = False) -> OcrEngine:
    if name in ("pp", "fast"):
        return PpOcr(threads, "fast" if name == "fast" else "accurate")
    return tesseract.Tesseract(upright=upright) if name == "tesseract" else service()
