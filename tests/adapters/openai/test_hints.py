"""How long to wait after a 429."""

from __future__ import annotations

import pytest

from shared.adapters.openai import OpenAIClient
from shared.adapters.openai.hints import wait_hint
from shared.domain.analysis import ModelRequest
from shared.domain.errors import Throttled
from tests.support.model_server import ModelServer, behaviours

CLOCK = "Sun, 22 Nov 2026 12:00:00 GMT"

HINTS = [
    ({}, None),
    ({"retry-after": "3"}, 3),
    ({"retry-after": "0.5"}, 0.5),
    ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
    ({"retry-after": "-1"}, None),
    ({"retry-after": "0"}, None),
    ({"retry-after": "86400"}, None),
    ({"retry-after": "600"}, 600),
    ({"retry-after": "soon"}, None),
    ({"retry-after": "nan"}, None),
    ({"retry-after": "Sun, 22 Nov 2026 12:00:20 GMT", "date": CLOCK}, 20),
    ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT", "date": CLOCK}, None),
    ({"retry-after-ms": "0", "retry-after": "4"}, 4),
    ({"retry-after": "-1", "x-ratelimit-reset-requests": "120ms"}, 0.12),
    ({"x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "1m30s"}, 90),
    ({"x-ratelimit-reset-tokens": "6m0s"}, 360),
    ({"x-ratelimit-reset-tokens": "26"}, 26),
    ({"x-ratelimit-reset-requests": "2s", "x-ratelimit-reset-tokens": "24h0m0s"}, 2),
    ({"x-ratelimit-reset-tokens": ""}, None),
]


@pytest.mark.parametrize(("headers", "wait"), HINTS)
def test_a_hint_is_believed_only_when_it_is_sane(headers: dict[str, str], wait: float | None) -> None:
    assert wait_hint(headers) == (None if wait is None else pytest.approx(wait))


async def test_the_hint_travels_with_the_error(
    client: OpenAIClient, request_: ModelRequest, server: ModelServer
) -> None:
    server.script(
        behaviours.throttled(retry_after_ms="2500"), behaviours.throttled(), behaviours.throttled(retry_after="-1")
    )
    waits = []
    for _ in range(3):
        with pytest.raises(Throttled) as caught:
            await client.complete(request_)
        waits.append(caught.value.after)
    assert waits == [2.5, None, None]
