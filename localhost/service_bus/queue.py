"""What one queue does with its messages: hands them out under locks, takes them back, buries them."""

import uuid
from collections.abc import Callable, Iterator

from localhost.service_bus.agenda import Agenda
from localhost.service_bus.clock import Clock
from localhost.service_bus.consumers import Consumer, Consumers
from localhost.service_bus.declaration import QueueSettings
from localhost.service_bus.duplicates import RecentIds
from localhost.service_bus.errors import NOT_ALLOWED, Refusal
from localhost.service_bus.locks import Locks
from localhost.service_bus.message import Message, Sent, State, inspect
from localhost.service_bus.shelf import Shelf
from localhost.service_bus.store import Store


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
        self._clock, self._touched = clock, touched
        self._shelf = Shelf(self.key, store, agenda)
        self._locks = Locks(clock, settings.lock_duration)
        self._consumers = Consumers()
        self._recent = RecentIds(self.key, settings.duplicate_window, store) if settings.detects_duplicates else None

    @property
    def depth(self) -> int:
        """How many messages there are, in whatever state."""
        return len(self._shelf)

    # Sending

    def send(self, raws: list[bytes]) -> list[int]:
        """Take messages in, all or none; their sequence numbers."""
        if self.holds_dead_letters:
            raise Refusal(NOT_ALLOWED, f"Messages cannot be sent to '{self.settings.name}'.")
        return [self._put(raw, sent) for raw, sent in [(raw, inspect(raw)) for raw in raws]]

    def _put(self, raw: bytes, sent: Sent) -> int:
        now, sequence = self._clock.now(), self._shelf.next_number()
        if self._recent and sent.message_id is not None and not self._recent.is_new(sent.message_id, now):
            return sequence  # accepted and dropped, as Azure does
        message = Message(sequence, len(raw), now, sequence)
        if sent.scheduled is not None and sent.scheduled > now:
            message.state, message.scheduled = State.SCHEDULED, sent.scheduled
        message.expires = self.settings.expiry(message.scheduled or now, sent.time_to_live)
        self._add(message, raw)
        return sequence

    def bury(self, raw: bytes, dead: Message, reason: str | None, description: str | None, source: str) -> None:
        """Take in a dead letter: of this queue itself, or forwarded by the queue `source` as a fresh message."""
        now = self._clock.now()
        message = Message(self._shelf.next_number(), len(raw), now, dead.original_sequence)
        message.reason, message.description = reason or dead.reason, description or dead.description
        if self.holds_dead_letters:
            message.delivery_count, message.source = dead.delivery_count, dead.source
        else:
            message.source = source
            message.expires = self.settings.expiry(now, inspect(raw).time_to_live)
        self._add(message, raw)

    def _add(self, message: Message, raw: bytes) -> None:
        self._shelf.add(message, raw)
        if message.state is State.ACTIVE:
            self._offer(message)

    # Handing out

    def join(self, consumer: Consumer) -> None:
        """A consumer wants messages, from now on in its turn."""
        self._consumers.add(consumer)
        self._touched(self)

    def leave(self, consumer: Consumer) -> None:
        """A consumer wants no more."""
        self._consumers.remove(consumer)

    def dispatch(self) -> None:
        """Hand out what is there to those who can take it."""
        while self._shelf.has_ready() and (consumer := self._consumers.next()):
            message = self._shelf.take_ready()
            if message is None:
                continue
            if message.is_expired(self._clock.now()):
                self._expire(message)
                continue
            raw = self._shelf.raw(message)
            if not consumer.deletes:
                self._lock(message)
            consumer.take(message, raw)
            if consumer.deletes:
                self._remove(message)

    def _offer(self, message: Message) -> None:
        self._shelf.make_ready(message)
        self._touched(self)

    # Settling

    def complete(self, token: uuid.UUID) -> None:
        """It was dealt with."""
        self._remove(self._locks.held(token))

    def abandon(self, token: uuid.UUID, *, counted: bool = True) -> None:
        """It was not dealt with: back into the queue, or buried after too many deliveries."""
        self._give_back(self._locks.held(token), counted)

    def defer(self, token: uuid.UUID) -> None:
        """It waits until somebody asks for its sequence number."""
        message = self._locks.held(token)
        self._locks.unlock(message)
        message.state = State.DEFERRED
        message.delivery_count += 1
        self._shelf.update(message)

    def dead_letter(self, token: uuid.UUID, reason: str | None, description: str | None) -> None:
        """It can never be dealt with."""
        self._bury(self._locks.held(token), reason, description)

    def renew(self, tokens: list[uuid.UUID]) -> list[int]:
        """Hold longer; until when."""
        return self._locks.renew(tokens)

    def holds(self, token: uuid.UUID) -> bool:
        """Whether a token is still good."""
        return token in self._locks

    def _lock(self, message: Message) -> None:
        self._locks.lock(message)
        self._shelf.watch(message)

    def _give_back(self, message: Message, counted: bool) -> None:
        self._locks.unlock(message)
        if counted:
            message.delivery_count += 1
            if message.delivery_count >= self.settings.max_delivery_count and not self.holds_dead_letters:
                text = f"Message could not be consumed after {message.delivery_count} delivery attempts."
                self._bury(message, "MaxDeliveryCountExceeded", text)
                return
            self._shelf.update(message)
        self._shelf.watch(message)
        if message.state is State.ACTIVE:
            self._offer(message)

    def _bury(self, message: Message, reason: str | None, description: str | None) -> None:
        if self.grave is None:
            raise Refusal(NOT_ALLOWED, "A dead letter cannot be dead-lettered again.")
        raw = self._shelf.raw(message)
        self._remove(message)
        self.grave.bury(raw, message, reason, description, self.settings.name)

    def _remove(self, message: Message) -> None:
        self._locks.unlock(message)
        self._shelf.remove(message)

    # Asking for particular messages

    def peek(self, start: int, count: int) -> Iterator[tuple[Message, bytes]]:
        """Messages from a sequence number on, whatever their state."""
        return self._shelf.peek(start, count)

    def receive_deferred(self, sequences: list[int], *, deletes: bool) -> list[tuple[Message, bytes]]:
        """Deferred messages by number, all or none; locked, unless the receiver takes them for good."""
        taken = [(message, self._shelf.raw(message)) for message in self._shelf.find(sequences, State.DEFERRED)]
        for message, _ in taken:
            if deletes:
                self._remove(message)
            else:
                self._lock(message)
        return taken

    def cancel(self, sequences: list[int]) -> None:
        """Remove scheduled messages, all or none."""
        for message in self._shelf.find(sequences, State.SCHEDULED):
            self._remove(message)

    # Time

    def appointments(self) -> Iterator[tuple[int, str, int]]:
        """When each message is to be looked at."""
        return self._shelf.appointments()

    def look_at(self, sequence: int, when: int) -> None:
        """An appointment has come: end the lock, make a scheduled message active, or let it expire."""
        message = self._shelf.get(sequence)
        if message is None or message.alarm != when:
            return
        message.alarm = None
        now = self._clock.now()
        if message.token is not None:
            if message.locked_until <= now:
                self._give_back(message, counted=True)
        elif message.state is State.SCHEDULED and message.scheduled is not None and message.scheduled <= now:
            message.state, message.enqueued = State.ACTIVE, message.scheduled
            self._shelf.update(message)
            self._offer(message)
        elif message.state is State.ACTIVE and message.is_expired(self._clock.now()):
            self._expire(message)
        if self._shelf.get(sequence) is not None:
            self._shelf.watch(message)

    def _expire(self, message: Message) -> None:
        if self.settings.dead_letters_expired and self.grave is not None:
            self._bury(message, "TTLExpiredException", "The message expired and was dead lettered.")
        else:
            self._remove(message)
