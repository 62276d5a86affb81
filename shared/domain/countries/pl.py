"""Poland. VAT: ustawa o podatku od towarów i usług (2004) art. 41, 114, 115 and 146ef."""

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

VAT = (
    rate("standard", "22", "1993-07-05", "2010-12-31"),
    rate("standard", "23", "2011-01-01"),
    rate("reduced", "7", "1993-07-05", "2010-12-31"),
    rate("reduced", "8", "2011-01-01"),
    rate("super-reduced", "3", "2000-09-04", "2010-12-31"),
    rate("super-reduced", "5", "2011-01-01"),
    rate("taxi", "3", "2004-05-01", "2010-12-31"),
    rate("taxi", "4", "2011-01-01"),
    rate("farmers", "6", "2004-05-01", "2010-12-31"),
    rate("farmers", "7", "2011-01-01"),
)

COUNTRY = Country(
    code="PL",
    title=("Poland", "Polonia"),
    names=("Polska",),
    currencies=("PLN",),
    tax_ids=(
        TaxId("NIP", r"\d{10}", by_stdnum("pl.nip")),
        TaxId("PESEL", r"\d{11}", by_stdnum("pl.pesel"), buyers_only=True),
    ),
    taxes=(TaxRule("PTU", VAT, general=True),),
    prefix="PL",
)
