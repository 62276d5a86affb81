"""What can go wrong with the stack, each as a sentence that says what to do next."""

from pathlib import Path

_CAUSES = (
    (("address already in use", "eaddrinuse"), "its port was taken by another program", "Run it again."),
    (("no space left", "enospc"), "the disk is full", "Free some space and run it again."),
    (
        ("cannot allocate memory", "outofmemoryerror", "insufficient memory"),
        "there was not enough memory",
        "Close something and run it again.",
    ),
    (
        ("permission denied", "eacces", "operation not permitted"),
        "a file or folder was not accessible",
        "Check who owns the folder.",
    ),
    (
        ("code enotfound", "etimedout", "econnrefused", "eai_again"),
        "the network could not be reached",
        "Check the connection or the proxy and run it again.",
    ),
    (
        ("incompatible with server", "incompatible version"),
        "its data was written by another version",
        "Run `python -m localhost clean` to start with empty data.",
    ),
)


class StackError(Exception):
    """A part of the stack did not start, or could not be kept running."""


class AlreadyRunning(StackError):
    """Another process runs a stack on this folder."""


def log_tail(log: Path, size: int = 4000) -> str:
    """The last `size` bytes of a log, or nothing when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - size))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def failure(title: str, log: Path, what: str, since: int = 0) -> StackError:
    """One sentence on why a part failed, judged from what its log says beyond byte `since`."""
    text = log_tail(log, max(0, min(8000, _size(log) - since))).lower()
    for signs, cause, advice in _CAUSES:
        if any(sign in text for sign in signs):
            return StackError(f"{title} {what}: {cause}. {advice} Its log is {log}.")
    return StackError(f"{title} {what}. The last lines of its log say why: {log}.")


def missing_package(title: str, package: str) -> StackError:
    """The sentence for a wheel that is not installed."""
    return StackError(
        f"{title} did not start: the package {package} is not installed. "
        f"Run `pip install -r requirements-dev.txt` and then the same command again."
    )


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0
