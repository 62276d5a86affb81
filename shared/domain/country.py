"""What a country's rules are made of. A country is one file in `countries/` that makes a `Country` of these."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# ISO 3166 codes of the European Union: within it a seller may charge the buyer's tax (one-stop shop).
EUROPEAN_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Rate:
    """A published rate in percent, the first and the last day on which it applies, and its name in the table.

    Names are English (`standard`, `reduced`, `super-reduced`, …); a region follows after a colon (`reduced:azores`).
    """

    name: str
    percent: Decimal
    since: date = date.min
    until: date = date.max


@dataclass(frozen=True, slots=True)
class TaxRule:
    """A tax by its name in capitals and other names of it. No rates: their list is not closed, so none is wrong.

    `general` is the country's tax on sales, the one that `VAT` means; `withheld` one that the buyer keeps back.
    """

    name: str
    rates: tuple[Rate, ...] = ()
    aliases: frozenset[str] = frozenset()
    general: bool = False
    withheld: bool = False

    def goes_by(self, kind: str) -> bool:
        """If a record's `kind` is this tax."""
        plain = kind.upper().replace(".", "").strip()
        return plain == self.name or plain in self.aliases or (self.general and plain == "VAT")


@dataclass(frozen=True, slots=True)
class TaxId:
    """A kind of tax number. `form` matches it whole, without blanks, points, hyphens and country prefix.

    `valid` tells if the check digits hold (None: it has none); `distinctive`: the form alone tells the country.
    `exceptions`: some numbers in use break the rule, so one that a person has confirmed stands.
    """

    name: str
    form: str
    valid: Callable[[str], bool] | None = None
    distinctive: bool = False
    buyers_only: bool = False
    exceptions: bool = False

    def fits(self, number: str) -> bool:
        """If the number has this form, whatever its check digits say."""
        return re.fullmatch(self.form, number, re.ASCII) is not None


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the law wants a document's number written: a pattern for the whole of it, an example, the first day."""

    pattern: str
    example: str
    since: date = date.min


@dataclass(frozen=True, slots=True)
class Country:
    """The rules of one country (ISO 3166, two letters; "" for the generic set).

    `title` is its name in English and in Spanish; these and `names` find it at the end of an address. `decimals`:
    places of an amount; `often_whole`: many papers have none all the same. `cash_step`: what cash is rounded to, so a
    receipt's total may differ by less than that. `prefix` is what stands before its tax numbers in trade within the
    European Union. `reserved_ids` stand for buyers without a number.
    """

    code: str
    title: tuple[str, str] = ("", "")
    names: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    tax_ids: tuple[TaxId, ...] = ()
    reserved_ids: frozenset[str] = frozenset()
    taxes: tuple[TaxRule, ...] = ()
    decimals: int = 2
    often_whole: bool = False
    cash_step: Decimal = Decimal(0)
    numbering: Numbering | None = None
    prefix: str = ""

    @property
    def unit(self) -> Decimal:
        """The smallest step of an amount."""
        return Decimal(1).scaleb(-self.decimals)

    def tax(self, kind: str, withheld: bool = False) -> TaxRule | None:
        """The tax that goes by this name; None when the country's table has none of it."""
        named = (tax for tax in self.taxes if tax.withheld == withheld and tax.goes_by(kind))
        return next(named, None)


def rate(name: str, percent: str, since: str = "", until: str = "") -> Rate:
    """A rate from plain text: `rate("standard", "18", "2010-07-01", "2012-08-31")`; both days included."""
    first = date.fromisoformat(since) if since else date.min
    last = date.fromisoformat(until) if until else date.max
    return Rate(name, Decimal(percent), first, last)


def by_stdnum(module: str, **options: bool) -> Callable[[str], bool]:
    """A validator of python-stdnum by its name (`es.nif`); it is imported when first asked, to start fast."""

    def valid(number: str) -> bool:
        from importlib import import_module

        return bool(import_module(f"stdnum.{module}").is_valid(number, **options))

    return valid
