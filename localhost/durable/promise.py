"""Promises that resolve synchronously: a continuation runs inside the event that resolved it.

The order in which continuations run decides the order in which sequence ids are handed out, so neither
asyncio nor threads may come between.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Any


class Promise:
    """A value or an error that arrives once."""

    def __init__(self) -> None:
        self.done = False
        self.value: Any = None
        self.error: Exception | None = None
        self._continuations: list[Callable[[Promise], None]] = []

    def resolve(self, value: Any = None) -> None:
        """Settle with a value; a second settling is ignored."""
        self._settle(value, None)

    def reject(self, error: Exception) -> None:
        """Settle with an error; a second settling is ignored."""
        self._settle(None, error)

    def then(self, continuation: "Callable[[Promise], None]") -> None:
        """Call `continuation` when settled, now if that has happened."""
        if self.done:
            continuation(self)
        else:
            self._continuations.append(continuation)

    def _settle(self, value: Any, error: Exception | None) -> None:
        if self.done:
            return
        self.done, self.value, self.error = True, value, error
        for continuation in self._continuations:
            continuation(self)


def resolved(value: Any = None) -> Promise:
    """Return a promise that has its value already."""
    promise = Promise()
    promise.resolve(value)
    return promise


def rejected(error: Exception) -> Promise:
    """Return a promise that has failed already."""
    promise = Promise()
    promise.reject(error)
    return promise


def spawn(generator: Generator[Promise, Any, Any]) -> Promise:
    """Drive a generator that yields promises; the returned promise settles with what it returns or raises."""
    result = Promise()

    def step(settled: Promise | None) -> None:
        # A loop rather than recursion: many promises may be settled already, and the stack is short.
        while True:
            try:
                if settled is None:
                    awaited = next(generator)
                elif settled.error is not None:
                    awaited = generator.throw(settled.error)
                else:
                    awaited = generator.send(settled.value)
            except StopIteration as stop:
                return result.resolve(stop.value)
            except Exception as error:
                return result.reject(error)
            if not awaited.done:
                return awaited.then(step)
            settled = awaited

    step(None)
    return result


def when_all(promises: Sequence[Promise]) -> Promise:
    """Settle when all have settled; with the first child's error in order, if one failed."""
    result = Promise()
    missing = len(promises)

    def settled(_: Promise) -> None:
        nonlocal missing
        missing -= 1
        if missing <= 0:
            error = next((promise.error for promise in promises if promise.error), None)
            result.reject(error) if error else result.resolve([promise.value for promise in promises])

    if not promises:
        result.resolve([])
    for promise in promises:
        promise.then(settled)
    return result


def when_any(promises: Sequence[Promise]) -> Promise:
    """Settle when the first child settles, whether it succeeded or not."""
    result = Promise()
    for promise in promises:
        promise.then(result.resolve)
    return result
