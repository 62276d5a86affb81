"""Germany. Umsatzsteuer: UStG § 12; second half of 2020: Zweites Corona-Steuerhilfegesetz; farmers: UStG § 24."""

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

UST = (
    rate("standard", "15", "1993-01-01", "1998-03-31"),
    rate("standard", "16", "1998-04-01", "2006-12-31"),
    rate("standard", "19", "2007-01-01", "2020-06-30"),
    rate("standard", "16", "2020-07-01", "2020-12-31"),
    rate("standard", "19", "2021-01-01"),
    rate("reduced", "7", "1983-07-01", "2020-06-30"),
    rate("reduced", "5", "2020-07-01", "2020-12-31"),
    rate("reduced", "7", "2021-01-01"),
    rate("farmers", "10.7", "2007-01-01", "2021-12-31"),
    rate("farmers", "9.5", "2022-01-01", "2022-12-31"),
    rate("farmers", "9", "2023-01-01", "2024-12-31"),
    rate("farmers", "8.4", "2024-12-06", "2024-12-31"),
    rate("farmers", "7.8", "2025-01-01"),
    rate("forestry", "5.5", "2007-01-01"),
)


def _eleven(number: str) -> bool:
    """Both a regional Steuernummer, which is only a form, and a person's IdNr. have eleven digits."""
    return by_stdnum("de.stnr")(number) or by_stdnum("de.idnr")(number)


COUNTRY = Country(
    code="DE",
    title=("Germany", "Alemania"),
    names=(
        "Deutschland",
        "Allemagne",
    ),
    currencies=("EUR",),
    tax_ids=(
        TaxId("USt-IdNr.", r"\d{9}", by_stdnum("de.vat")),
        TaxId("Steuernummer", r"\d{10}", by_stdnum("de.stnr")),
        TaxId("Steuernummer oder IdNr.", r"\d{11}", _eleven),
        TaxId("Steuernummer", r"\d{13}", by_stdnum("de.stnr")),
    ),
    taxes=(TaxRule("UST", UST, frozenset({"MWST", "UMSATZSTEUER", "MEHRWERTSTEUER"}), general=True),),
    prefix="DE",
)
