"""Opening files of every supported type: what they are, and the text of their pages."""

from shared.adapters.reading.limits import Limits
from shared.adapters.reading.reader import FileReader

__all__ = ["FileReader", "Limits"]
