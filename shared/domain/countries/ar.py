"""Argentina. IVA: Ley 23.349 (t.o. 1997) art. 28; numbers of point of sale and document: RG (AFIP) 1415/2003."""

from shared.domain.country import Country, Numbering, TaxId, TaxRule, by_stdnum, rate

IVA = (
    rate("standard", "21", "1995-04-01"),
    rate("standard", "19", "2002-11-18", "2003-01-17"),  # Decreto 2312/2002
    rate("increased", "27", "1995-04-01"),
    rate("reduced", "10.5", "1998-11-01"),
    rate("super-reduced", "5", "2009-01-01"),
    rate("super-reduced", "2.5", "2009-01-01"),
)

COUNTRY = Country(
    code="AR",
    title=("Argentina", "Argentina"),
    names=(
        "República Argentina",
        "Argentine",
    ),
    currencies=("ARS",),
    tax_ids=(
        TaxId("CUIT", r"\d{11}", by_stdnum("ar.cuit")),
        TaxId("DNI", r"\d{7,8}", buyers_only=True),
    ),
    taxes=(
        TaxRule("IVA", IVA, general=True),
        TaxRule("IIBB", aliases=frozenset({"INGRESOS BRUTOS", "PERCEPCIÓN IIBB"})),  # set by the provinces
    ),
    numbering=Numbering(r"(?:[A-Z]{1,3} ?)?\d{1,5}-\d{1,8}", "0001-00000123"),
)
