"""Check digits: IBAN, and the Spanish tax ids NIF, NIE and CIF."""

from __future__ import annotations

import re
from collections.abc import Iterator

_IBAN_LENGTHS = {
    **{"AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22},
    **{"DK": 18, "DO": 28, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "GT": 28, "HR": 21},
    **{"HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31},
    **{"NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27},
    **{"SV": 28, "TN": 24, "TR": 26, "UA": 29},
}
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?=[ \xa0-]?[A-Z0-9])")
_CALLED_IBAN = re.compile(r"\bIBAN\b[\s:.#-]{0,6}(?P<value>[A-Z]{2}\d{2}(?:[ \xa0]?\d{2,4}){2,8})(?![ \xa0]?\d|\w)")
_NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_CIF_LETTERS = "JABCDEFGHI"
_SPANISH = re.compile(r"(?:ES)?(\d{8}[A-Z]|[XYZ]\d{7}[A-Z]|[KLM]\d{7}[A-Z]|[ABCDEFGHJNPQRSUVW]\d{7}[0-9A-J])", re.ASCII)


def compact(identifier: str) -> str:
    """Without blanks, hyphens and points, in upper case."""
    return re.sub(r"[\s.\-/\xa0]", "", identifier).upper()


def find_ibans(text: str) -> Iterator[tuple[str, int, int]]:
    """(IBAN without blanks, start, end) of all that have an IBAN's form, whatever their check digits say."""
    for match in _IBAN_START.finditer(text):
        length = _IBAN_LENGTHS.get(match.group()[:2])
        if length is None:
            continue
        taken, at = "", match.start()
        while at < len(text) and len(taken) < length and (text[at].isalnum() or text[at] in " \xa0-"):
            taken += text[at] if text[at].isalnum() else ""
            at += 1
        if len(taken) == length and taken.isascii() and not text[at : at + 1].isalnum():
            yield taken.upper(), match.start(), at


def called_ibans(text: str) -> Iterator[tuple[str, int, int]]:
    """(number without blanks, start, end) of what a paper calls an IBAN, whatever its length."""
    for match in _CALLED_IBAN.finditer(text):
        yield compact(match["value"]), match.start("value"), match.end("value")


def iban_is_valid(iban: str) -> bool:
    """ISO 13616: the length of its country and the remainder 1 modulo 97."""
    iban = compact(iban)
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", iban) or _IBAN_LENGTHS.get(iban[:2], len(iban)) != len(iban):
        return False
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1


def looks_spanish(tax_id: str) -> bool:
    """If this has the form of a Spanish NIF, NIE or CIF."""
    return _SPANISH.fullmatch(compact(tax_id)) is not None


def spanish_tax_id_is_valid(tax_id: str) -> bool:
    """The control letter or digit of a NIF, NIE or CIF, with or without ES in front."""
    match = _SPANISH.fullmatch(compact(tax_id))
    if not match:
        return False
    value = match.group(1)
    if value[0].isdigit() or value[0] in "XYZ":
        number = int(str("XYZ".index(value[0])) + value[1:8]) if value[0] in "XYZ" else int(value[:8])
        return _NIF_LETTERS[number % 23] == value[8]
    if value[0] in "KLM":
        return _NIF_LETTERS[int(value[1:8]) % 23] == value[8] or _cif_control(value) == value[8]
    return value[8] in (_cif_control(value), _CIF_LETTERS[int(_cif_digit(value))])


def _cif_digit(value: str) -> str:
    """Digits in odd places doubled and their digits summed, those in even places as they are; the rest to ten."""
    digits = [int(char) for char in value[1:8]]
    total = sum(digits[1::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[0::2])
    return str(-total % 10)


def _cif_control(value: str) -> str:
    """Public bodies and foreigners end in a letter, companies in a digit; others may have either."""
    digit = _cif_digit(value)
    return _CIF_LETTERS[int(digit)] if value[0] in "KLMNPQRSW" else digit
