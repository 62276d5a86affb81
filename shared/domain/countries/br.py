"""Brazil: tax numbers and currency. Its taxes differ by state, municipality and product: none is checked."""

from shared.domain.country import Country, TaxId, by_stdnum

COUNTRY = Country(
    code="BR",
    title=("Brazil", "Brasil"),
    names=("Brésil",),
    currencies=("BRL",),
    tax_ids=(
        TaxId("CNPJ", r"[0-9A-Z]{12}\d{2}", by_stdnum("br.cnpj")),
        TaxId("CPF", r"\d{11}", by_stdnum("br.cpf")),
    ),
)
