"""One end of the stream between the host and a process that runs functions for it."""

import asyncio
from collections.abc import Callable
from typing import cast

from localhost.host.frames import Frames, frame


class Channel(asyncio.Protocol):
    """Hands on each frame that comes, and once or more that no more will come; answers may still be sent then.

    What is sent in one turn of the loop goes out in one write: uvloop sees to that.
    """

    def __init__(self, heard: Callable[[int, str], None], ended: Callable[[], None]) -> None:
        self._heard, self._ended = heard, ended
        self._frames = Frames()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The loop says that it can begin."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """The loop brings a piece."""
        for number, text in self._frames.feed(data):
            self._heard(number, text)

    def eof_received(self) -> bool:
        """The other side says nothing more, but may still listen."""
        self._ended()
        return True

    def connection_lost(self, error: Exception | None) -> None:
        """The other side is gone."""
        self._ended()

    def send(self, number: int, text: str) -> None:
        """Send a frame."""
        self._transport.write(frame(number, text))

    def say_no_more(self) -> None:
        """End this direction; the other stays open."""
        self._transport.write_eof()

    def close(self) -> None:
        """End both at once."""
        self._transport.abort()
