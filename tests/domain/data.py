"""Public documents for tests that want real ones: they skip when `THEOGEN_DATA` does not say where these are."""

import os
from pathlib import Path

import pypdfium2
import pytest


def data_folder(*parts: str) -> Path:
    root = os.environ.get("THEOGEN_DATA")
    if not root:
        pytest.skip("THEOGEN_DATA is not set: the public documents are not at hand")
    return Path(root, *parts)


def pages_of(pdf: Path) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]
