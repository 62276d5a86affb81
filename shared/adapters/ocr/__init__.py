"""Reading pictures of pages on this machine, without a service."""

import os

from shared.adapters.ocr.engine import PpOcr

__all__ = ["PpOcr"]

# The runtime reports to its maker from the moment it is imported, unless this says no; documents are nobody's business.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
