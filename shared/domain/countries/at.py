"""Austria. Umsatzsteuer: UStG 1994 § 10; five percent of July 2020 to 2021: BGBl. I 60/2020."""

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

UST = (
    rate("standard", "20", "1984-01-01"),
    rate("standard:jungholz", "19", "1994-01-01"),
    rate("intermediate", "12", "1994-01-01", "2015-12-31"),
    rate("intermediate", "13", "2016-01-01"),
    rate("reduced", "10", "1984-01-01"),
    rate("temporary", "5", "2020-07-01", "2021-12-31"),
)

COUNTRY = Country(
    code="AT",
    title=("Austria", "Austria"),
    names=(
        "Österreich",
        "Autriche",
    ),
    currencies=("EUR",),
    tax_ids=(TaxId("UID", r"U\d{8}", by_stdnum("at.uid"), distinctive=True),),
    taxes=(TaxRule("UST", UST, frozenset({"MWST", "UMSATZSTEUER", "MEHRWERTSTEUER"}), general=True),),
    prefix="AT",
)
