"""Which engine reads, and which is asked in doubt."""

from __future__ import annotations

from typing import Any

import pytest

from shared.adapters.ocr import PpOcr, chosen_engine, tesseract
from shared.adapters.ocr.document_intelligence import DocumentIntelligence
from shared.domain.errors import InvalidRequest
from shared.parts import readers
from shared.ports import OcrEngine
from shared.settings import Settings
from tests.adapters.ocr.test_second import Engine


def service() -> OcrEngine:
    return Engine("service", 1.0)


def name(first: Any, second: Any) -> str:
    return chosen_engine(first, second, 1, service).name


@pytest.fixture
def with_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "installed", lambda: True)


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "installed", lambda: False)


@pytest.mark.usefixtures("with_tesseract")
def test_tesseract_helps_where_it_is_installed() -> None:
    assert name("pp", "auto") == "pp-ocrv6-small+tesseract"
    assert name("pp", "none") == "pp-ocrv6-small"
    assert name("tesseract", "auto") == "tesseract"
    assert name("tesseract", "pp") == "tesseract+pp-ocrv6-small"


@pytest.mark.usefixtures("without_tesseract")
def test_without_tesseract_pp_reads_alone() -> None:
    assert name("pp", "auto") == "pp-ocrv6-small"
    with pytest.raises(InvalidRequest, match="Tesseract is not installed"):
        name("pp", "tesseract")


def test_the_service_can_be_the_first_or_the_second() -> None:
    assert name("document_intelligence", "auto") == "service"
    assert name("document_intelligence", "document_intelligence") == "service"
    assert name("pp", "document_intelligence") == "pp-ocrv6-small+service"


def test_fast_reading_asks_nobody_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PpOcr, "__init__", lambda self, threads, mode: setattr(self, "name", mode))
    assert name("fast", "auto") == "fast"


def test_an_engine_that_is_not_here_stops_the_app_with_a_sentence() -> None:
    with pytest.raises(SystemExit, match="DOCUMENT_INTELLIGENCE_ENDPOINT"):
        readers.ocr(Settings(ocr_engine="document_intelligence"))


def test_the_service_is_built_from_the_settings() -> None:
    chosen = {"ocr_engine": "document_intelligence", "document_intelligence_endpoint": "https://x.example"}
    for key in ("", "a-key"):
        engine = readers.ocr(Settings(**chosen, document_intelligence_key=key))  # type: ignore[arg-type]
        assert isinstance(engine, DocumentIntelligence)
