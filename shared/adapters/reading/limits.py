"""How much of a file is taken on: documents are untrusted, and a small file can unfold into a huge one."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """`max_pixels` holds for one image, `max_unpacked` for all that a zipped file unfolds into (bytes).

    `max_members` is how many files an archive or e-mail may hold.
    """

    max_bytes: int = 50 * MEGABYTE
    max_pages: int = 2000
    max_pixels: int = 80_000_000
    max_unpacked: int = 200 * MEGABYTE
    max_members: int = 10_000
