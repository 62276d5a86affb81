"""Ecuador. IVA: LRTI art. 65; 15 % since April 2024 by Decreto Ejecutivo 198 (Registro Oficial 7.º sup. 530)."""

from shared.domain.country import Country, Numbering, TaxId, TaxRule, by_stdnum, rate

IVA = (
    rate("standard", "12", "2000-01-01", "2016-05-31"),
    rate("standard", "14", "2016-06-01", "2017-05-31"),  # solidarity after the earthquake
    rate("standard", "12", "2017-06-01", "2024-03-31"),
    rate("standard", "15", "2024-04-01"),
    rate("building materials", "5", "2024-04-01"),
    rate("tourism on holidays", "8", "2022-01-01"),
)
RETENCION_IVA = tuple(rate("part", percent, "2000-01-01") for percent in ("10", "20", "30", "50", "70", "100"))


def _person(number: str) -> bool:
    """A cédula and a branch. The library would also take it for a public body's, whose branch has four digits."""
    return by_stdnum("ec.ci")(number[:10]) and number[10:] != "000"


def _company(number: str) -> bool:
    """As the library has it, without its other try: that this were a public body's number."""
    weighted = sum(int(digit) * weight for digit, weight in zip(number, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=False))
    return by_stdnum("ec.ruc")(number) and weighted % 11 == 0


COUNTRY = Country(
    code="EC",
    title=("Ecuador", "Ecuador"),
    names=("Équateur",),
    currencies=("USD",),
    tax_ids=(
        # Exceptions: newer numbers of companies are in use that break the rule.
        TaxId("RUC", r"\d{2}[0-5]\d{10}", by_stdnum("ec.ruc")),
        TaxId("RUC", r"\d{2}[69]\d{6}000\d", by_stdnum("ec.ruc"), exceptions=True),
        TaxId("RUC", r"\d{2}6\d{6}(?!000)\d{4}", _person),
        TaxId("RUC", r"\d{2}9\d{6}(?!000)\d{4}", _company, exceptions=True),
        TaxId("cédula", r"\d{10}", by_stdnum("ec.ci"), buyers_only=True),
    ),
    reserved_ids=frozenset({"9999999999999"}),
    taxes=(
        TaxRule("IVA", IVA, general=True),
        TaxRule("ICE"),  # by product
        TaxRule("IRBPNR"),  # bottles: an amount each
        TaxRule("IVA", RETENCION_IVA, frozenset({"RETENCIÓN IVA"}), general=True, withheld=True),
        TaxRule("RENTA", aliases=frozenset({"IR", "RETENCIÓN RENTA"}), withheld=True),  # many tables
    ),
    # Reglamento de Comprobantes de Venta art. 18: establishment, point of issue, sequence.
    numbering=Numbering(r"\d{3} ?- ?\d{3} ?- ?\d{1,9}", "001-001-000000123"),
)
