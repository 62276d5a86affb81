"""Whether the OCR engine's weights are there and load."""

from __future__ import annotations

import asyncio

from shared.adapters.ocr import models
from shared.domain.errors import NotReady


async def check_weights(mode: models.Mode, threads: int) -> str:
    """Loads the networks (once a process; a second, and 0.4 GB)."""
    try:
        await asyncio.to_thread(models.load, mode, threads)
    except Exception as error:
        raise NotReady(
            f"The OCR engine's weights do not load ({type(error).__name__}).",
            "Install the packages of requirements.txt anew: the weights come inside rapidocr.",
        ) from error
    return f"{mode} weights loaded"
