"""Reading pictures of pages: engines on this machine and a service, behind one port."""

import os

from shared.adapters.ocr.choice import chosen_engine
from shared.adapters.ocr.engine import PpOcr

__all__ = ["PpOcr", "chosen_engine"]

# The runtime reports to its maker from the moment it is imported, unless this says no; documents are nobody's business.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
