"""Belgium. Btw/TVA: arrêté royal n° 20 of 20 July 1970."""

from decimal import Decimal

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

BTW = (
    rate("standard", "21", "1996-01-01"),
    rate("intermediate", "12", "1992-04-01"),
    rate("reduced", "6", "1992-04-01"),
)

COUNTRY = Country(
    code="BE",
    title=("Belgium", "Bélgica"),
    names=(
        "België",
        "Belgique",
        "Belgien",
    ),
    currencies=("EUR",),
    tax_ids=(TaxId("ondernemingsnummer", r"[01]\d{9}", by_stdnum("be.vat")),),
    taxes=(TaxRule("BTW", BTW, frozenset({"TVA"}), general=True),),
    cash_step=Decimal("0.05"),
    prefix="BE",
)
