"""An analyst with no language model: it extracts, compares and suggests, and says so."""

from shared.adapters.offline_analyst.analyst import OfflineAnalyst

__all__ = ["OfflineAnalyst"]
