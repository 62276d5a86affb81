"""Which messages of one queue are held under which lock, and until when."""

import uuid

from localhost.service_bus.clock import Clock
from localhost.service_bus.errors import lock_lost
from localhost.service_bus.message import Message


class Locks:
    """Locks of one duration. They are not kept: a broker that starts again has given none."""

    def __init__(self, clock: Clock, duration: int) -> None:
        self._clock, self._duration = clock, duration
        self._locked: dict[uuid.UUID, Message] = {}

    def __contains__(self, token: object) -> bool:
        return token in self._locked

    def held(self, token: uuid.UUID) -> Message:
        """The message under a lock; Refusal if that has ended."""
        message = self._locked.get(token)
        if message is None or message.locked_until <= self._clock.now():
            raise lock_lost()
        return message

    def lock(self, message: Message) -> None:
        """Hold a message under a new lock."""
        message.token = uuid.uuid4()
        self._locked[message.token] = message
        message.locked_until = self._clock.now() + self._duration

    def unlock(self, message: Message) -> None:
        """Let go of a message if it is held."""
        if message.token is not None:
            del self._locked[message.token]
            message.token = None

    def renew(self, tokens: list[uuid.UUID]) -> list[int]:
        """Hold longer, all or none; until when."""
        messages = [self.held(token) for token in tokens]
        for message in messages:
            message.locked_until = self._clock.now() + self._duration
        return [message.locked_until for message in messages]
