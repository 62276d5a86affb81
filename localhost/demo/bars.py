"""Progress on the terminal: bars that move, or a line at each change when nobody watches."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text


class Bars:
    """One bar a key; use it as a context."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, str] = {}
        self._progress: Progress | None = None
        if console.is_terminal:
            columns = (
                TextColumn("{task.description}", markup=False),
                BarColumn(24, complete_style="cyan", finished_style="green"),
            )
            state = TextColumn("{task.fields[state]}", markup=False)
            self._progress = Progress(*columns, state, TimeElapsedColumn(), console=console)

    def __enter__(self) -> Bars:
        if self._progress:
            self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        if self._progress:
            self._progress.stop()

    def show(self, key: str, name: str, percent: int, state: str, *, over: bool = False) -> None:
        """The bar `key` stands at `percent` with `state` beside it; `over` stops its clock."""
        if self._progress is None:
            if self._said.get(key) != state:
                self._said[key] = state
                self._console.print(Text(f"  {percent:3d} %  {name}: {state}"))
            return
        if key not in self._tasks:
            self._tasks[key] = self._progress.add_task(name, total=100, state=state)
        self._progress.update(self._tasks[key], completed=percent, state=state)
        if over:
            self._progress.stop_task(self._tasks[key])
