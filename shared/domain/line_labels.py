"""What the columns of an invoice's lines are called, in the languages of Western Europe. On `folded` text."""

from __future__ import annotations

import re


def _label(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Z])(?:{'|'.join(alternatives)})")


COLUMNS: dict[str, re.Pattern[str]] = {
    "description": _label(
        r"DESCRIP|DESCRIZ|DESCRIC|CONCEPTO|DETALLE|ARTI[CK]|PRODUC|PRODUKT|BEZEICHNUNG|BESCHREIBUNG|LEISTUNG|DESIGNATION",
        r"ITEM|OMSCHRIJVING|TITLE|SERVICE|ARTIGO",
    ),
    "quantity": _label(
        r"QTY|QUANT|CANT(?![A-Z]{5})|MENGE|ANZAHL|QTE|NOMBRE|AANTAL|HOEVEELHEID|UDS|UNIDADES|PCS|HOURS|HORAS|AMOUNT(?=\W+PRODUCT)"
    ),
    "unit_price": _label(
        r"(?:UNIT|NET|NETTO|EINZEL|STUCK)?\W?(?:PRICE|PRECIO|PREIS|PRIX|PRIJS|PREZZO|PRECO)|RATE|TARIFA|P\.?U\.|U/P|EINZEL|V\.?K"
    ),
    "discount": _label(r"DISC|DTO|DESCUENTO|RABATT|REM\.|REMISE|SCONTO|KORTING|DESCONTO"),
    "tax_rate": _label(r"VAT|I\.?V\.?A|MWST|UST|T\.?V\.?A|BTW|TAX|STEUER|GST|IMPUESTO"),
    "amount": _label(
        r"AMOUNT|IMPORTE|TOTAL|(?:ZEILEN|NETTO|GESAMT)?BETRAG|SUMME|GESAMT|MONTANT|BEDRAG|VALOR|NETTOWERT|ENTGELT|LINE\W?TOTAL"
    ),
}
