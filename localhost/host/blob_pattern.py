"""Paths of blob triggers: a literal container and a pattern for the blob's name."""

import re
from dataclasses import dataclass

from localhost.host.binding_texts import BindingError

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class BlobPattern:
    """Which blobs a function wants."""

    container: str
    name: "re.Pattern[str] | None"

    def match(self, blob_name: str) -> dict[str, str] | None:
        """Return the values of the placeholders; None if the blob is not meant."""
        if self.name is None:
            return {}
        found = self.name.fullmatch(blob_name)
        return found.groupdict() if found else None


def parse_blob_path(path: str) -> BlobPattern:
    """Read `container` or `container/pattern`; greedy, so `{name}.{ext}` splits at the last dot."""
    container, slash, pattern = path.strip("/").partition("/")
    if "{" in container or not container:
        raise BindingError(f"The blob path '{path}' must begin with the name of a container.")
    if not slash:
        return BlobPattern(container, None)
    regex, position = "", 0
    for found in _PLACEHOLDER.finditer(pattern):
        regex += re.escape(pattern[position : found.start()]) + f"(?P<{found[1]}>.+)"
        position = found.end()
    return BlobPattern(container, re.compile(regex + re.escape(pattern[position:]), re.DOTALL))
