"""France, with Corsica and the overseas departments. TVA: CGI arts. 278 to 281 nonies, 294 to 297."""

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

TVA = (
    rate("standard", "19.6", "2000-04-01", "2013-12-31"),
    rate("standard", "20", "2014-01-01"),  # loi 2012-1510
    rate("intermediate", "7", "2012-01-01", "2013-12-31"),
    rate("intermediate", "10", "2014-01-01"),
    rate("reduced", "5.5", "1982-07-01"),
    rate("super-reduced", "2.1", "1989-01-01"),
    rate("super-reduced:corsica", "0.9", "1989-01-01"),
    rate("standard:corsica", "8", "1989-01-01", "2013-12-31"),
    rate("standard:corsica", "13", "2014-01-01"),
    rate("standard:overseas", "8.5", "1995-01-01"),
    rate("super-reduced:overseas", "1.05", "1989-01-01"),
    rate("super-reduced:overseas", "1.75", "1989-01-01"),
)

COUNTRY = Country(
    code="FR",
    title=("France", "Francia"),
    names=("Frankreich",),
    currencies=("EUR",),
    tax_ids=(
        TaxId("numéro de TVA", r"[0-9A-HJ-NP-Z]{2}\d{9}", by_stdnum("fr.tva")),
        TaxId("SIREN", r"\d{9}", by_stdnum("fr.siren")),
        TaxId("SIRET", r"\d{14}", by_stdnum("fr.siret")),
    ),
    taxes=(TaxRule("TVA", TVA, general=True),),
    prefix="FR",
)
