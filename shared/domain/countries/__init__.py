"""The countries' rules, one file each. A file that defines `COUNTRY` is all that a new country needs."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from shared.domain.country import Country


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """The countries that have rules, by code; the generic set is under ""."""
    modules = sorted(module.name for module in iter_modules(__path__))
    found: list[Country] = [import_module(f"{__name__}.{name}").COUNTRY for name in modules]
    return {country.code: country for country in found}


def country(code: str | None) -> Country | None:
    """A country's rules; None when there are none. Greece goes by GR and, in tax matters, by EL."""
    code = (code or "").strip().upper()
    return countries().get({"EL": "GR", "UK": "GB"}.get(code, code)) if code else None


def generic() -> Country:
    """The rules for where no country is known or the known one has no file."""
    return countries()[""]
