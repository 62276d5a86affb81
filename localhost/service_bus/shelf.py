"""Where one queue keeps its messages: by number, the ready ones in order, each with its appointment."""

import heapq
from collections.abc import Iterator

from localhost.service_bus.agenda import Agenda
from localhost.service_bus.errors import LIMIT_EXCEEDED, MESSAGE_NOT_FOUND, Refusal
from localhost.service_bus.message import Message, State
from localhost.service_bus.store import Store

LARGEST_ANSWER = 4 * 1024 * 1024  # bytes of messages that one request gets


class Shelf:
    """The messages of one queue, in memory without their bytes and in the store with them."""

    def __init__(self, key: str, store: Store, agenda: Agenda) -> None:
        self._key, self._store, self._agenda = key, store, agenda
        self._next, messages = store.load(key)
        self._messages = {message.sequence: message for message in messages}
        self._ready = [message.sequence for message in messages if message.state is State.ACTIVE]
        for message in messages:
            self.watch(message)

    def __len__(self) -> int:
        return len(self._messages)

    def next_number(self) -> int:
        """A sequence number that no message has had."""
        self._next += 1
        return self._next - 1

    def add(self, message: Message, raw: bytes) -> None:
        """Keep a new message."""
        self._messages[message.sequence] = message
        self._store.add(self._key, message, raw)
        self.watch(message)

    def update(self, message: Message) -> None:
        """Keep what has changed about a message."""
        self._store.update(self._key, message)

    def remove(self, message: Message) -> None:
        """Let go of a message."""
        del self._messages[message.sequence]
        self._store.remove(self._key, message.sequence)

    def raw(self, message: Message) -> bytes:
        """The bytes of a message."""
        return self._store.raw(self._key, message.sequence)

    def get(self, sequence: int) -> Message | None:
        """The message of a number."""
        return self._messages.get(sequence)

    def find(self, sequences: list[int], state: State) -> list[Message]:
        """Unlocked messages in a state, all or none; Refusal if one is not there or they are too much at once."""
        found = [self._messages.get(sequence) for sequence in dict.fromkeys(sequences)]
        right = [message for message in found if message and message.state is state and message.token is None]
        if len(right) != len(found):
            raise Refusal(MESSAGE_NOT_FOUND, "Failed to locate one or more specified messages.")
        if sum(message.size for message in right) > LARGEST_ANSWER:
            raise Refusal(LIMIT_EXCEEDED, "The messages are too many for one answer: ask for fewer at a time.")
        return right

    def peek(self, start: int, count: int) -> Iterator[tuple[Message, bytes]]:
        """Messages from a number on, whatever their state, as many as fit an answer."""
        size = 0
        for sequence in heapq.nsmallest(count, (number for number in self._messages if number >= start)):
            message = self._messages[sequence]
            yield message, self.raw(message)
            size += message.size
            if size > LARGEST_ANSWER:
                return

    def make_ready(self, message: Message) -> None:
        """It can be handed out, in the order of its number."""
        if len(self._ready) > 64 + 2 * len(self._messages):  # numbers of messages that expired
            self._ready = [sequence for sequence in self._ready if sequence in self._messages]
            heapq.heapify(self._ready)
        heapq.heappush(self._ready, message.sequence)

    def has_ready(self) -> bool:
        """Whether there may be a message to hand out."""
        return bool(self._ready)

    def take_ready(self) -> Message | None:
        """The next message to hand out; None if it has gone meanwhile."""
        message = self._messages.get(heapq.heappop(self._ready))
        return message if message is not None and message.state is State.ACTIVE else None

    def watch(self, message: Message) -> None:
        """See to it that the queue looks at a message when its lock ends, it falls due or it expires."""
        if message.token is not None:
            when: int | None = message.locked_until
        elif message.state is State.SCHEDULED:
            when = message.scheduled
        else:
            when = message.expires if message.state is State.ACTIVE else None  # deferred ones never expire
        if when is not None and (message.alarm is None or when < message.alarm):
            message.alarm = when
            self._agenda.add(when, self._key, message.sequence)

    def appointments(self) -> Iterator[tuple[int, str, int]]:
        """When each message is to be looked at."""
        for message in self._messages.values():
            if message.alarm is not None:
                yield message.alarm, self._key, message.sequence
