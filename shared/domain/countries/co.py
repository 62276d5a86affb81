"""Colombia. IVA: Estatuto Tributario arts. 468, 468-1 (Ley 1819 de 2016); consumption tax: arts. 512-1 and on."""

from decimal import Decimal

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

IVA = (
    rate("standard", "16", "2001-01-01", "2016-12-31"),
    rate("standard", "19", "2017-01-01"),
    rate("reduced", "10", "2003-01-01", "2012-12-31"),
    rate("reduced", "5", "2013-01-01"),  # Ley 1607 de 2012
)
INC = (rate("restaurants", "8", "2013-01-01"), rate("telephones", "4", "2013-01-01"), rate("cars", "16", "2013-01-01"))
RETEIVA = (
    rate("standard", "50", "2003-01-01", "2012-12-31"),
    rate("standard", "15", "2013-01-01"),
    rate("all of it", "100"),
)
_NIT = by_stdnum("co.nit")

COUNTRY = Country(
    code="CO",
    title=("Colombia", "Colombia"),
    names=("Colombie",),
    currencies=("COP",),
    tax_ids=(
        TaxId("NIT", r"[89]\d{9}", _NIT),
        TaxId("NIT", r"[1-7]\d{8}|1\d{10}", _NIT),
        TaxId("NIT sin dígito de verificación", r"[89]\d{8}"),
        TaxId("cédula", r"\d{6,8}|1\d{9}", buyers_only=True),
    ),
    reserved_ids=frozenset({"222222222222", "444444444000"}),
    taxes=(
        TaxRule("IVA", IVA, general=True),
        TaxRule("INC", INC, frozenset({"IPOCONSUMO", "IMPOCONSUMO", "CONSUMO"})),
        TaxRule("RETEIVA", RETEIVA, frozenset({"RTE IVA"}), withheld=True),
        TaxRule("RETEFUENTE", aliases=frozenset({"RETENCIÓN EN LA FUENTE", "RENTA"}), withheld=True),  # many tables
        TaxRule("RETEICA", aliases=frozenset({"ICA"}), withheld=True),  # by municipality, per thousand
    ),
    often_whole=True,
    cash_step=Decimal(50),
)
