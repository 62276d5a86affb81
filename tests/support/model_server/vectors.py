"""Embeddings from letters: texts that share triples of letters are near each other."""

from __future__ import annotations

import base64
import math
import struct
import zlib
from typing import Any


def vector(text: str, dimensions: int) -> list[float]:
    padded = f"  {text.lower()} "
    values = [0.0] * dimensions
    for at in range(len(padded) - 2):
        code = zlib.crc32(padded[at : at + 3].encode())
        values[code % dimensions] += 1.0 if code & 0x10000 else -1.0
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return [3 * value / length for value in values]  # not of unit length: that is the embedder's business


def rows(texts: list[str], dimensions: int, encoding: str) -> list[dict[str, Any]]:
    """As the protocol has them, last first: order is by index."""
    found = []
    for index, text in reversed(list(enumerate(texts))):
        values: Any = vector(text, dimensions)
        if encoding == "base64":
            values = base64.b64encode(struct.pack(f"<{dimensions}f", *values)).decode()
        found.append({"object": "embedding", "index": index, "embedding": values})
    return found
