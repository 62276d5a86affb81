"""How Document Intelligence is asked whether it is ready: at our own pace, as a `Retry-After` may say a day.

The page is paid for by then: whoever gives up waiting pays again.
"""

from __future__ import annotations

from typing import Any

from azure.core.pipeline.policies import AsyncRetryPolicy
from azure.core.polling.async_base_polling import AsyncLROBasePolling


class OwnPace(AsyncLROBasePolling[Any, Any, Any]):
    """Asks every so many seconds, whatever the answers say."""

    def _extract_delay(self) -> float:
        return float(self._timeout)

    def resource(self) -> Any:
        """The answer as plain JSON: the SDK's typed model of a page costs more than all else that is done with it."""
        return self._pipeline_response.http_response.json()["analyzeResult"]


class OwnRetries(AsyncRetryPolicy[Any, Any]):
    """Asks again after its own back-off, whatever the answers say."""

    def get_retry_after(self, response: Any) -> float | None:
        """Nothing is believed."""
        return None
