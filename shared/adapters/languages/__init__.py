"""Telling the language of a text, without a service."""

from shared.adapters.languages.detector import LangidDetector

__all__ = ["LangidDetector"]
