"""Records from documents that carry their data as data: XML (alone or inside a PDF), MT940, CAMT, CSV."""

from shared.adapters.structured.reader import StructuredReader

__all__ = ["StructuredReader"]
