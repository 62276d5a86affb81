"""Greece. ΦΠΑ: N. 2859/2000 (now N. 5144/2024) arts. 21 and following; five eastern islands pay 30 % less."""

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

FPA = (
    rate("standard", "19", "2005-04-01", "2010-03-14"),
    rate("standard", "21", "2010-03-15", "2010-06-30"),
    rate("standard", "23", "2010-07-01", "2016-05-31"),
    rate("standard", "24", "2016-06-01"),  # N. 4389/2016
    rate("reduced", "9", "2005-04-01", "2010-03-14"),
    rate("reduced", "10", "2010-03-15", "2010-06-30"),
    rate("reduced", "11", "2010-07-01", "2010-12-31"),
    rate("reduced", "13", "2011-01-01"),
    rate("super-reduced", "4.5", "2005-04-01", "2010-03-14"),
    rate("super-reduced", "5", "2010-03-15", "2010-06-30"),
    rate("super-reduced", "5.5", "2010-07-01", "2010-12-31"),
    rate("super-reduced", "6.5", "2011-01-01", "2015-07-19"),
    rate("super-reduced", "6", "2015-07-20"),
    rate("standard:islands", "16", "2010-07-01", "2016-05-31"),
    rate("standard:islands", "17", "2016-06-01"),
    rate("reduced:islands", "9", "2011-01-01"),
    rate("super-reduced:islands", "5", "2011-01-01", "2016-05-31"),
    rate("super-reduced:islands", "4", "2015-07-20"),
)
PARAKRATISI = (rate("professionals", "20"), rate("goods for the state", "4"), rate("services for the state", "8"))

COUNTRY = Country(
    code="GR",
    title=("Greece", "Grecia"),
    names=(
        "Ελλάδα",
        "Ελλάς",
        "Hellas",
    ),
    currencies=("EUR",),
    tax_ids=(TaxId("ΑΦΜ", r"\d{9}", by_stdnum("gr.vat")),),
    taxes=(
        TaxRule("ΦΠΑ", FPA, frozenset({"FPA"}), general=True),
        TaxRule("ΠΑΡΑΚΡΑΤΗΣΗ", PARAKRATISI, withheld=True),
    ),
    prefix="EL",
)
