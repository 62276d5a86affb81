"""Check digits of Peru, Ecuador and Chile as their tax offices publish them, worked out here to check the library by.

Each `…_numbers` gives right numbers, made by chance from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def ruc_of_peru(ten: str) -> str:
    """SUNAT: weights 5 4 3 2 7 6 5 4 3 2; eleven less the remainder by eleven, where 10 is 0 and 11 is 1."""
    rest = 11 - _weighted(ten, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return {10: "0", 11: "1"}.get(rest, str(rest))


def rut_of_chile(body: str) -> str:
    """SII: weights 2 to 7 from the right, over and over; eleven less the remainder, where 10 is K and 11 is 0."""
    total, weight = 0, 2
    for digit in reversed(body):
        total += int(digit) * weight
        weight = 2 if weight == 7 else weight + 1
    rest = 11 - total % 11
    return {10: "K", 11: "0"}.get(rest, str(rest))


def cedula_of_ecuador(nine: str) -> str:
    """Registro Civil: weights 2 1 2 1 …, nine off what is over nine; what lacks to the next ten."""
    parts = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(nine))
    total = sum(part - 9 if part > 9 else part for part in parts)
    return str((10 - total % 10) % 10)


def ruc_of_ecuador_company(nine: str) -> str | None:
    """SRI, third digit 9: weights 4 3 2 7 6 5 4 3 2; eleven less the remainder, 0 for 11; None where it is 10."""
    return _modulo_eleven(nine, (4, 3, 2, 7, 6, 5, 4, 3, 2))


def ruc_of_ecuador_state(eight: str) -> str | None:
    """SRI, third digit 6: weights 3 2 7 6 5 4 3 2, likewise; the check digit is the ninth."""
    return _modulo_eleven(eight, (3, 2, 7, 6, 5, 4, 3, 2))


def _modulo_eleven(digits: str, weights: Sequence[int]) -> str | None:
    rest = (11 - _weighted(digits, weights) % 11) % 11
    return None if rest == 10 else str(rest)


def peru_numbers(count: int, seed: int) -> Iterator[str]:
    """RUC of persons and companies."""
    rng = random.Random(seed)
    for _ in range(count):
        ten = rng.choice(("10", "15", "17", "20")) + _digits(rng, 8)
        yield ten + ruc_of_peru(ten)


def chile_numbers(count: int, seed: int) -> Iterator[str]:
    """RUT of persons and companies, with hyphen."""
    rng = random.Random(seed)
    for _ in range(count):
        body = str(rng.randint(1_000_000, 99_999_999))
        yield f"{body}-{rut_of_chile(body)}"


def ecuador_numbers(count: int, seed: int) -> Iterator[str]:
    """RUC of persons, of the state and of companies, in turn."""
    rng = random.Random(seed)
    made = 0
    while made < count:
        province, kind = f"{rng.randint(1, 24):02d}", made % 3
        if kind == 0:
            nine = province + str(rng.randint(0, 5)) + _digits(rng, 6)
            number: str | None = nine + cedula_of_ecuador(nine) + "001"
        elif kind == 1:
            eight = province + "6" + _digits(rng, 5)
            check = ruc_of_ecuador_state(eight)
            number = check and eight + check + "0001"
        else:
            nine = province + "9" + _digits(rng, 6)
            check = ruc_of_ecuador_company(nine)
            number = check and nine + check + "001"
        if number:
            made += 1
            yield number


def one_digit_wrong(number: str, places: int) -> Iterator[str]:
    """All copies with another digit in one of the first `places` digits."""
    digits = [place for place, char in enumerate(number) if char.isdigit()][:places]
    for place in digits:
        for digit in "0123456789":
            if digit != number[place]:
                yield number[:place] + digit + number[place + 1 :]


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))
