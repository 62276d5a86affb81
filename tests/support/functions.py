"""The app's functions as a host sees them. Indexing works once a process, so all tests share the result."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

os.environ.setdefault("AZURE_FUNCTIONS_DURABLE_STRICT_TYPING", "1")


@lru_cache(maxsize=1)
def indexed() -> list[Any]:
    """What `get_functions()` says of the app."""
    from function_app import app

    return list(app.get_functions())
