"""Chile. IVA: DL 825 art. 14, Ley 19.888; fees kept back: Ley 21.133, a step a year. Amounts are whole pesos."""

from decimal import Decimal

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

IVA = (rate("standard", "18", "1990-07-01", "2003-09-30"), rate("standard", "19", "2003-10-01"))
HONORARIOS = (
    rate("professionals", "10", "2002-01-01", "2019-12-31"),
    rate("professionals", "10.75", "2020-01-01", "2020-12-31"),
    rate("professionals", "11.5", "2021-01-01", "2021-12-31"),
    rate("professionals", "12.25", "2022-01-01", "2022-12-31"),
    rate("professionals", "13", "2023-01-01", "2023-12-31"),
    rate("professionals", "13.75", "2024-01-01", "2024-12-31"),
    rate("professionals", "14.5", "2025-01-01", "2025-12-31"),
    rate("professionals", "15.25", "2026-01-01", "2026-12-31"),
    rate("professionals", "16", "2027-01-01", "2027-12-31"),
    rate("professionals", "17", "2028-01-01"),
)

COUNTRY = Country(
    code="CL",
    title=("Chile", "Chile"),
    names=("Chili",),
    currencies=("CLP",),
    tax_ids=(TaxId("RUT", r"\d{7,8}[0-9K]", by_stdnum("cl.rut")),),
    reserved_ids=frozenset({"666666666", "555555555"}),
    taxes=(
        TaxRule("IVA", IVA, general=True),
        TaxRule("ILA"),  # drinks: by kind
        TaxRule("RETENCIÓN", HONORARIOS, frozenset({"RETENCION", "HONORARIOS", "IMPUESTO RETENIDO"}), withheld=True),
    ),
    decimals=0,
    cash_step=Decimal(10),  # Ley 20.956: cash is rounded to ten pesos
)
