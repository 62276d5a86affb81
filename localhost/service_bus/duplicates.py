"""Which message ids a queue has seen lately."""

from localhost.service_bus.store import Store


class RecentIds:
    """The ids of one queue's duplicate detection, each for as long as the window is."""

    def __init__(self, queue: str, window: int, store: Store) -> None:
        self._queue = queue
        self._window = window
        self._store = store
        self._until = store.load_seen(queue)  # oldest first

    def is_new(self, message_id: str, now: int) -> bool:
        """Whether the id was not seen within the window; it has been from now on."""
        self._let_go(now)
        if message_id in self._until:
            return False
        self._until[message_id] = now + self._window
        self._store.remember(self._queue, message_id, now + self._window)
        return True

    def _let_go(self, now: int) -> None:
        over = []
        for message_id, until in self._until.items():
            if until > now:
                break
            over.append(message_id)
        for message_id in over:
            del self._until[message_id]
        if over:
            self._store.forget(self._queue, now)
