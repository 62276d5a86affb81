"""All queues together: who is behind an address, what falls due, what is to be handed out."""

from urllib.parse import unquote, urlsplit

from localhost.service_bus.agenda import Agenda
from localhost.service_bus.clock import Clock
from localhost.service_bus.declaration import QueueSettings
from localhost.service_bus.errors import NOT_FOUND, NOT_IMPLEMENTED, Refusal
from localhost.service_bus.queue import Queue
from localhost.service_bus.store import Store

DEAD_LETTERS = "/$DeadLetterQueue"
MANAGEMENT = "/$management"


class Broker:
    """The declared queues, each with its dead letters."""

    def __init__(self, declaration: list[QueueSettings], store: Store, clock: Clock) -> None:
        self.store = store
        self._clock = clock
        self._agenda = Agenda()
        self._touched: dict[Queue, None] = {}  # in order
        self._queues: dict[str, Queue] = {}
        for settings in declaration:
            own = QueueSettings(settings.name + DEAD_LETTERS, lock_duration=settings.lock_duration)
            dead_letters = self._make(own, None)
            self._make(settings, dead_letters)
        for settings in declaration:
            if target := settings.forwards_dead_letters_to:
                self._queues[settings.name.casefold()].grave = self._queues[target.casefold()]

    def find(self, address: str) -> tuple[Queue, bool]:
        """The queue behind an address, and whether its management is meant."""
        path = unquote(urlsplit(address).path if "://" in address else address).strip("/")
        managed = path.casefold().endswith(MANAGEMENT)
        name = path[: -len(MANAGEMENT)] if managed else path
        if queue := self._queues.get(name.casefold()):
            return queue, managed
        if "/subscriptions" in name.casefold():
            raise Refusal(NOT_IMPLEMENTED, "The local Service Bus has queues only: topics are not supported.")
        raise Refusal(
            NOT_FOUND, f"The messaging entity '{name}' could not be found: it is not among the declared queues."
        )

    @property
    def next_appointment(self) -> int | None:
        """When `keep_appointments` has something to do."""
        return self._agenda.next

    def keep_appointments(self) -> None:
        """End locks, activate and expire messages whose time has come."""
        now = self._clock.now()
        for when, name, sequence in list(self._agenda.due(now)):
            if queue := self._queues.get(name):
                queue.look_at(sequence, when)
        if len(self._agenda) > 1000 + 4 * sum(queue.depth for queue in self._queues.values()):
            self._agenda.replace(item for queue in self._queues.values() for item in queue.appointments())

    def dispatch(self) -> None:
        """Hand out messages of the queues where something has changed."""
        while self._touched:
            queue = next(iter(self._touched))
            del self._touched[queue]
            queue.dispatch()

    def touch(self, queue: Queue) -> None:
        """Something has changed there: a message came or a consumer can take more."""
        self._touched[queue] = None

    def _make(self, settings: QueueSettings, dead_letters: Queue | None) -> Queue:
        queue = Queue(settings, self.store, self._clock, self._agenda, dead_letters, self.touch)
        self._queues[queue.key] = queue
        return queue
