"""ZIP archives of documents."""

from shared.adapters.archives.zipped import ZippedFiles

__all__ = ["ZippedFiles"]
