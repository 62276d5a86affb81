"""Those who take messages from one queue, each in its turn."""

from collections import deque
from typing import Protocol

from localhost.service_bus.message import Message


class Consumer(Protocol):
    """Who takes messages."""

    deletes: bool  # takes them for good, without a lock

    def is_ready(self) -> bool:
        """Whether it can take one more now."""

    def take(self, message: Message, raw: bytes) -> None:
        """Take a message, locked unless this consumer deletes."""


class Consumers:
    """The consumers of one queue."""

    def __init__(self) -> None:
        self._waiting: deque[Consumer] = deque()

    def add(self, consumer: Consumer) -> None:
        """One more wants messages."""
        self._waiting.append(consumer)

    def remove(self, consumer: Consumer) -> None:
        """One wants no more."""
        if consumer in self._waiting:
            self._waiting.remove(consumer)

    def next(self) -> Consumer | None:
        """Whose turn it is, of those who can take one."""
        for _ in range(len(self._waiting)):
            consumer = self._waiting[0]
            self._waiting.rotate(-1)
            if consumer.is_ready():
                return consumer
        return None
