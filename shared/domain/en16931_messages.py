"""The sentences of EN 16931's rules: what is wrong and what would satisfy them, in English and in Spanish."""

from __future__ import annotations

from shared.domain.findings import Finding

MESSAGES: dict[str, tuple[str, str]] = {
    "missing": (
        "The invoice has no {called}: write it into the data.",
        "A la factura le falta un dato ({called}): escríbalo en los datos.",
    ),
    "no_lines": (
        "The invoice has no lines: there has to be one at least.",
        "La factura no tiene líneas: debe haber al menos una.",
    ),
    "missing_in_line": (
        "Line {line} has no {called}: write it in.",
        "A la línea {line} le falta un dato ({called}): escríbalo.",
    ),
    "negative_price": (
        "The price of an item is never below nothing: make the quantity negative instead.",
        "El precio de un artículo nunca es negativo: ponga negativa la cantidad.",
    ),
    "no_guideline": (
        "The data name no guideline: name the one they follow.",
        "Los datos no nombran ninguna norma: nombre la que siguen.",
    ),
    "unknown_guideline": (
        "No guideline of this name is known: name the profile as its standard does, such as {example}.",
        "No se conoce ninguna norma con este nombre: nombre el perfil como lo hace su estándar, por ejemplo {example}.",
    ),
    "no_type_code": (
        "The kind of paper is missing: 380 is an invoice, 381 a credit note.",
        "Falta la clase de documento: 380 es una factura, 381 un abono.",
    ),
    "type_code": (
        "This is no kind of invoice of UNTDID 1001: 380 is an invoice, 381 a credit note.",
        "No es una clase de factura de UNTDID 1001: 380 es una factura, 381 un abono.",
    ),
    "currency": (
        "This is no currency of ISO 4217: use three capital letters such as EUR.",
        "No es una moneda de ISO 4217: use tres letras mayúsculas, como EUR.",
    ),
    "country": (
        "This is no country of ISO 3166: use two capital letters such as DE.",
        "No es un país de ISO 3166: use dos letras mayúsculas, como DE.",
    ),
    "no_category": (
        "This row of the taxes has no category: S is the usual one.",
        "Esta fila de impuestos no tiene categoría: la habitual es S.",
    ),
    "category": (
        "This is no category of VAT: one of {known} is.",
        "No es una categoría de IVA: lo son {known}.",
    ),
    "standard_rate": (
        "The standard category S has a rate above nothing: write it, or use Z or E.",
        "La categoría general S lleva un tipo mayor que cero: escríbalo, o use Z o E.",
    ),
    "untaxed": (
        "Category {category} has no tax: its rate and its amount are 0.",
        "La categoría {category} no lleva impuesto: su tipo y su cuota son 0.",
    ),
    "seller_number": (
        "Category {category} needs the VAT number of the seller, or of who represents it.{hint}",
        "La categoría {category} requiere el NIF-IVA del vendedor o de su representante.{hint}",
    ),
    "buyer_number": (
        "Category {category} needs the VAT number of the buyer.",
        "La categoría {category} requiere el NIF-IVA del comprador.",
    ),
    "number_prefix": (
        "A VAT number begins with the two letters of its country, such as DE.",
        "Un NIF-IVA empieza con las dos letras de su país, como DE.",
    ),
    "sum_of_lines": (
        "The lines make {expected}: correct the sum, or the line that is wrong.",
        "Las líneas suman {expected}: corrija la suma o la línea equivocada.",
    ),
    "line_amount": (
        "{quantity} times {price} makes {expected}: correct the one that is wrong.",
        "{quantity} por {price} son {expected}: corrija el dato equivocado.",
    ),
    "sum_of_adjustments": (
        "The {called} on the whole invoice make {expected}: correct their sum, or the one that is missing.",
        "Los {called} sobre toda la factura suman {expected}: corrija la suma o añada el que falta.",
    ),
    "net": (
        "The lines, less allowances and with charges, make {expected}: correct the one that is wrong.",
        "Las líneas, menos descuentos y más recargos, suman {expected}: corrija el dato equivocado.",
    ),
    "no_taxes": (
        "There is no row for the VAT: one for every category and rate is needed.",
        "No hay filas de IVA: hace falta una por cada categoría y tipo.",
    ),
    "sum_of_taxes": (
        "The rows of the taxes make {expected}: correct their sum, or the row that is wrong.",
        "Las filas de impuestos suman {expected}: corrija la suma o la fila equivocada.",
    ),
    "base_times_rate": (
        "{rate} % of {base} makes {expected}: correct the one that is wrong.",
        "El {rate} % de {base} es {expected}: corrija el dato equivocado.",
    ),
    "sum_of_bases": (
        "The bases of the rates make {expected} and the total without VAT is {net}: correct the one that is wrong.",
        "Las bases de los tipos suman {expected} y el total sin IVA es {net}: corrija el dato equivocado.",
    ),
    "base_of_lines": (
        "The lines with {rate} % make {expected}: correct the base, or the line that is wrong.",
        "Las líneas al {rate} % suman {expected}: corrija la base o la línea equivocada.",
    ),
    "total": (
        "Net {net} and tax {tax} make {expected}: correct the one that is wrong.",
        "La base {net} y los impuestos {tax} suman {expected}: corrija el dato equivocado.",
    ),
    "due": (
        "The total less what is paid already makes {expected}: correct the one that is wrong.",
        "El total menos lo ya pagado son {expected}: corrija el dato equivocado.",
    ),
    "below_zero": (
        "An invoice (380) over less than nothing is a credit note: use kind 381 and turn its amounts positive.",
        "Una factura (380) por menos de cero es un abono: use la clase 381 y ponga positivos sus importes.",
    ),
    "price_discount": (
        "The discount of a price has an amount and no {called} in this profile: take it out, or use EXTENDED.",
        "El descuento de un precio lleva importe y no {called} en este perfil: quítelo, o use EXTENDED.",
    ),
    "beyond_basic": (
        "Profile BASIC has no place for {called}: take it out, or use profile EN 16931.",
        "El perfil BASIC no tiene sitio para {called}: quítelo, o use el perfil EN 16931.",
    ),
}


def en16931_finding(field: str, value: object, rule: str, message: str, **values: object) -> Finding:
    """A finding with a sentence of `MESSAGES`; values given as pairs have a word for each language."""
    english, spanish = (
        sentence.format(**{name: each[language] if isinstance(each, tuple) else each for name, each in values.items()})
        for language, sentence in enumerate(MESSAGES[message])
    )
    return Finding(field, "" if value is None else str(value), rule, english, spanish)
