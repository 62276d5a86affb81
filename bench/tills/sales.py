"""The body of a made-up receipt: date, goods, sums and payment, as tills of many kinds print them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from bench.tills import words
from bench.tills.heads import pick

Row = list[tuple[float, str]]
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Sale:
    """The rows, and what is to be read in them."""

    rows: tuple[Row, ...]
    day: date
    total: Decimal


def a_day(chance: random.Random) -> date:
    """A day of six years."""
    return date(2015, 1, 1) + timedelta(days=chance.randint(0, 2190))


def english_sale(chance: random.Random) -> Sale:
    """With GST or SST or none, service charge, discount, rounding, and counts that call themselves totals."""
    day = a_day(chance)
    goods, net, count = _goods(chance, words.ITEMS, ".")
    sums, total = _english_sums(chance, net, count)
    rows = [*_title(chance, words.TITLES), *_dated(chance, day), *goods, [(50.0, "-" * 40)], *sums]
    rows += _english_payment(chance, total) + _tax_table(chance, total) + _foot(chance, day)
    return Sale(tuple(rows), day, total)


def spanish_sale(chance: random.Random, country: str) -> Sale:
    """IVA or IGV inside the prices, cash and change, a suggested tip."""
    day = a_day(chance)
    mark = "," if country == "ES" else "."
    goods, gross, _ = _goods(chance, words.SPANISH_ITEMS, mark)
    title = {
        "ES": "FACTURA SIMPLIFICADA|TICKET|Factura simplificada Nº T-2211|",
        "MX": "TICKET DE VENTA|NOTA DE VENTA|",
        "PE": "BOLETA DE VENTA ELECTRÓNICA|BOLETA DE VENTA|FACTURA ELECTRÓNICA",
    }[country]
    sums = _spanish_sums(chance, gross, country, mark)
    rows = [*_title(chance, title), *_spanish_date(chance, day), *goods, *sums]
    rows += _spanish_payment(chance, gross, mark)
    rows.append(
        [(50, chance.choice(["GRACIAS POR SU VISITA", "IVA INCLUIDO", "NO SE ADMITEN DEVOLUCIONES SIN TICKET"]))]
    )
    return Sale(tuple(rows), day, gross)


def money(value: Decimal, mark: str = ".") -> str:
    """As tills write it."""
    text = f"{value:,.2f}" if value < 0 or value >= 1000 else f"{value:.2f}"
    return text if mark == "." else text.translate(str.maketrans(",.", ".,"))


def _title(chance: random.Random, table: str) -> list[Row]:
    title = pick(chance, table)
    return [[(chance.choice([50, 180]), title)]] if title else []


def _goods(chance: random.Random, table: str, mark: str) -> tuple[list[Row], Decimal, int]:
    """The lines of the goods, what they make together, and how many pieces."""
    style, rows, total, pieces = chance.randint(0, 2), [], Decimal(0), 0
    for number in range(chance.randint(1, 6)):
        count, price = chance.randint(1, 4), Decimal(chance.randint(80, 4000)).scaleb(-2)
        amount, name = count * price, pick(chance, table)
        total, pieces = total + amount, pieces + count
        if style == 0:
            rows.append([(50.0, f"{count} {name}"), (500.0, money(amount, mark))])
        elif style == 1:
            rows += [[(50.0, name)], [(80.0, f"{count} X {money(price, mark)}"), (500.0, money(amount, mark))]]
        else:
            rows.append(
                [
                    (50.0, f"{number + 1:02}"),
                    (100.0, name),
                    (330.0, str(count)),
                    (400.0, money(price, mark)),
                    (500.0, money(amount, mark)),
                ]
            )
    return rows, total, pieces


def _dated(chance: random.Random, day: date) -> list[Row]:
    clock = f"{chance.randint(8, 21):02}:{chance.randint(0, 59):02}"
    half = f"{chance.randint(1, 11)}:{chance.randint(10, 59)}{chance.choice(['', ' '])}"
    half += chance.choice(["AM", "PM", "am", "pm"])
    number = f"{chance.choice(['CS', 'INV', 'R', 'A'])}-{chance.randint(1000, 99999)}"
    style = chance.randint(0, 9)
    written = chance.choice(
        [
            "%d/%m/%Y",
            "%d-%m-%Y",
            "%d/%m/%y",
            "%d.%m.%Y",
            "%d %b %Y",
            "%d-%b-%Y",
            "%d-%b-%y",
            "%Y-%m-%d",
            "%d %B %Y",
            "%d/%b/%Y",
        ]
    )
    text = day.strftime(written)
    text = text.upper() if chance.random() < 0.5 else text
    return _with_floats({
        0: [[(50, f"DATE : {text} {clock}")]],
        1: [[(50, f"INVOICE NO: {number}"), (350, f"DATE: {text}")]],
        2: [[(50, f"{text} {half}"), (400, f"#{chance.randint(100, 999)}")]],
        3: [[(50, f"Bill No. : {number}")], [(50, f"Bill Date : {text}")], [(50, f"Time : {half}")]],
        4: [[(50, "DATE"), (200, f": {text}")], [(50, "TIME"), (200, f": {clock}")]],
        5: [[(50, f"{day:%a} {text} {clock}".upper())]],
        6: [[(50, f"{number}  {text}  {clock}")]],
        7: [[(50, f"Date: {text}"), (300, f"Time: {half}")], [(50, "Cashier: 02"), (300, "Terminal: 1")]],
        8: [[(50, "Date")], [(50, text)]],
        9: [[(50, f"Table 12  Pax 2  {text} {clock}")]],
    }[style])  # fmt: skip


def _with_floats(rows: Sequence[Sequence[tuple[float, str]]]) -> list[Row]:
    return [[(float(left), text) for left, text in row] for row in rows]


def _english_sums(chance: random.Random, net: Decimal, count: int) -> tuple[list[Row], Decimal]:
    sign = chance.choice(["", "RM", "RM ", ""])
    rate = chance.choice([Decimal(0), Decimal("0.06"), Decimal("0.06"), Decimal("0.10")])
    name = {
        Decimal("0.06"): chance.choice(["GST 6%", "GST @ 6%", "SST 6%", "Tax 6%", "GST"]),
        Decimal("0.10"): "SERVICE TAX 10%",
    }.get(rate, "")
    inclusive = bool(rate) and chance.random() < 0.5
    discount = (net * Decimal("0.05")).quantize(CENT, ROUND_HALF_UP) if chance.random() < 0.2 else Decimal(0)
    base = net - discount
    service = (
        (base * Decimal("0.10")).quantize(CENT, ROUND_HALF_UP)
        if chance.random() < 0.15 and not inclusive
        else Decimal(0)
    )
    tax = ((base + service) * rate).quantize(CENT, ROUND_HALF_UP)
    before = base + service + (Decimal(0) if inclusive else tax)
    total = (before * 20).quantize(Decimal(1), ROUND_HALF_UP) / 20 if chance.random() < 0.5 else before
    total = total.quantize(CENT)

    def row(label: str, value: Decimal) -> Row:
        return [(chance.choice([50.0, 200.0]), label), (500.0, f"{sign}{money(value)}")]

    rows: list[Row] = []
    if chance.random() < 0.35:
        rows.append(
            [(50, chance.choice(["TOTAL QTY :", "Total Items:", "ITEM(S) :", "Total Quantity"])), (300, str(count))]
        )
    if discount:
        rows.append(row("SUB TOTAL", net))
        rows.append(row(chance.choice(["TOTAL DISCOUNT", "DISCOUNT 5%", "Total Savings"]), -discount))
    elif rate and not inclusive:
        excl = ["SUBTOTAL", "Sub Total", "TOTAL (EXCL. GST)", "Total Excluding GST", "TOTAL BEFORE TAX", "Sub-Total"]
        rows.append(row(chance.choice(excl), base))
    if service:
        rows.append(row(chance.choice(["SERVICE CHARGE 10%", "SVC CHG 10%", "Service Charge"]), service))
    if rate and not inclusive:
        rows.append(row(name, tax))
    if total != before:
        rows.append(
            row(
                chance.choice(["TOTAL", "Total Incl. GST", "TOTAL AMOUNT"]) if chance.random() < 0.6 else "BILL AMOUNT",
                before,
            )
        )
        rows.append(
            row(chance.choice(["ROUNDING", "ROUNDING ADJ", "Rounding Adjustment", "ROUND OFF"]), total - before)
        )
        final = [
            "TOTAL ROUNDED",
            "NET TOTAL",
            "GRAND TOTAL",
            "TOTAL DUE",
            "Total Payable",
            "ROUNDED TOTAL",
            "Nett Total",
            "AMOUNT DUE",
        ]
        rows.append(row(chance.choice(final), total))
    else:
        last = [
            "TOTAL",
            "Total :",
            "TOTAL AMOUNT",
            "GRAND TOTAL",
            "Total Sales",
            "AMOUNT DUE",
            "BALANCE DUE",
            "NET TOTAL",
            "TOTAL AMT",
            "Total RM",
        ]
        if inclusive:
            last += ["TOTAL (INCL. GST)", "Total Inclusive GST", "TOTAL SALES INCL GST", "TOTAL INC. GST @ 6%"]
        rows.append(row(chance.choice(last), total))
    if inclusive and chance.random() < 0.5:
        inside = (total * rate / (1 + rate)).quantize(CENT, ROUND_HALF_UP)
        rows.append(row(chance.choice(["GST INCLUDED IN TOTAL", "Includes GST 6%", "TOTAL GST"]), inside))
    return rows, total


def _english_payment(chance: random.Random, total: Decimal) -> list[Row]:
    style = chance.random()
    if style < 0.55:
        given = (total // 10 + chance.randint(1, 3)) * 10
        labels = chance.choice(
            [
                ("CASH", "CHANGE"),
                ("Cash Tendered", "Change Due"),
                ("TENDER", "CHANGE"),
                ("PAID AMOUNT", "BALANCE"),
                ("CASH RECEIVED", "CHANGE (CASH)"),
            ]
        )
        return [[(50, labels[0]), (500, money(given))], [(50, labels[1]), (500, money(given - total))]]
    if style < 0.8:
        return [
            [
                (
                    50,
                    chance.choice(
                        ["VISA ************1234", "MASTERCARD", "CREDIT CARD", "DEBIT CARD XX4421", "E-WALLET"]
                    ),
                ),
                (500, money(total)),
            ]
        ]
    return []


def _tax_table(chance: random.Random, total: Decimal) -> list[Row]:
    if chance.random() > 0.25:
        return []
    net = (total / Decimal("1.06")).quantize(CENT, ROUND_HALF_UP)
    rows: list[Row] = [[(50, "GST SUMMARY"), (300, "AMOUNT(RM)"), (480, "TAX(RM)")]]
    rows.append([(50, "SR @ 6%"), (300, money(net)), (500, money(total - net))])
    return [*rows, [(50, "TOTAL"), (300, money(net)), (500, money(total - net))]] if chance.random() < 0.6 else rows


def _foot(chance: random.Random, day: date) -> list[Row]:
    rows: list[Row] = [[(50, pick(chance, words.FOOTERS))] for _ in range(chance.randint(0, 2))]
    if chance.random() < 0.1:
        rows.append([(50, f"VALID UNTIL {day + timedelta(days=30):%d/%m/%Y}")])
    if chance.random() < 0.1:
        rows.append([(50, f"POINTS EXPIRE ON {day + timedelta(days=365):%d-%m-%Y}")])
    return rows


def _spanish_date(chance: random.Random, day: date) -> list[Row]:
    clock = f"{chance.randint(8, 21):02}:{chance.randint(0, 59):02}"
    months = "ENE FEB MAR ABR MAY JUN JUL AGO SEP OCT NOV DIC".split()  # noqa: SIM905
    named = f"{day.day:02}-{months[day.month - 1]}-{day.year}"
    text = chance.choice(
        [f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day:%d/%m/%y}", named, f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}"]
    )
    return chance.choice([
        [[(50, f"FECHA: {text}  HORA: {clock}")]],
        [[(50, f"{text} {clock}"), (350, "CAJA 2")]],
        [[(50, f"Fecha de emisión: {text}")]],
        [[(50, "Ticket 0012/3345"), (350, f"{text} {clock}")]],
        [[(50, "FECHA"), (200, text)], [(50, "MESA 4")]],
    ])  # fmt: skip


def _spanish_sums(chance: random.Random, gross: Decimal, country: str, mark: str) -> list[Row]:
    rate = {"ES": chance.choice([Decimal("0.10"), Decimal("0.21")]), "MX": Decimal("0.16"), "PE": Decimal("0.18")}[
        country
    ]
    base = (gross / (1 + rate)).quantize(CENT, ROUND_HALF_UP)
    sign = {"ES": chance.choice(["", " €"]), "MX": "", "PE": ""}[country]
    before = {"ES": "", "MX": chance.choice(["", "$", "$ "]), "PE": chance.choice(["", "S/ ", "S/"])}[country]

    def row(label: str, value: Decimal) -> Row:
        return [(50.0, label), (500.0, f"{before}{money(value, mark)}{sign}")]

    percent = f"{rate * 100:.0f}%"
    tax = gross - base
    if country == "PE":
        rows = [row("OP. GRAVADA", base), row(f"IGV {percent}", tax)] if chance.random() < 0.7 else []
        return [*rows, row(chance.choice(["IMPORTE TOTAL", "TOTAL", "TOTAL A PAGAR", "TOTAL S/"]), gross)]
    if country == "MX":
        rows = [row("SUBTOTAL", base), row(f"IVA {percent}", tax)] if chance.random() < 0.6 else []
        tip = [row("PROPINA SUGERIDA 10%", (gross / 10).quantize(CENT))] if chance.random() < 0.3 else []
        return [*rows, row(chance.choice(["TOTAL", "TOTAL A PAGAR", "TOTAL M.N.", "IMPORTE TOTAL"]), gross), *tip]
    last = row(
        chance.choice(
            [
                "TOTAL",
                "TOTAL A PAGAR",
                "TOTAL (IVA INCLUIDO)",
                "IMPORTE TOTAL",
                "TOTAL IVA INCL.",
                "TOTAL EUROS",
                "IMPORTE",
            ]
        ),
        gross,
    )
    table = [
        [(50.0, "IVA"), (250.0, "BASE IMP."), (450.0, "CUOTA")],
        [(50.0, percent), (250.0, money(base, mark)), (450.0, money(tax, mark))],
    ]
    if chance.random() < 0.5:
        return [last, *table]
    return [row("BASE IMPONIBLE", base), row(f"IVA {percent}", tax), last] if chance.random() < 0.5 else [last]


def _spanish_payment(chance: random.Random, total: Decimal, mark: str) -> list[Row]:
    if chance.random() < 0.6:
        given = (total // 10 + chance.randint(1, 3)) * 10
        paid, back = chance.choice(
            [
                ("EFECTIVO", "CAMBIO"),
                ("ENTREGADO", "DEVOLUCIÓN"),
                ("EFECTIVO", "VUELTO"),
                ("PAGO EN EFECTIVO", "SU CAMBIO"),
                ("RECIBIDO", "CAMBIO"),
            ]
        )
        return [[(50, paid), (500, money(given, mark))], [(50, back), (500, money(given - total, mark))]]
    return [[(50, "TARJETA VISA ****1234"), (500, money(total, mark))]] if chance.random() < 0.5 else []
