"""A loopback server that speaks OpenAI's and Azure OpenAI's protocol to the real SDK, and keeps a log of requests."""

from tests.support.model_server.requests import Asked
from tests.support.model_server.server import ModelServer

__all__ = ["Asked", "ModelServer"]
