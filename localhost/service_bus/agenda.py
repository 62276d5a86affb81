"""When which queue has to look at which of its messages: locks that end, messages that fall due or expire."""

import heapq
from collections.abc import Iterable, Iterator


class Agenda:
    """Appointments in order of time. An appointment is (time, name of the queue, sequence number)."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, str, int]] = []

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def next(self) -> int | None:
        """The time of the first appointment."""
        return self._heap[0][0] if self._heap else None

    def add(self, when: int, queue: str, sequence: int) -> None:
        """Make an appointment."""
        heapq.heappush(self._heap, (when, queue, sequence))

    def due(self, now: int) -> Iterator[tuple[int, str, int]]:
        """Take the appointments up to `now`."""
        while self._heap and self._heap[0][0] <= now:
            yield heapq.heappop(self._heap)

    def replace(self, appointments: Iterable[tuple[int, str, int]]) -> None:
        """Keep only these: messages that went early leave theirs behind."""
        self._heap = list(appointments)
        heapq.heapify(self._heap)
