"""Peru. IGV with IPM: TUO de la Ley del IGV (DS 055-99-EF), Ley 29666; numbers: RS 007-99 and 097-2012/SUNAT."""

from decimal import Decimal

from shared.domain.country import Country, Numbering, TaxId, TaxRule, by_stdnum, rate

IGV = (
    rate("standard", "18", "1991-12-01", "2003-07-31"),
    rate("standard", "19", "2003-08-01", "2011-02-28"),
    rate("standard", "18", "2011-03-01"),
    # Small restaurants and hotels: Ley 31556, prolonged by Ley 32219; the IPM's share is higher from 2026 (Ley 32387).
    rate("reduced", "10", "2022-09-01", "2025-12-31"),
    rate("reduced", "10.5", "2026-01-01", "2026-12-31"),
    rate("reduced", "15", "2027-01-01", "2027-12-31"),
)
RENTA = (rate("professionals", "10", "2004-01-01", "2014-12-31"), rate("professionals", "8", "2015-01-01"))
RETENCION = (rate("standard", "6", "2002-06-01", "2014-02-28"), rate("standard", "3", "2014-03-01"))  # RS 033-2014

COUNTRY = Country(
    code="PE",
    title=("Peru", "Perú"),
    names=("Pérou",),
    currencies=("PEN",),
    tax_ids=(
        TaxId("RUC", r"\d{11}", by_stdnum("pe.ruc")),
        TaxId("DNI", r"\d{8}", buyers_only=True),
    ),
    taxes=(
        TaxRule("IGV", IGV, frozenset({"IVA"}), general=True),
        TaxRule("ISC"),  # by product
        TaxRule("ICBPER"),  # plastic bags: an amount each
        TaxRule("IR", RENTA, frozenset({"RENTA", "RETENCIÓN RENTA", "4TA CATEGORÍA"}), withheld=True),
        TaxRule("RETENCIÓN IGV", RETENCION, frozenset({"IGV"}), withheld=True),
    ),
    cash_step=Decimal("0.10"),
    numbering=Numbering(r"(?:[A-Z][A-Z0-9]{3}|\d{3,4}) ?- ?\d{1,8}", "F001-00000123"),
)
