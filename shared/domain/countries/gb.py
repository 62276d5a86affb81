"""The United Kingdom. VAT: Value Added Tax Act 1994 s. 2 and sch. 7A; hospitality 2021: Finance Act 2021 s. 93."""

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

VAT = (
    rate("standard", "17.5", "1991-04-01", "2008-11-30"),
    rate("standard", "15", "2008-12-01", "2009-12-31"),
    rate("standard", "17.5", "2010-01-01", "2011-01-03"),
    rate("standard", "20", "2011-01-04"),
    rate("reduced", "5", "1997-09-01"),
    rate("temporary", "12.5", "2021-10-01", "2022-03-31"),
    rate("farmers", "4", "1993-01-01"),
)

COUNTRY = Country(
    code="GB",
    title=("United Kingdom", "Reino Unido"),
    names=("Great Britain", "UK", "England", "Gran Bretaña"),
    currencies=("GBP",),
    tax_ids=(TaxId("VAT number", r"\d{9}|\d{12}|GD\d{3}|HA\d{3}", by_stdnum("gb.vat")),),
    taxes=(TaxRule("VAT", VAT, general=True),),
    prefix="GB",
)
