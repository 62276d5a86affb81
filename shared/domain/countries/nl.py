"""The Netherlands. Btw: Wet op de omzetbelasting 1968 art. 9."""

from decimal import Decimal

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

BTW = (
    rate("standard", "19", "2001-01-01", "2012-09-30"),
    rate("standard", "21", "2012-10-01"),
    rate("reduced", "6", "1986-10-01", "2018-12-31"),
    rate("reduced", "9", "2019-01-01"),
    rate("farmers", "5.4", "2012-10-01", "2017-12-31"),
)

COUNTRY = Country(
    code="NL",
    title=("the Netherlands", "Países Bajos"),
    names=(
        "Nederland",
        "Netherlands",
        "Niederlande",
    ),
    currencies=("EUR",),
    tax_ids=(TaxId("btw-id", r"\d{9}B\d{2}", by_stdnum("nl.btw"), distinctive=True),),
    taxes=(TaxRule("BTW", BTW, general=True),),
    cash_step=Decimal("0.05"),
    prefix="NL",
)
