"""Reading JSON objects strictly: a key that is not known is refused, not skipped."""

from collections.abc import Collection
from typing import Any

from localhost.vectors.errors import unsupported, wrong


def known(value: Any, allowed: Collection[str], where: str, ignored: Collection[str] = ()) -> dict[str, Any]:
    """The object without nulls and without `ignored` keys (which cannot change an answer)."""
    if not isinstance(value, dict):
        raise wrong(f"{where} must be an object")
    present = {key: item for key, item in value.items() if item is not None and key not in ignored}
    if extra := sorted(present.keys() - set(allowed)):
        raise unsupported(f"{', '.join(f'`{key}`' for key in extra)} in {where}")
    return present


def required(value: dict[str, Any], key: str, where: str) -> Any:
    """The value of a key that must be there."""
    if key not in value:
        raise wrong(f"{where} needs `{key}`")
    return value[key]


def whole(value: Any, name: str, least: int = 0) -> int:
    """A whole number of at least `least`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise wrong(f"`{name}` must be a whole number of at least {least}")
    return value


def a_list(value: Any, name: str) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise wrong(f"`{name}` must be a list")
    return value
