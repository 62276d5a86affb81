"""Texts in bindings that refer to settings: `%NAME%`."""

import re
from collections.abc import Mapping


class BindingError(Exception):
    """A function's binding cannot be used, so that function is not started."""


def resolve(text: str, environ: Mapping[str, str]) -> str:
    """Replace each `%NAME%` by the setting of that name."""

    def value(match: "re.Match[str]") -> str:
        if not environ.get(match[1]):
            raise BindingError(f"'%{match[1]}%' does not resolve to a value.")
        return environ[match[1]]

    if text.count("%") % 2:
        raise BindingError(f"The '%' at position {text.rindex('%')} does not have a closing '%'")
    return re.sub("%([^%]*)%", value, text)
