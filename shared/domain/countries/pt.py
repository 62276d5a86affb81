"""Portugal, with Madeira and the Azores. IVA: CIVA art. 18; IRS kept back from the self-employed: CIRS art. 101."""

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

IVA = (
    rate("standard", "19", "2002-06-05", "2005-06-30"),
    rate("standard", "21", "2005-07-01", "2008-06-30"),
    rate("standard", "20", "2008-07-01", "2010-06-30"),
    rate("standard", "21", "2010-07-01", "2010-12-31"),  # Lei 12-A/2010
    rate("standard", "23", "2011-01-01"),  # Lei 55-A/2010
    rate("intermediate", "12", "1996-07-01", "2010-06-30"),
    rate("intermediate", "13", "2010-07-01"),
    rate("reduced", "5", "1992-03-24", "2010-06-30"),
    rate("reduced", "6", "2010-07-01"),
    rate("standard:madeira", "14", "2008-07-01", "2010-06-30"),
    rate("standard:madeira", "15", "2010-07-01", "2010-12-31"),
    rate("standard:madeira", "16", "2011-01-01", "2012-03-31"),
    rate("standard:madeira", "22", "2012-04-01"),  # Lei 14-A/2012
    rate("intermediate:madeira", "9", "2010-07-01", "2012-03-31"),
    rate("intermediate:madeira", "12", "2012-04-01"),
    rate("reduced:madeira", "4", "2010-07-01", "2012-03-31"),
    rate("reduced:madeira", "5", "2012-04-01", "2024-09-30"),
    rate("reduced:madeira", "4", "2024-10-01"),  # DLR 6/2024/M
    rate("standard:azores", "14", "2008-07-01", "2010-06-30"),
    rate("standard:azores", "15", "2010-07-01", "2010-12-31"),
    rate("standard:azores", "16", "2011-01-01", "2013-12-31"),
    rate("standard:azores", "18", "2014-01-01", "2021-06-30"),
    rate("standard:azores", "16", "2021-07-01"),  # DLR 15-A/2021/A
    rate("intermediate:azores", "9", "2010-07-01", "2013-12-31"),
    rate("intermediate:azores", "10", "2014-01-01", "2015-06-30"),
    rate("intermediate:azores", "9", "2015-07-01"),  # Lei 63-A/2015
    rate("reduced:azores", "4", "2010-07-01", "2013-12-31"),
    rate("reduced:azores", "5", "2014-01-01", "2015-06-30"),
    rate("reduced:azores", "4", "2015-07-01"),
)
IRS = (
    rate("professionals", "20", "2001-01-01", "2010-12-31"),
    rate("professionals", "21.5", "2011-01-01", "2012-12-31"),
    rate("professionals", "25", "2013-01-01", "2024-12-31"),
    rate("professionals", "23", "2025-01-01"),  # Lei 45-A/2024
    rate("authors", "16.5", "2011-01-01"),
    rate("other services", "11.5", "2011-01-01"),
    rate("rent", "25", "2013-01-01"),
    rate("rent", "28", "2013-01-01"),
    rate("high value", "20", "2010-01-01"),
)

COUNTRY = Country(
    code="PT",
    title=("Portugal", "Portugal"),
    currencies=("EUR",),
    tax_ids=(TaxId("NIF", r"\d{9}", by_stdnum("pt.nif")),),
    reserved_ids=frozenset({"999999990"}),
    taxes=(
        TaxRule("IVA", IVA, general=True),
        TaxRule("IS"),  # stamp duty: many rates
        TaxRule("IRS", IRS, frozenset({"RETENÇÃO", "RETENCAO"}), withheld=True),
    ),
    prefix="PT",
)
