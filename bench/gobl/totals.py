"""Totals of a document from what a person wrote: quantities, prices, discounts, names of rates. Ours, not GOBL's."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bench.gobl.examples import Example, Plain
from shared.domain.countries import country

_CENT = Decimal("0.01")
_ZERO = Decimal(0)
WITHHELD = frozenset(["IRPF", "IRPEF", "IRS", "ISR", "RVAT"])
_REGIONS = {"PT-AC": ":azores", "PT-MA": ":madeira"}
Key = tuple[str, Decimal | None, Decimal | None]


def percent(text: str | None) -> Decimal | None:
    """`21.0%` as 21.0."""
    return Decimal(text.rstrip("%")) if text else None


def cents(value: Decimal) -> Decimal:
    """Half a cent goes away from zero."""
    return value.quantize(_CENT, ROUND_HALF_UP)


class Calculation:
    """One document's arithmetic. With `rounding: currency` every line is rounded, otherwise only the results."""

    def __init__(self, example: Example) -> None:
        self.source = example.source
        self.regime = example.country
        self.day = date.fromisoformat(self.source.get("issue_date") or example.result["issue_date"])
        tax = self.source.get("tax") or {}
        self.by_line = tax.get("rounding") in ("currency", "round-then-sum")
        self.included = tax.get("prices_include") == "VAT"
        self.bases: dict[Key, Decimal] = defaultdict(Decimal)

    def totals(self) -> dict[str, Decimal]:
        """What GOBL's `totals` has, by the same names."""
        amount = sum((self._line(line) for line in self.source.get("lines") or []), _ZERO)
        discount, charge = (self._whole(name, amount) for name in ("discounts", "charges"))
        gross = amount - discount + charge
        rows = [(key, base, self._tax(base, key[1])) for key, base in self.bases.items()]
        included = sum((tax for key, _, tax in rows if key[0] == "VAT"), _ZERO) if self.included else _ZERO
        surcharges = sum((self._tax(base, key[2]) for key, base, _ in rows), _ZERO)
        tax = sum((tax for key, _, tax in rows if key[0] not in WITHHELD), surcharges)
        retained = sum((tax for key, _, tax in rows if key[0] in WITHHELD), _ZERO)
        total = gross - included
        with_tax = total + tax
        payable = cents(with_tax - retained)
        paid = self._advances(payable)
        known = {"sum": amount, "discount": discount, "charge": charge, "tax_included": included, "total": total}
        known |= {"tax": tax, "total_with_tax": with_tax, "retained_tax": retained, "payable": payable}
        return {name: cents(value) for name, value in (known | {"advance": paid, "due": payable - paid}).items()}

    def _round(self, value: Decimal) -> Decimal:
        return cents(value) if self.by_line else value

    def _line(self, line: Plain) -> Decimal:
        amount = self._round(Decimal(line["quantity"]) * self._price(line))
        start = amount
        for name, sign in (("discounts", -1), ("charges", 1)):
            for part in line.get(name) or []:
                amount += sign * self._round(_part(part, start))
        self._add(amount, line.get("taxes") or [])
        return amount

    def _price(self, line: Plain) -> Decimal:
        """The item's price in the document's currency, or that of its parts."""
        item, currency = line["item"], self.source.get("currency")
        if line.get("breakdown"):
            return sum((Decimal(one["quantity"]) * Decimal(one["item"]["price"]) for one in line["breakdown"]), _ZERO)
        if item.get("currency", currency) != currency:
            for other in item.get("alt_prices") or []:
                if other["currency"] == currency:
                    return Decimal(other["value"])
            for exchange in self.source.get("exchange_rates") or []:
                if exchange["from"] == item["currency"] and exchange["to"] == currency:
                    return cents(Decimal(item["price"]) * Decimal(exchange["amount"]))
        return Decimal(item["price"])

    def _whole(self, name: str, amount: Decimal) -> Decimal:
        """Discounts or charges on the whole document; their taxes count too."""
        result = _ZERO
        for part in self.source.get(name) or []:
            value = self._round(_part(part, amount))
            self._add(value if name == "charges" else -value, part.get("taxes") or [])
            result += value
        return result

    def _add(self, amount: Decimal, taxes: list[Plain]) -> None:
        rates = [(tax["cat"], *self._rate(tax)) for tax in taxes]
        if self.included:
            inside = sum((rate for kind, rate, _ in rates if kind == "VAT" and rate), _ZERO)
            amount = amount * 100 / (100 + inside)
        for key in rates:
            self.bases[key] += amount

    def _rate(self, tax: Plain) -> tuple[Decimal | None, Decimal | None]:
        """Percent and surcharge: as written, else from our table of the country, by name and day."""
        name, _, more = (tax.get("rate") or "").partition("+")
        written = percent(tax.get("percent"))
        surcharge = self._named("RE", name, "") if more == "eqs" else None
        if written is not None or name in ("", "exempt"):
            return written, surcharge
        region = _REGIONS.get((tax.get("ext") or {}).get("pt-region", ""), ":islands" if more == "island" else "")
        return self._named(tax["cat"], name, region, tax.get("country")), surcharge

    def _named(self, kind: str, name: str, region: str, other: str | None = None) -> Decimal | None:
        if name == "zero":
            return _ZERO
        home = country(other or self.regime)
        tax = home.tax(kind) if home else None
        if tax is None:
            raise LookupError(f"no table of {kind} for {other or self.regime}")
        wanted = ("standard" if name == "general" else name) + region
        named = (rate for rate in tax.rates if rate.name == wanted and rate.since <= self.day <= rate.until)
        return next(named).percent

    def _tax(self, base: Decimal, rate: Decimal | None) -> Decimal:
        return self._round(self._round(base) * (rate or _ZERO) / 100)

    def _advances(self, payable: Decimal) -> Decimal:
        advances: list[Any] = (self.source.get("payment") or {}).get("advances") or []
        return sum((cents(_part(one, payable)) for one in advances), _ZERO)


def _part(part: Plain, whole: Decimal) -> Decimal:
    """A discount or charge: its share of the whole, a rate by quantity, or an amount."""
    share = percent(part.get("percent"))
    if share is not None:
        return (Decimal(part["base"]) if part.get("base") else whole) * share / 100
    if part.get("rate") and part.get("quantity"):
        return Decimal(part["rate"]) * Decimal(part["quantity"])
    return Decimal(part["amount"])
