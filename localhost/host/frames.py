"""Numbered texts in a stream of bytes: how the host and the processes that run functions for it speak."""

import struct

HEAD = struct.Struct(">IQ")  # length of the text in bytes, number of the question
HELLO = 0  # the number of what a process says when it is ready; questions have others
# The first character of an answer: what follows was returned, or raised.
RETURNED, RAISED = "+", "-"


def frame(number: int, text: str) -> bytes:
    """Return a text with its head; half a surrogate pair, which JSON may hold, passes too."""
    body = text.encode("utf-8", "surrogatepass")
    return HEAD.pack(len(body), number) + body


def text_of(body: bytes | bytearray) -> str:
    """Return the text of a frame's body."""
    return body.decode("utf-8", "surrogatepass")


class Frames:
    """Cuts what arrives in pieces of any size into frames."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[tuple[int, str]]:
        """Return the frames that are complete now, each with its number."""
        rest, at, found = self._rest, 0, list[tuple[int, str]]()
        rest += data
        while len(rest) - at >= HEAD.size:
            length, number = HEAD.unpack_from(rest, at)
            begin = at + HEAD.size
            if len(rest) < begin + length:
                break
            at = begin + length
            found.append((number, text_of(rest[begin:at])))
        del rest[:at]
        return found
