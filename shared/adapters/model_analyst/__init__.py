"""An analyst that asks a language model; every call goes through the ledger."""

from shared.adapters.model_analyst.analyst import ModelAnalyst

__all__ = ["ModelAnalyst"]
