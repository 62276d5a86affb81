"""Whether the queues are there and let the app in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.domain.errors import NotReady, TheoGenError

if TYPE_CHECKING:
    from shared.adapters.service_bus.queue import ServiceBusQueue, UnsetQueue


async def check_queues(work: ServiceBusQueue | UnsetQueue, queues: Sequence[str]) -> str:
    """Looks at each queue; takes nothing from it."""
    from shared.adapters.service_bus.queue import ServiceBusQueue

    if not isinstance(work, ServiceBusQueue):
        raise NotReady("No Service Bus is set up.", "Set ServiceBus, or ServiceBus__fullyQualifiedNamespace.")
    for queue in queues:
        try:
            await work.look(queue)
        except TheoGenError as error:
            raise NotReady(
                f"Queue {queue} cannot be used: {error}",
                "See whether the Service Bus of ServiceBus or ServiceBus__fullyQualifiedNamespace has the queues of "
                "infra/queues.json, and whether the app may receive and send there.",
            ) from error
    return ", ".join(queues)
