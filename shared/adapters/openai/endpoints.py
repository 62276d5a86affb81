"""Where models are reached, and with which credential."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared.domain.errors import Unavailable

if TYPE_CHECKING:
    from openai import AsyncOpenAI

TokenProvider = Callable[[], "str | Awaitable[str]"]

WITHOUT_IDENTITY = (
    "No token for the model could be had: check the app's managed identity and that it has the role "
    "'Cognitive Services OpenAI User' on the Azure OpenAI resource."
)
# A server on the own machine asks for no key, but the SDK insists on having one.
KEYLESS = "none"


@dataclass(frozen=True, slots=True)
class AzureEndpoint:
    """An Azure OpenAI resource: with a key, or with a provider of Entra tokens where there is none."""

    endpoint: str
    api_version: str
    api_key: str | None = field(default=None, repr=False)
    token_provider: TokenProvider | None = field(default=None, repr=False)

    def connect(self, timeout: float) -> AsyncOpenAI:
        """The SDK's client. It never repeats a call: who may repeat what is decided by the orchestrators."""
        from openai import AsyncAzureOpenAI, Timeout

        patience = Timeout(timeout, connect=min(10.0, timeout))
        if self.token_provider is None:
            return AsyncAzureOpenAI(
                azure_endpoint=self.endpoint,
                api_version=self.api_version,
                api_key=self.api_key or KEYLESS,
                timeout=patience,
                max_retries=0,
            )
        return AsyncAzureOpenAI(
            azure_endpoint=self.endpoint,
            api_version=self.api_version,
            azure_ad_token_provider=_guarded(self.token_provider),
            timeout=patience,
            max_retries=0,
        )


@dataclass(frozen=True, slots=True)
class CompatibleEndpoint:
    """Any server with OpenAI's protocol; `base_url` ends where `/chat/completions` begins (usually in `/v1`)."""

    base_url: str
    api_key: str | None = field(default=None, repr=False)

    def connect(self, timeout: float) -> AsyncOpenAI:
        """The SDK's client, as for Azure."""
        from openai import AsyncOpenAI, Timeout

        patience = Timeout(timeout, connect=min(10.0, timeout))
        return AsyncOpenAI(base_url=self.base_url, api_key=self.api_key or KEYLESS, timeout=patience, max_retries=0)


Endpoint = AzureEndpoint | CompatibleEndpoint


def _guarded(provider: TokenProvider) -> Callable[[], Awaitable[str]]:
    """The provider, with whatever it raises turned into ours: its messages may hold tenant and client ids."""

    async def token() -> str:
        with contextlib.suppress(Exception):
            got = provider()
            return await got if inspect.isawaitable(got) else got
        raise Unavailable(WITHOUT_IDENTITY)

    return token
