"""Runs functions as the Python worker does: coroutines on the loop, the rest in one small thread pool."""

import asyncio
import contextlib
import contextvars
import logging
import threading
import time
import traceback
import uuid
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, TypeVar

from azure.functions import meta

from localhost.durable.failures import FunctionTimeoutError
from localhost.host.functions import Binding, Function
from localhost.host.host_json import span_text

log = logging.getLogger("localhost.host")

T = TypeVar("T")
Metadata = Mapping[str, meta.Datum]
_NO_METADATA: Metadata = {}
MOST_THREADS = 1000


class Invoker:
    """Converts inputs with the SDK's own converters, calls, and enforces functionTimeout."""

    def __init__(self, threads: int, timeout: timedelta | None, app_folder: str, client_binding: str) -> None:
        self._free = asyncio.Semaphore(threads)
        # How many run is the semaphore's to say: a thread that is out of time goes on and no longer counts.
        self._pool = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="function")
        self._timeout = timeout
        self._app_folder = app_folder
        self._client_binding = client_binding

    async def invoke(self, function: Function, value: meta.Datum, metadata: Metadata = _NO_METADATA) -> Any:
        """Run a function on its trigger's value and return what it returned; raises what it raises."""
        arguments = self.arguments(function, value, metadata)
        started = time.perf_counter()
        try:
            return await (self._await if function.is_async else self._run)(function, arguments)
        finally:
            log.debug("%s took %.0f ms", function.name, (time.perf_counter() - started) * 1000)

    def arguments(self, function: Function, value: meta.Datum, metadata: Metadata = _NO_METADATA) -> dict[str, Any]:
        """Return what a function is called with."""
        arguments = {function.trigger["name"]: decode(function.trigger, value, metadata)}
        for binding in function.inputs:
            arguments[binding["name"]] = decode(binding, meta.Datum(self._client_binding, "string"), metadata)
        if function.takes_context:
            arguments["context"] = self._context(function)
        return arguments

    async def lend(self, function: Function, work: Coroutine[Any, Any, T]) -> T:
        """Let a function that runs elsewhere count as one on a thread of this pool, as it does in Azure, and in time.

        A coroutine takes no thread, there or here.
        """
        async with contextlib.nullcontext() if function.is_async else self._free:
            return await self._in_time(function, work)

    def close(self) -> None:
        """Let the threads go; one that still runs cannot be stopped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _await(self, function: Function, arguments: dict[str, Any]) -> Any:
        return await self._in_time(function, function.call(**arguments))

    async def _in_time(self, function: Function, work: Coroutine[Any, Any, T]) -> T:
        limit = asyncio.timeout(self._timeout.total_seconds() if self._timeout else None)
        try:
            async with limit:
                return await work
        except TimeoutError as error:
            if limit.expired():
                raise self._too_long(function) from error
            raise

    async def _run(self, function: Function, arguments: dict[str, Any]) -> Any:
        context = contextvars.copy_context()
        async with self._free:
            future = asyncio.get_running_loop().run_in_executor(
                self._pool, lambda: context.run(function.call, **arguments)
            )
            future.add_done_callback(lambda late: late.cancelled() or late.exception())  # maybe nobody asks any more
            done, _ = await asyncio.wait([future], timeout=self._timeout.total_seconds() if self._timeout else None)
        if not done:
            error = self._too_long(function)
            warn_of_thread(function)
            raise error
        return future.result()

    def _too_long(self, function: Function) -> FunctionTimeoutError:
        assert self._timeout is not None
        text = span_text(self._timeout)
        log.error("Timeout value of %s was exceeded by function: Functions.%s", text, function.name)
        return FunctionTimeoutError(f"Timeout value of {text} was exceeded by function: Functions.{function.name}")

    def _context(self, function: Function) -> SimpleNamespace:
        invocation_id = str(uuid.uuid4())
        local = threading.local()
        local.invocation_id = invocation_id
        return SimpleNamespace(
            invocation_id=invocation_id,
            function_name=function.name,
            function_directory=self._app_folder,
            thread_local_storage=local,
            trace_context=SimpleNamespace(trace_parent="", trace_state="", attributes={}),
            retry_context=SimpleNamespace(retry_count=0, max_retry_count=0, exception=None),
        )


def warn_of_thread(function: Function) -> None:
    """Say that a function over its time is not stopped."""
    log.error(
        "Function %s cannot be stopped in its thread and goes on beside what runs next: "
        "in Azure the worker process is killed now, with all that it runs.",
        function.name,
    )


def log_failure(function: Function, error: BaseException) -> None:
    """Say where a function failed; the message may quote a document, so it is for those who ask for it."""
    frames = "".join(traceback.format_tb(error.__traceback__)[-3:]).rstrip()
    log.error("Function %s failed: %s\n%s", function.name, type(error).__name__, frames)
    log.debug("Function %s said: %s", function.name, error)


def decode(binding: Binding, value: meta.Datum, metadata: Metadata) -> Any:
    """Convert a host value into what the function gets; a type without converter is passed as it is."""
    converter = _converter(binding["type"])
    return value.value if converter is None else converter.decode(value, trigger_metadata=metadata)


def encode(kind: str, result: Any) -> meta.Datum:
    """Convert what a function returned into a host value."""
    encoded: meta.Datum = _converter(kind).encode(result, expected_type=None)
    return encoded


def _converter(kind: str) -> Any:
    return meta.get_binding_registry().get(kind)  # type: ignore[no-untyped-call]
