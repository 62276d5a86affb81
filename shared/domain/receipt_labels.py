"""What the lines of a receipt call their amounts. Matched on `folded` text: capitals without accents, blanks optional.

A reader of pictures drops blanks and takes O for 0 and L for I, so the patterns allow both.
"""

from __future__ import annotations

import re


def _label(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Z])(?:{'|'.join(alternatives)})")


_TOTAL = r"(?:[TI7][O0Q]TA[L1I!][EA]?|T[O0]TAAL|TTL|JUMLAH|GESAMT(?:SUMME|BETRAG)?|SUMME)"
_TAXES = r"(?:GST|VAT|SST|TAX(?:ES)?|IVA|IGV|MWST|UST|TVA|BTW|IMPUESTOS?)"
_SERVICE = r"(?:SERVICE|SERV|SVC|SERVICIO|PROPINA|TIP)"

# Not the total, whatever else the line says.
NO_TOTAL = re.compile(
    rf"SUB\W*{_TOTAL}|(?:DISCOUNT|SAVINGS?|{_TAXES}|ROUNDING|QTY|ITEMS?|POINTS?)\W*{_TOTAL}"
    rf"|(?<![A-Z])(?:INCLUDED|INCL\.?)?\s*(?:IN|OF)\s+{_TOTAL}|{_TOTAL}\W*INCLUDES"
    rf"|{_TOTAL}\W*(?:AMOUNT|SALES?|AMT|BILL)?\W*(?:N[O0]\b|NUMBER|QTY|QUAN|ITEM|UNITS?\b|PCS|PIECES|PAX|COUNT|DISC|SAV"
    rf"|{_TAXES}(?!\W*INC(?!LUDED))|EXC|EX\b|BEFORE|W/?O\b|WITHOUT|NET(?:T?O|TE)?\b|HT\b|HORS|SIN\b|POINT|PUNTOS|CHANGE|CASH|ROUND(?!ED)"
    rf"|COLLECTED|PAID|TENDER|OUTSTANDING|LITRE|ARTIC|UDS|UNID|STK|HEAD)"
    rf"|{_TOTAL}\W*\d+(?:[.,]\d+)?\s*%(?!.*INC)"
)
FINAL = _label(
    rf"(?:GRAND|NET{{1,2}}|ROUNDED|FINAL|NET\W*SALES?)\W*{_TOTAL}",
    rf"{_TOTAL}\W*(?:AMOUNT|AMT|BILL|SALES?)?\W*(?:PAYABLE|DUE|TO\s*PAY|ROUNDED|AFTER|TTC|NETT\b|A\s*PAGAR|A\s*PAYER)",
    r"(?:NET{1,2}\W*)?(?:AMOUNT|AMT|BALANCE)\W*(?:DUE|PAYABLE)",
    r"TO\s*PAY\b|ZU\s*ZAHLEN|ZAHLBETRAG|ENDBETRAG|TE\s*BETALEN|(?:IMPORTE|LIQUIDO|NETO)\s*A\s*PAGAR|NET\s*A\s*PAYER",
)
INCLUSIVE = _label(rf"{_TOTAL}[^\d]{{0,24}}?INC", rf"{_TOTAL}\W*(?:CON|WITH|MIT)\W*{_TAXES}", r"IMPORTE\s*TOTAL|NETT\b")
PLAIN = _label(_TOTAL)
WEAK = _label(r"IMPORTE\b", r"(?:BILL|INVOICE|SALES?)\s*(?:AMOUNT|AMT)\b", r"AMOUNT\b", r"MONTANT\b", r"BETRAG\b")
SUBTOTAL = _label(
    rf"SUB\W*{_TOTAL}",
    rf"{_TOTAL}[^\d]{{0,20}}?(?:EXC|BEFORE|W/?O\b|WITHOUT|HT\b|HORS|SIN\b)",
    r"BASE\s*(?:IMPONIBLE)?\b|NET(?:T?O|TE)?\b|ZWISCHENSUMME|SOUS\W*TOTAL",
)
TAX = _label(rf"(?:{_TOTAL}\W*)?{_TAXES}")
SERVICE = _label(rf"{_SERVICE}\W*(?:CHARGE|CHG|TAX)?")
ROUNDING = _label(
    r"(?:BILL\W*)?R[O0]UND(?:ING|ED)?\W*(?:ADJ|OFF|AMT|AMOUNT|\b)", r"REDONDEO|RUNDUNG|ARRONDI|PEMBUNDARAN"
)
PAID = _label(
    r"CASH(?!IER|\W*(?:BILL|SALES?|INV|REC(?!EIVED)))",
    r"VISA|MASTER(?:\W*CARD)?|DEBIT|CREDIT|AMEX|MAESTRO|CARD\b|E\W?WALLET|CHEQUE",
    r"(?:AMOUNT\W*)?(?:PAID|TENDER(?:ED)?|RECEIVED)|PAYMENT\b|TUNAI",
    r"EFECTIVO|ENTREGADO|ENTREGA\b|TARJETA|RECIBIDO|PAGADO|METALICO|ESPECES?|CARTE\b|BAR\b|GEGEBEN|KONTANT|CONTANT",
)
CHANGE = _label(
    r"(?:CASH\W*)?CHANGE|(?<!SVC )(?<!SERVICE )(?<!SERV )CHG\b",
    r"CAMBIO|VUELTO|CAMBI\b|DEVOLU|RENDU|(?:RUCK|WECHSEL)GELD|WISSELGELD|TROCO|BAKI\b",
)
TAX_TABLE = re.compile(
    rf"(?<![A-Z]){_TAXES}\W*(?:SUMMARY|ANALYSIS|BREAKDOWN|DETAILS?|CODE|RESUMEN)|(?:RESUMEN|DESGLOSE)\W*(?:DE\W*)?{_TAXES}"
)
