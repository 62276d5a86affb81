"""Reading pictures of pages on this machine, without a service."""

from shared.adapters.ocr.engine import PpOcr

__all__ = ["PpOcr"]
