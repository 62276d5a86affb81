"""Mexico. IVA: LIVA arts. 1, 1-A, RLIVA art. 3; border regions by decree; ISR kept back: LISR arts. 106, 113-J, 116."""

from shared.domain.country import Country, TaxId, TaxRule, by_stdnum, rate

IVA = (
    rate("standard", "15", "1995-04-01", "2009-12-31"),
    rate("standard", "16", "2010-01-01"),
    rate("border", "10", "1995-04-01", "2009-12-31"),
    rate("border", "11", "2010-01-01", "2013-12-31"),
    rate("border", "8", "2019-01-01"),  # decree of 31 December 2018, prolonged since; south from 2021
)
IVA_WITHHELD = (
    rate("two thirds", "10.6667", "2010-01-01"),
    rate("two thirds", "10.6666", "2010-01-01"),
    rate("two thirds", "10.67", "2010-01-01"),
    rate("two thirds", "10.66", "2010-01-01"),
    rate("two thirds, border", "5.3333", "2019-01-01"),
    rate("freight", "4"),
    rate("staff", "6", "2020-01-01"),
    rate("platforms", "8", "2020-06-01"),
    rate("all of it", "16", "2010-01-01"),
)
ISR = (
    rate("professionals", "10"),
    rate("small businesses", "1.25", "2022-01-01"),
    rate("platforms", "1", "2020-06-01"),
    rate("platforms", "2.1", "2020-06-01"),
    rate("platforms", "2.5", "2026-01-01"),
    rate("platforms", "4", "2020-06-01"),
    rate("prizes", "21"),
    rate("platforms and sales", "20"),
    rate("non-residents", "25"),
    rate("directors", "35"),
)

COUNTRY = Country(
    code="MX",
    title=("Mexico", "México"),
    names=("Mexique",),
    currencies=("MXN",),
    tax_ids=(
        TaxId(
            "RFC",
            r"[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{2}[0-9A]",
            by_stdnum("mx.rfc", validate_check_digits=True),
            distinctive=True,
            exceptions=True,  # some one in a hundred in use break the published rule
        ),
    ),
    reserved_ids=frozenset({"XAXX010101000", "XEXX010101000"}),
    taxes=(
        TaxRule("IVA", IVA, general=True),
        TaxRule("IEPS"),  # by product, in percent or by the litre
        TaxRule(
            "IVA", IVA_WITHHELD, frozenset({"RVAT", "RIVA", "IVA RET", "IVA RETENIDO"}), general=True, withheld=True
        ),
        TaxRule("ISR", ISR, frozenset({"ISR RET", "ISR RETENIDO"}), withheld=True),
    ),
)
