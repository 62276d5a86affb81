"""What one queue does with its messages: hands them out under locks, takes them back, buries them."""

import heapq
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from typing import Protocol

from localhost.service_bus.agenda import Agenda
from localhost.service_bus.clock import Clock
from localhost.service_bus.declaration import QueueSettings
from localhost.service_bus.duplicates import RecentIds
from localhost.service_bus.errors import LIMIT_EXCEEDED, MESSAGE_NOT_FOUND, NOT_ALLOWED, Refusal, lock_lost
from localhost.service_bus.message import Message, Sent, State, inspect
from localhost.service_bus.store import Store

LARGEST_ANSWER = 4 * 1024 * 1024  # bytes of messages in one answer


class Consumer(Protocol):
    """Who takes messages."""

    deletes: bool  # takes them for good, without a lock

    def is_ready(self) -> bool:
        """Whether it can take one more now."""

    def take(self, message: Message, raw: bytes) -> None:
        """Take a message, locked unless this consumer deletes."""


class Queue:
    """One queue, or the dead letters of one (`dead_letters` is None then)."""

    def __init__(
        self,
        settings: QueueSettings,
        store: Store,
        clock: Clock,
        agenda: Agenda,
        dead_letters: "Queue | None",
        touched: Callable[["Queue"], None],
    ) -> None:
        self.settings = settings
        self.key = settings.name.casefold()
        self.grave = dead_letters  # another queue where dead letters are forwarded
        self.holds_dead_letters = dead_letters is None
        self._store, self._clock, self._agenda, self._touched = store, clock, agenda, touched
        self._next, messages = store.load(self.key)
        self._messages = {message.sequence: message for message in messages}
        self._ready = [message.sequence for message in messages if message.state is State.ACTIVE]
        self._locked: dict[uuid.UUID, Message] = {}
        self._consumers: deque[Consumer] = deque()
        self._recent = RecentIds(self.key, settings.duplicate_window, store) if settings.detects_duplicates else None
        for message in messages:
            self._watch(message)

    @property
    def depth(self) -> int:
        """How many messages there are, in whatever state."""
        return len(self._messages)

    # Sending

    def send(self, raws: list[bytes]) -> list[int]:
        """Take messages in, all or none; their sequence numbers."""
        if self.holds_dead_letters:
            raise Refusal(NOT_ALLOWED, f"Messages cannot be sent to '{self.settings.name}'.")
        return [self._put(raw, sent) for raw, sent in [(raw, inspect(raw)) for raw in raws]]

    def _put(self, raw: bytes, sent: Sent) -> int:
        now, sequence = self._clock.now(), self._next
        self._next += 1
        if self._recent and sent.message_id is not None and not self._recent.is_new(sent.message_id, now):
            return sequence  # accepted and dropped, as Azure does
        message = Message(sequence, len(raw), now, sequence)
        if sent.scheduled is not None and sent.scheduled > now:
            message.state, message.scheduled = State.SCHEDULED, sent.scheduled
        message.expires = self._expiry(message.scheduled or now, sent.time_to_live)
        self._add(message, raw)
        return sequence

    def bury(self, raw: bytes, dead: Message, reason: str | None, description: str | None, source: str) -> None:
        """Take in a dead letter: of this queue itself, or forwarded by the queue `source` as a fresh message."""
        now = self._clock.now()
        message = Message(self._next, len(raw), now, dead.original_sequence)
        self._next += 1
        message.reason, message.description = reason or dead.reason, description or dead.description
        if self.holds_dead_letters:
            message.delivery_count, message.source = dead.delivery_count, dead.source
        else:
            message.source = source
            message.expires = self._expiry(now, inspect(raw).time_to_live)
        self._add(message, raw)

    def _add(self, message: Message, raw: bytes) -> None:
        self._messages[message.sequence] = message
        self._store.add(self.key, message, raw)
        self._watch(message)
        if message.state is State.ACTIVE:
            self._offer(message)

    def _expiry(self, start: int, time_to_live: int | None) -> int | None:
        spans = [span for span in (time_to_live, self.settings.time_to_live) if span is not None]
        return start + min(spans) if spans else None

    # Handing out

    def join(self, consumer: Consumer) -> None:
        """A consumer wants messages, from now on in its turn."""
        self._consumers.append(consumer)
        self._touched(self)

    def leave(self, consumer: Consumer) -> None:
        """A consumer wants no more."""
        if consumer in self._consumers:
            self._consumers.remove(consumer)

    def dispatch(self) -> None:
        """Hand out what is there to those who can take it."""
        while self._ready and (consumer := self._next_consumer()):
            message = self._messages.get(heapq.heappop(self._ready))
            if message is None or message.state is not State.ACTIVE:
                continue
            if self._is_expired(message):
                self._expire(message)
                continue
            raw = self._store.raw(self.key, message.sequence)
            if not consumer.deletes:
                self._lock(message)
            consumer.take(message, raw)
            if consumer.deletes:
                self._remove(message)

    def _next_consumer(self) -> Consumer | None:
        for _ in range(len(self._consumers)):
            consumer = self._consumers[0]
            self._consumers.rotate(-1)
            if consumer.is_ready():
                return consumer
        return None

    def _offer(self, message: Message) -> None:
        if len(self._ready) > 64 + 2 * len(self._messages):  # sequence numbers of messages that expired
            self._ready = [sequence for sequence in self._ready if sequence in self._messages]
            heapq.heapify(self._ready)
        heapq.heappush(self._ready, message.sequence)
        self._touched(self)

    # Settling

    def complete(self, token: uuid.UUID) -> None:
        """It was dealt with."""
        self._remove(self._held(token))

    def abandon(self, token: uuid.UUID, *, counted: bool = True) -> None:
        """It was not dealt with: back into the queue, or buried after too many deliveries."""
        self._give_back(self._held(token), counted)

    def defer(self, token: uuid.UUID) -> None:
        """It waits until somebody asks for its sequence number."""
        message = self._held(token)
        self._unlock(message)
        message.state = State.DEFERRED
        message.delivery_count += 1
        self._store.update(self.key, message)

    def dead_letter(self, token: uuid.UUID, reason: str | None, description: str | None) -> None:
        """It can never be dealt with."""
        self._bury(self._held(token), reason, description)

    def renew(self, tokens: list[uuid.UUID]) -> list[int]:
        """Hold longer; until when."""
        messages = [self._held(token) for token in tokens]
        for message in messages:
            message.locked_until = self._clock.now() + self.settings.lock_duration
        return [message.locked_until for message in messages]

    def holds(self, token: uuid.UUID) -> bool:
        """Whether a token is still good."""
        return token in self._locked

    def _held(self, token: uuid.UUID) -> Message:
        message = self._locked.get(token)
        if message is None or message.locked_until <= self._clock.now():
            raise lock_lost()
        return message

    def _lock(self, message: Message) -> None:
        message.token = uuid.uuid4()
        message.locked_until = self._clock.now() + self.settings.lock_duration
        self._locked[message.token] = message
        self._watch(message)

    def _unlock(self, message: Message) -> None:
        if message.token is not None:
            del self._locked[message.token]
            message.token = None

    def _give_back(self, message: Message, counted: bool) -> None:
        self._unlock(message)
        if counted:
            message.delivery_count += 1
            if message.delivery_count >= self.settings.max_delivery_count and not self.holds_dead_letters:
                text = f"Message could not be consumed after {message.delivery_count} delivery attempts."
                self._bury(message, "MaxDeliveryCountExceeded", text)
                return
            self._store.update(self.key, message)
        self._watch(message)
        if message.state is State.ACTIVE:
            self._offer(message)

    def _bury(self, message: Message, reason: str | None, description: str | None) -> None:
        if self.grave is None:
            raise Refusal(NOT_ALLOWED, "A dead letter cannot be dead-lettered again.")
        raw = self._store.raw(self.key, message.sequence)
        self._remove(message)
        self.grave.bury(raw, message, reason, description, self.settings.name)

    def _remove(self, message: Message) -> None:
        self._unlock(message)
        del self._messages[message.sequence]
        self._store.remove(self.key, message.sequence)

    # Asking for particular messages

    def peek(self, start: int, count: int) -> Iterator[tuple[Message, bytes]]:
        """Messages from a sequence number on, whatever their state, as many as fit an answer."""
        size = 0
        for sequence in heapq.nsmallest(count, (number for number in self._messages if number >= start)):
            message = self._messages[sequence]
            yield message, self._store.raw(self.key, sequence)
            size += message.size
            if size > LARGEST_ANSWER:
                return

    def receive_deferred(self, sequences: list[int], *, deletes: bool) -> list[tuple[Message, bytes]]:
        """Deferred messages by number, all or none; locked, unless the receiver takes them for good."""
        found = self._find(sequences, State.DEFERRED)
        if sum(message.size for message in found) > LARGEST_ANSWER:
            raise Refusal(LIMIT_EXCEEDED, "The deferred messages are too many for one answer: ask for fewer at a time.")
        taken = [(message, self._store.raw(self.key, message.sequence)) for message in found]
        for message in found:
            if deletes:
                self._remove(message)
            else:
                self._lock(message)
        return taken

    def cancel(self, sequences: list[int]) -> None:
        """Remove scheduled messages, all or none."""
        for message in self._find(sequences, State.SCHEDULED):
            self._remove(message)

    def _find(self, sequences: list[int], state: State) -> list[Message]:
        found = [self._messages.get(sequence) for sequence in dict.fromkeys(sequences)]
        right = [message for message in found if message and message.state is state and message.token is None]
        if len(right) != len(found):
            raise Refusal(MESSAGE_NOT_FOUND, "Failed to locate one or more specified messages.")
        return right

    # Time

    def appointments(self) -> Iterator[tuple[int, str, int]]:
        """When each message is to be looked at."""
        for message in self._messages.values():
            if message.alarm is not None:
                yield message.alarm, self.key, message.sequence

    def look_at(self, sequence: int, when: int) -> None:
        """An appointment has come: end the lock, make a scheduled message active, or let it expire."""
        message = self._messages.get(sequence)
        if message is None or message.alarm != when:
            return
        message.alarm = None
        now = self._clock.now()
        if message.token is not None:
            if message.locked_until <= now:
                self._give_back(message, counted=True)
        elif message.state is State.SCHEDULED and message.scheduled is not None and message.scheduled <= now:
            message.state, message.enqueued = State.ACTIVE, message.scheduled
            self._store.update(self.key, message)
            self._offer(message)
        elif message.state is State.ACTIVE and self._is_expired(message):
            self._expire(message)
        if sequence in self._messages:
            self._watch(message)

    def _watch(self, message: Message) -> None:
        if message.token is not None:
            when: int | None = message.locked_until
        elif message.state is State.SCHEDULED:
            when = message.scheduled
        else:
            when = message.expires if message.state is State.ACTIVE else None  # deferred ones never expire
        if when is not None and (message.alarm is None or when < message.alarm):
            message.alarm = when
            self._agenda.add(when, self.key, message.sequence)

    def _is_expired(self, message: Message) -> bool:
        return message.expires is not None and message.expires <= self._clock.now()

    def _expire(self, message: Message) -> None:
        if self.settings.dead_letters_expired and self.grave is not None:
            self._bury(message, "TTLExpiredException", "The message expired and was dead lettered.")
        else:
            self._remove(message)
