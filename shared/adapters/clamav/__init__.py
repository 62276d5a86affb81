"""Looking for viruses with ClamAV's daemon."""

from shared.adapters.clamav.scanner import ClamdScanner

__all__ = ["ClamdScanner"]
