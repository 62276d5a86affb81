"""Reading pictures of pages: engines on this machine and a service, behind one port."""

from shared.adapters.ocr.choice import chosen_engine
from shared.adapters.ocr.engine import PpOcr

__all__ = ["PpOcr", "chosen_engine"]
