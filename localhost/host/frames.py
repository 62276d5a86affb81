"""Texts in a stream of bytes, each after its length: how the host and its orchestrators' process speak."""

import struct

LENGTH = struct.Struct(">I")
# The first character of an answer: what follows was returned, or raised.
RETURNED, RAISED = "+", "-"


def frame(text: str) -> bytes:
    """Return a text with its length; half a surrogate pair, which JSON may hold, passes too."""
    body = text.encode("utf-8", "surrogatepass")
    return LENGTH.pack(len(body)) + body


def text_of(body: bytes) -> str:
    """Return the text of a frame's body."""
    return body.decode("utf-8", "surrogatepass")
