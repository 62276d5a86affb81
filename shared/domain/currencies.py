"""The currency of a paper: said by a label, shown by its amounts, or named alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.domain.amounts import CURRENCIES, Amount
from shared.domain.labelled import Read

_LABEL = re.compile(
    r"(?i:(?:rechnungs)?währung|currency|moneda|divisa|devise|valuta|moeda|beträge\s+in|amounts?\s+in|importes\s+en"
    r"|montants?\s+en|bedragen\s+in)(?i:\s+code)?[\s:.(]*(?P<code>[A-Z]{3}|€|£)(?![A-Za-z])"
)
_OF_COUNTRY = {
    **dict.fromkeys(["ES", "DE", "FR", "IT", "PT", "NL", "BE", "AT", "IE", "GR"], "EUR"),
    **{"GB": "GBP", "US": "USD", "EC": "USD", "MX": "MXN", "AR": "ARS", "CL": "CLP", "CO": "COP", "PE": "PEN"},
    **{"PL": "PLN", "CH": "CHF", "IN": "INR", "MY": "MYR"},
}
_DOLLARS = frozenset(["USD", "MXN", "ARS", "CLP", "COP"])  # what $ stands for in the countries of the table
_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR"}
# Codes that are words or abbreviations of other things are left out when they stand alone.
_ALONE = re.compile(
    r"(?<![A-Za-z])(?:EUR|USD|GBP|CHF|MXN|ARS|CLP|BRL|PLN|SEK|NOK|DKK|INR|MYR|SGD|JPY|€|£|₹)(?![A-Za-z])"
)


def currency(text: str, found: Sequence[Amount], total: Amount | None, language: str) -> Read[str] | None:
    """ISO 4217. A bare $ is US dollars only in an English text; None when the paper names several or none."""
    signed = [total] if total and total.currency else [amount for amount in found if amount.currency]
    said = {amount.currency for amount in signed}
    if len(said - {"$"}) == 1:
        said -= {"$"}
    labelled = next((m for m in _LABEL.finditer(text) if _code(m["code"]) in CURRENCIES), None)
    if labelled and not (total and total.currency and _code(labelled["code"]) not in said):
        return Read(_code(labelled["code"]), labelled.start("code"), labelled.end("code"), 0.95)
    if len(said) == 1:
        first = next(amount for amount in signed if amount.currency in said)
        if first.currency == "$":
            return Read("USD", first.start, first.end, 0.6) if language == "en" else None
        return Read(str(first.currency), first.start, first.end, 0.9)
    alone = list(_ALONE.finditer(text)) if not said else []
    if len({_code(match.group()) for match in alone}) == 1:
        return Read(_code(alone[0].group()), alone[0].start(), alone[0].end(), 0.7)
    return None


def currency_of_countries(found: Sequence[Amount], countries: Sequence[Read[str]]) -> Read[str] | None:
    """The currency of the country that all parties are in, where the paper itself says none, or just $. Not sure."""
    said = {amount.currency for amount in found if amount.currency}
    if said - {"$"} or len({read.value for read in countries}) != 1:
        return None
    code = _OF_COUNTRY.get(countries[0].value)
    if code is None or (said and code not in _DOLLARS):
        return None
    return Read(code, countries[0].start, countries[0].end, 0.6 if said else 0.4)


def _code(sign: str) -> str:
    return _SIGNS.get(sign, sign)
