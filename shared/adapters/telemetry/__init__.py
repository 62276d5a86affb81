"""Traces, measurements and logs to Application Insights, or to any collector."""

from shared.adapters.telemetry.export import Destination, begin_export

__all__ = ["Destination", "begin_export"]
