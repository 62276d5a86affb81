"""Italy. IVA: DPR 633/1972 art. 16 and table A; what is kept back: DPR 600/1973 arts. 25 to 26."""

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

IVA = (
    rate("standard", "20", "1997-10-01", "2011-09-16"),
    rate("standard", "21", "2011-09-17", "2013-09-30"),  # DL 138/2011
    rate("standard", "22", "2013-10-01"),  # DL 98/2011, DL 76/2013
    rate("intermediate", "10", "1995-02-24"),
    rate("reduced", "5", "2016-01-01"),  # L 208/2015
    rate("super-reduced", "4", "1989-01-01"),
)
RITENUTA = (
    rate("professionals", "20"),
    rate("agents", "23"),
    rate("agents on half", "11.5"),
    rate("condominiums", "4", "2007-01-01"),
    rate("capital", "26", "2014-07-01"),
    rate("non-residents", "30"),
)

COUNTRY = Country(
    code="IT",
    title=("Italy", "Italia"),
    names=(
        "Italie",
        "Italien",
    ),
    currencies=("EUR",),
    tax_ids=(
        # The check digit alone: it finds every single wrong digit, while the list of issuing offices changes.
        TaxId("partita IVA", r"\d{11}", by_stdnum("luhn")),
        TaxId(
            "codice fiscale",
            r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]",
            by_stdnum("it.codicefiscale"),
            distinctive=True,
        ),
    ),
    taxes=(
        TaxRule("IVA", IVA, general=True),
        TaxRule("RITENUTA", RITENUTA, frozenset({"IRPEF", "IRES", "RA", "RITENUTA D'ACCONTO"}), withheld=True),
    ),
    prefix="IT",
)
