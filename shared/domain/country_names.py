"""Countries as papers name them: at the end of an address, before a postcode, in front of a tax id."""

from __future__ import annotations

import re

from shared.domain.misread import folded

_NAMES = {
    "ES": "SPAIN ESPANA SPANIEN ESPAGNE SPANJE SPAGNA ESPANHA",
    "DE": "GERMANY ALEMANIA DEUTSCHLAND ALLEMAGNE DUITSLAND GERMANIA ALEMANHA",
    "FR": "FRANCE FRANCIA FRANKREICH FRANKRIJK FRANCA",
    "IT": "ITALY ITALIA ITALIEN ITALIE",
    "PT": "PORTUGAL PORTOGALLO",
    "NL": "NETHERLANDS HOLANDA NEDERLAND NIEDERLANDE",
    "BE": "BELGIUM BELGICA BELGIEN BELGIQUE BELGIE",
    "AT": "AUSTRIA OSTERREICH AUTRICHE",
    "CH": "SWITZERLAND SUIZA SCHWEIZ SUISSE",
    "GB": "ENGLAND SCOTLAND WALES UK INGLATERRA",
    "IE": "IRELAND IRLANDA",
    "US": "USA EEUU",
    "MX": "MEXICO",
    "AR": "ARGENTINA",
    "CL": "CHILE",
    "CO": "COLOMBIA",
    "PE": "PERU",
    "EC": "ECUADOR",
    "PL": "POLAND POLSKA POLONIA",
    "GR": "GREECE GRECIA",
    "IN": "INDIA",
    "MY": "MALAYSIA",
}
_PHRASES = {"UNITED KINGDOM": "GB", "REINO UNIDO": "GB", "UNITED STATES": "US", "ESTADOS UNIDOS": "US"}
_BY_NAME = {name: code for code, names in _NAMES.items() for name in names.split()} | _PHRASES
_NAMED = re.compile(rf"(?<![A-Z])({'|'.join(sorted(_BY_NAME, key=len, reverse=True))})(?![A-Z])")
_BEFORE_POSTCODE = re.compile(r"(?<![A-Z])(D|F|E|I|A|NL|B|CH|[A-Z]{2})[ -]\d{4,5}(?!\d)")
_CAR_CODES = {"D": "DE", "F": "FR", "E": "ES", "I": "IT", "A": "AT", "B": "BE"}
_BRITISH_POSTCODE = re.compile(r"(?<![A-Z0-9])[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?![A-Z0-9])")
_TAX_PREFIX = re.compile(r"(AT|BE|DE|ES|FR|GB|IE|IT|NL|PT|PL|CH)[A-Z0-9]{7,12}")


def country_of(text: str) -> str | None:
    """ISO 3166 of an address or a tax id; None when it names none. The last country named counts."""
    plain = folded(text)
    if named := _NAMED.findall(plain):
        return _BY_NAME[named[-1]]
    if match := _BEFORE_POSTCODE.search(plain):
        code = _CAR_CODES.get(match.group(1), match.group(1))
        return code if code in _NAMES else None
    if _BRITISH_POSTCODE.search(plain):
        return "GB"
    match = _TAX_PREFIX.fullmatch(plain)
    return match.group(1) if match else None
