"""The sentences of the rules: what is wrong and what would satisfy them, in English and in Spanish."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "required": (
        "The {kind} needs a {name}: enter it as it is on the paper.",
        "Falta un dato ({name}) en este documento ({kind}): escríbalo como figura en el papel.",
    ),
    "number_is_plausible": (
        "No business paper has such a number: enter one below {largest} with at most {decimals} decimals.",
        "Ningún documento tiene un número así: escriba uno menor que {largest} con un máximo de {decimals} decimales.",
    ),
    "line_amount": (
        "{quantity} × {price} less a discount of {discount} makes {expected}: correct the one that was misread.",
        "{quantity} × {price} menos un descuento de {discount} son {expected}: corrija el dato mal leído.",
    ),
    "sum_of_lines": (
        "The lines add up to {expected}: add the line that is missing or correct an amount.",
        "Las líneas suman {expected}: añada la línea que falta o corrija un importe.",
    ),
    "lines_and_adjustments": (
        "The lines with their discounts and charges make {expected}: correct the one that was misread.",
        "Las líneas con sus descuentos y cargos suman {expected}: corrija el dato mal leído.",
    ),
    "base_times_rate": (
        "{rate} % of {base} is {expected}: correct the base, the rate or the amount.",
        "El {rate} % de {base} es {expected}: corrija la base, el tipo o la cuota.",
    ),
    "sum_of_taxes": (
        "The taxes by rate add up to {expected}: add the missing one or correct an amount.",
        "Los impuestos por tipo suman {expected}: añada el que falta o corrija un importe.",
    ),
    "sum_of_withheld": (
        "What is withheld by rate adds up to {expected}: add the missing row or correct an amount.",
        "Las retenciones por tipo suman {expected}: añada la que falta o corrija un importe.",
    ),
    "net_plus_tax": (
        "Net {net} and tax {tax} make {expected}{more}: correct the one that was misread.",
        "La base {net} y los impuestos {tax} suman {expected}{more}: corrija el dato mal leído.",
    ),
    "due_amount": (
        "Total {total} less {prepaid} already paid leaves {expected}: correct the one that was misread.",
        "El total {total} menos lo ya pagado, {prepaid}, deja {expected}: corrija el dato mal leído.",
    ),
    "balances_meet": (
        "The opening balance and the movements make {expected}: add the missing movement or correct one.",
        "El saldo inicial y los movimientos dan {expected}: añada el movimiento que falta o corrija uno.",
    ),
    "due_after_issue": (
        "It is due before it was issued on {issued}: correct one of the dates.",
        "Vence antes de su emisión, el {issued}: corrija una de las fechas.",
    ),
    "due_within_a_year": (
        "It is due more than a year after its issue on {issued}: check both dates.",
        "Vence más de un año después de su emisión, el {issued}: revise ambas fechas.",
    ),
    "not_in_the_future": (
        "This day is after {today}: enter the date that is on the paper.",
        "Este día es posterior al {today}: escriba la fecha que figura en el papel.",
    ),
    "date_is_plausible": (
        "No business paper is expected from before {earliest}: check the year.",
        "No se espera un documento anterior al {earliest}: revise el año.",
    ),
    "closing_after_opening": (
        "The statement closes before it opens on {opening}: correct one of the dates.",
        "El extracto se cierra antes de abrirse, el {opening}: corrija una de las fechas.",
    ),
    "movement_in_period": (
        "This movement is more than a year away from the statement, which ends on {closing}: check the year.",
        "Este movimiento dista más de un año del extracto, que acaba el {closing}: revise el año.",
    ),
    "iso_4217": (
        "This is no currency of ISO 4217: use three capital letters such as EUR.",
        "No es una moneda de la norma ISO 4217: use tres mayúsculas, por ejemplo EUR.",
    ),
    "currency_of_country": (
        "{country} pays in {expected}: enter that currency or another one that is on the paper.",
        "En {country} se paga en {expected}: escriba esa moneda u otra que figure en el papel.",
    ),
    "iban_check_digits": (
        "The check digits or the length of this IBAN are wrong: compare it with the paper.",
        "Los dígitos de control o la longitud de este IBAN no son correctos: compárelo con el papel.",
    ),
    "tax_id_check_digit": (
        "The check digit of this {kind} ({country}) is wrong: compare it with the paper.",
        "El dígito de control de este {kind} ({country}) no es correcto: compárelo con el papel.",
    ),
    "tax_id_form": (
        "This is no tax number of {country}, which knows {kind}: compare it with the paper.",
        "No es un número fiscal de {country}, donde existe {kind}: compárelo con el papel.",
    ),
    "rate_in_force": (
        "{country} had no {tax} of {rate} % on {day}; in force were {expected} %: correct the rate or the date.",
        "En {country} no había {tax} del {rate} % el {day}; regían {expected} %: corrija el tipo o la fecha.",
    ),
    "document_number": (
        "The law of {country} writes this number like {example}: compare it with the paper.",
        "La ley de {country} escribe este número como {example}: compárelo con el papel.",
    ),
}
