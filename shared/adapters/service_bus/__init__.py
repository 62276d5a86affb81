"""Requests on Azure Service Bus, or on this project's broker on one machine."""

from shared.adapters.service_bus.queue import ServiceBusQueue, UnsetQueue

__all__ = ["ServiceBusQueue", "UnsetQueue"]
