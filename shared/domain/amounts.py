"""Amounts of money in running text: 1.234,56 and 1,234.56, with what says in which currency. Always Decimal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

# ISO 4217, active codes of money in circulation.
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
    COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND
    VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 - a table of codes reads better as a block
)
_SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "rs": "INR",
    "rs.": "INR",
    "us$": "USD",
    "rm": "MYR",
    "$": "$",
    "s$": "SGD",
    "hk$": "HKD",
    "a$": "AUD",
    "r$": "BRL",
    "s/": "PEN",
    "s/.": "PEN",
    "zł": "PLN",
}
_SIGN = r"€|£|₹|US\$|S\$|R\$|HK\$|A\$|\$|Rs\.?|R[Mm]|S/\.?|EUR|USD|GBP|MXN|COP|ARS|CLP|PEN|CHF|PLN|INR|MYR|SGD"
_NUMBER = (
    r"\d{1,3}(?:(?P<group>[.,'’\xa0\u202f]|SPACE)\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,4})?|[.,]\d{2}(?!\d)"
)
_AMOUNT = (
    rf"(?:(?P<before>(?<![^\W\d_])(?:{_SIGN}))[ \xa0]?|(?<![^\W\d_])(?P<code>[A-Z]{{3}})[ \xa0]|(?<![\w.,/]))"
    rf"(?P<sign>[-−]\s?)?(?P<number>{_NUMBER})(?![\w/])(?![.,]\d)"
    rf"(?P<trailing>-(?!\d))?(?:[ \xa0]?(?P<after>(?:{_SIGN}|[A-Z]{{3}})(?![^\W\d_])|%))?"
)
# Right after a currency sign a blank can only part thousands (£4 355.86); elsewhere it may follow a quantity.
_PATTERN = re.compile(_AMOUNT.replace("SPACE", "(?(before) |(?!))"))
_PATTERN_WITH_BLANKS = re.compile(_AMOUNT.replace("SPACE", " "))
_COMMA_DECIMALS = frozenset(["es", "de", "fr", "nl", "it", "pt", "pl"])


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount and its characters `[start, end)`. `currency` is an ISO code, "$" when only that is said, or None.

    `exact`: written with two decimals, as prices are.
    """

    value: Decimal
    start: int
    end: int
    currency: str | None
    exact: bool

    @property
    def is_money(self) -> bool:
        """Written like money: with decimals or a currency. A bare "3" may be anything."""
        return self.exact or self.currency is not None


def decimal_mark(text: str, language: str) -> str:
    """`,` or `.`: what the amounts of this text use, or else what its language uses."""
    commas = len(re.findall(r"\d,\d{2}(?!\d|[.,]\d)", text))
    points = len(re.findall(r"\d\.\d{2}(?!\d|[.,]\d)", text))
    if commas == points:
        return "," if language in _COMMA_DECIMALS else "."
    return "," if commas > points else "."


def amounts(text: str, mark: str, offset: int = 0, blanks_group: bool = False) -> list[Amount]:
    """All numbers that may be amounts, without percentages. `offset` is added to their places.

    `blanks_group`: a blank may part thousands (1 234,56), as in French.
    """
    found = []
    for match in (_PATTERN_WITH_BLANKS if blanks_group else _PATTERN).finditer(text):
        before, after = match.group("before") or match.group("code"), match.group("after")
        value = parse_number(match.group("number"), mark)
        if value is None or after == "%":
            continue
        negative = bool(match.group("sign") or match.group("trailing"))
        exact = bool(re.search(r"[.,]\d{2}$", match.group("number")))
        currency = _currency(before) or _currency(after)
        start, end = offset + match.start("number"), offset + match.end("number")
        found.append(Amount(-value if negative else value, start, end, currency, exact))
    return found


def _currency(sign: str | None) -> str | None:
    if sign is None:
        return None
    return sign if sign in CURRENCIES else _SYMBOLS.get(sign.casefold())


def parse_number(text: str, mark: str) -> Decimal | None:
    """A number as written; `mark` decides only where the writing leaves it open ("1.234"). None when it is none."""
    digits = re.sub(r"[\s'’]", "", text)
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        mark = "," if digits.rindex(",") > digits.rindex(".") else "."
    elif points + commas == 1:
        used = "." if points else ","
        decimals = len(digits) - digits.index(used) - 1
        mark = used if decimals != 3 or used == mark else _other(used)
    elif points + commas > 1:
        mark = _other("." if points else ",")
    digits = digits.replace(_other(mark), "").replace(mark, ".")
    return Decimal(digits) if re.fullmatch(r"\d*(?:\.\d+)?", digits) and digits else None


def _other(mark: str) -> str:
    return "," if mark == "." else "."
