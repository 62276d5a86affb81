"""Spain. IVA: Ley 37/1992, arts. 90 and 91; recargo de equivalencia: arts. 154-163; IGIC: Ley 4/2012 (Canarias)."""

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

IVA = (
    rate("standard", "15", "1993-01-01", "1994-12-31"),
    rate("standard", "16", "1995-01-01", "2010-06-30"),
    rate("standard", "18", "2010-07-01", "2012-08-31"),  # Ley 26/2009
    rate("standard", "21", "2012-09-01"),  # RDL 20/2012
    rate("reduced", "6", "1993-01-01", "1994-12-31"),
    rate("reduced", "7", "1995-01-01", "2010-06-30"),
    rate("reduced", "8", "2010-07-01", "2012-08-31"),
    rate("reduced", "10", "2012-09-01"),
    rate("super-reduced", "3", "1993-01-01", "1994-12-31"),
    rate("super-reduced", "4", "1995-01-01"),
    rate("temporary", "5", "2022-07-01", "2024-09-30"),  # energy: RDL 11/2022; oils and pasta: RDL 20/2022
    rate("temporary", "7.5", "2024-10-01", "2024-12-31"),  # RDL 4/2024
    rate("temporary", "2", "2024-10-01", "2024-12-31"),
)
RECARGO = (
    rate("standard", "4", "1995-01-01", "2012-08-31"),
    rate("standard", "5.2", "2012-09-01"),
    rate("reduced", "1", "1995-01-01", "2012-08-31"),
    rate("reduced", "1.4", "2012-09-01"),
    rate("super-reduced", "0.5", "1995-01-01"),
    rate("tobacco", "1.75", "1995-01-01"),
    rate("temporary", "0.62", "2022-07-01", "2024-09-30"),
    rate("temporary", "1", "2024-10-01", "2024-12-31"),
    rate("temporary", "0.26", "2024-10-01", "2024-12-31"),
)
IGIC = (
    rate("standard", "5", "1993-01-01", "2012-06-30"),
    rate("standard", "7", "2012-07-01", "2018-12-31"),
    rate("standard", "6.5", "2019-01-01", "2019-12-31"),
    rate("standard", "7", "2020-01-01"),
    rate("reduced", "2", "1993-01-01", "2012-06-30"),
    rate("reduced", "3", "2012-07-01"),
    rate("housing", "2.75", "2012-07-01", "2015-12-31"),
    rate("housing", "5", "2018-12-05"),
    rate("increased", "9", "1993-01-01", "2012-06-30"),
    rate("increased", "9.5", "2012-07-01"),
    rate("increased", "13", "1993-01-01", "2012-06-30"),
    rate("increased", "13.5", "2012-07-01", "2019-12-31"),
    rate("increased", "15", "2019-01-01"),
    rate("tobacco", "20", "1993-01-01"),
)
# Ley 35/2006 art. 101 and RD 439/2007 arts. 75-101; also what is kept back from non-residents (24 and 19).
IRPF = (
    rate("professionals", "15", "2000-01-01", "2012-08-31"),
    rate("professionals", "21", "2012-09-01", "2014-12-31"),
    rate("professionals", "19", "2015-01-01", "2015-07-11"),
    rate("professionals", "15", "2014-07-05"),  # until 2015 only for small incomes (RDL 8/2014)
    rate("new professionals", "7", "2000-01-01", "2012-08-31"),
    rate("new professionals", "9", "2012-09-01", "2015-07-11"),
    rate("new professionals", "7", "2015-07-12"),
    rate("rent", "18", "2007-01-01", "2009-12-31"),
    rate("rent", "19", "2010-01-01", "2011-12-31"),
    rate("rent", "21", "2012-01-01", "2014-12-31"),
    rate("rent", "20", "2015-01-01", "2015-07-11"),
    rate("rent", "19.5", "2015-07-12", "2015-12-31"),
    rate("rent", "19", "2016-01-01"),
    rate("farming", "2"),
    rate("flat-rate activities", "1"),
    rate("non-residents", "24"),
    rate("directors", "35", "2015-07-12"),
)

COUNTRY = Country(
    code="ES",
    title=("Spain", "España"),
    names=(
        "Espana",
        "Espagne",
        "Spanien",
    ),
    currencies=("EUR",),
    tax_ids=(
        TaxId("NIF", r"\d{8}[A-Z]|[XYZ]\d{7}[A-Z]|[KLM]\d{7}[0-9A-Z]", by_stdnum("es.nif"), distinctive=True),
        TaxId("CIF", r"[ABCDEFGHJNPQRSUVW]\d{7}[0-9A-J]", by_stdnum("es.nif"), distinctive=True),
    ),
    taxes=(
        TaxRule("IVA", IVA, general=True),
        TaxRule("RE", RECARGO, frozenset({"RECARGO", "RECARGO DE EQUIVALENCIA", "REQ"})),
        TaxRule("IGIC", IGIC),
        TaxRule("IPSI"),  # Ceuta and Melilla: set by their own ordinances
        TaxRule("IRPF", IRPF, frozenset({"RETENCIÓN", "RETENCION", "IRNR"}), withheld=True),
    ),
    prefix="ES",
)
