"""Whether documents can be read, from the file to the words."""

from __future__ import annotations

import asyncio
from pathlib import Path

from shared.domain.errors import NotReady
from shared.ports import DocumentReader

_REMEDY = "Deploy the whole package: it is a part of it, made by `python -m sample.make_warmup`."


async def check_reading(reader: DocumentReader, file: Path, page: int, words: str) -> str:
    """Reads one page of a file of ours end to end; raises NotReady where it is missing or the words are not found."""
    try:
        data = await asyncio.to_thread(file.read_bytes)
    except OSError:
        raise NotReady(f"The file {file.name}, which is read for a trial, is missing.", _REMEDY) from None
    inspection = await reader.inspect(data, file.name)
    [read] = await reader.read_pages(data, inspection.media_type, page, page)
    if words not in read.text:
        problem = read.problem or "other words were read"
        raise NotReady(f"Page {page} of {file.name} was not read as it is written: {problem}", _REMEDY)
    return f"page {page} read from its {'own text' if read.source == 'text_layer' else 'picture'}"
