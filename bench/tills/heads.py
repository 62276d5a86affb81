"""The head of a made-up receipt: name, registration, address, telephone, in the ways of many shops."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bench.tills import words


@dataclass(frozen=True)
class Head:
    """The lines, and what is to be read in them."""

    lines: tuple[str, ...]
    company: str
    address: str


def pick(chance: random.Random, table: str) -> str:
    """One of the entries of a table."""
    return chance.choice(table.split("|"))


def english_head(chance: random.Random) -> Head:
    """A shop in Malaysia: registration in brackets or on a line of its own, two to five lines of address."""
    name = pick(chance, words.NAMES)
    if chance.random() < 0.2:
        company = pick(chance, words.LOCAL).format(name)
    else:
        company = f"{name} {pick(chance, words.TRADES)} {pick(chance, words.FORMS)}".strip()
    number, letter = chance.randint(100000, 999999), chance.choice("ADHKPTVWX")
    registration = pick(chance, words.REGISTRATIONS).format(n=number, l=letter)
    lines = [pick(chance, words.BANNERS)] if chance.random() < 0.3 else []
    if chance.random() < 0.15:
        lines.append(name.split()[0])  # the logo
    lines += _named(chance, company, registration)
    address = _address(chance)
    tax_id = pick(chance, words.TAX_IDS).format(n=chance.randint(10000, 99999))
    a, b = chance.randint(1000, 9999), chance.randint(1000, 9999)
    tail = [pick(chance, words.PHONES).format(a=a, b=b), tax_id]
    if chance.random() < 0.3:
        tail.reverse()
    if chance.random() < 0.1:
        lines.append(tail.pop())
    return Head(tuple(filter(None, [*lines, *address, *tail])), company, " ".join(address))


def _named(chance: random.Random, company: str, registration: str) -> list[str]:
    """The name and its registration: on one line, below, or the name over two lines."""
    words_of = company.split()
    form = next((i for i, word in enumerate(words_of) if word.upper().startswith(("SDN", "(M)"))), 0)
    if form > 2 and chance.random() < 0.2:
        first, second = " ".join(words_of[:form]), " ".join(words_of[form:])
        return [first, f"{second} {registration}".strip()] if chance.random() < 0.5 else [first, second, registration]
    if registration and chance.random() < 0.4:
        return [f"{company} {registration}"] if registration.startswith("(") else [company, registration]
    return [company, registration]


def _address(chance: random.Random) -> list[str]:
    place = pick(chance, words.PLACES)
    numbers = {"n": chance.randint(1, 99), "m": chance.randint(1, 9), "s": place}
    parts = [
        pick(chance, words.STREETS).format(**numbers),
        pick(chance, words.AREAS).format(pick(chance, words.PLACES)),
        pick(chance, words.TOWNS).format(chance.randint(0, 9)),
    ]
    parts = [part for part in parts if part]
    style = chance.random()
    if style < 0.2:
        return [" ".join(parts)]
    if style < 0.4 and len(parts) == 3:
        return [f"{parts[0]} {parts[1]}", parts[2]]
    if style < 0.5 and ", " in parts[-1]:
        town, state = parts[-1].split(", ", 1)
        return [*parts[:-1], f"{town},", state]
    return parts


def spanish_head(chance: random.Random, country: str) -> Head:
    """A shop in Spain, Mexico or Peru with its tax number."""
    forms = {"ES": words.SPANISH_FORMS, "MX": words.MEXICAN_FORMS, "PE": words.PERUVIAN_FORMS}[country]
    table = {"ES": words.SPANISH_ADDRESSES, "MX": words.MEXICAN_ADDRESSES, "PE": words.PERUVIAN_ADDRESSES}[country]
    company = f"{pick(chance, words.SPANISH_TRADES)} {pick(chance, words.SPANISH_NAMES)} {pick(chance, forms)}".strip()
    place = {"s": pick(chance, words.SPANISH_STREETS), "n": chance.randint(1, 99), "m": chance.randint(1, 9)}
    address = pick(chance, table).format(**place).split("\n")
    number = chance.randint(1000000, 9999999)
    tax_id = {
        "ES": chance.choice([f"N.I.F.: B{number}4", f"CIF B-{number}4", f"NIF: {number}0Z"]),
        "MX": chance.choice([f"R.F.C. FAR0102{number % 100:02}AB1", f"RFC: FAR990101AB{number % 10}"]),
        "PE": chance.choice([f"RUC: 20{number}01", f"R.U.C. N° 20{number}01"]),
    }[country]
    phone = chance.choice([f"TEL. 91 {number % 1000:03} 00 11", f"TLF: 9{number}0", "", f"TELÉFONO: 55 {number}"])
    lines = [company, tax_id, *address, phone] if chance.random() < 0.4 else [company, *address, tax_id, phone]
    return Head(tuple(filter(None, lines)), company, " ".join(address))
