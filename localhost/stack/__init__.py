"""Postgres, Azurite, a graph server, a vector server and a Service Bus as supervised children on loopback."""

from localhost.stack.errors import AlreadyRunning, StackError
from localhost.stack.stack import ALL, Stack

__all__ = ["ALL", "AlreadyRunning", "Stack", "StackError"]
