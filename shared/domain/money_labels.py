"""What invoices call their amounts, in the languages of Western Europe. Matched on `folded` text: capitals, no accents.

Blanks are optional, for a reader of pictures drops them. A label that fits two roles has the first of `ROLES`.
"""

from __future__ import annotations

import re

TAX_NAME = (
    r"(?:I\.?V\.?A\.?|I\.?G\.?I\.?C\.?|I\.?G\.?V\.?|VAT|GST|HST|SST|(?:SALES\s?)?TAX(?:ES)?|MWST\.?|U\.?ST\.?|T\.?V\.?A\.?"
    r"|B\.?T\.?W\.?|(?:UMSATZ|MEHRWERT|VERSICHERUNGS?)STEUER|STEUERN?|IMPUESTOS?|TAXES|IMPOSTA|IMPOSTOS?)"
)
_NOT_ID = r"(?!\W{0,3}(?:ID|IDENT|NR|NO\b|N[O°º]|NUM|REG|CODE|INTRA|CLIENT|SATZ|RATE|%|EXEMPT))"
_TOTAL = r"(?:TOTAL[EI]?|TOTAAL|GESAMT(?:BETRAG|SUMME|PREIS)?|SUMME)"
WITHOUT = (
    r"(?:H\.?T\.?(?![A-Z])|HORS|EXCL?|EXKL|SIN\W|SEM\W|NET(?:T?O|TE)?(?![A-Z])|BEFORE|W/O|OHNE|IMPONIB|PARCIAL"
    r"|ILIQUIDO)"
)
_WITH = r"(?:T\.?T\.?C\.?(?![A-Z])|INCL?|INKL|CON\W|COM\W|BRUTTO|IVA\W*INCL|MIT\W)"

# (role, how sure the label makes the amount, pattern)
_TABLE: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("charges", 0.8, (r"GESAMTBETRAG\W*DER\W*ZUSCHLAGE", r"TOTAL\W*(?:CHARGES|CARGOS|RECARGOS)")),
    ("discounts", 0.8, (r"GESAMTBETRAG\W*DER\W*ABSCHLAGE", r"TOTAL\W*(?:DISCOUNTS?|ALLOWANCES?|DESCUENTOS?|REMISES?)")),
    (
        "prepaid",
        0.8,
        (
            r"(?:ERHALTENE|GELEISTETE)\W*ANZAHLUNG(?:EN)?|BEREITS\W*(?:BE|GE)ZAHLT|ABZUGLICH\W*ANZAHLUNG",
            r"(?:AMOUNT|ALREADY)\W*PAID|PRE\W?PAID|PAYMENTS?\W*RECEIVED|DEPOSIT\W*(?:PAID|RECEIVED)|LESS\W*(?:PAYMENT|DEPOSIT)",
            r"ACOMPTES?(?:\W*VERSES?)?|DEJA\W*(?:REGLE|PAYE|VERSE)|ANTICIPOS?|ENTREGAS?\W*A\W*CUENTA|PAGADO\W*A\W*CUENTA",
            r"ACCONT[OI]|ADIANTAMENTOS?|(?:VOORUIT|REEDS|AAN)\W*BETA(?:ALD|LING)",
        ),
    ),
    (
        "due",
        0.75,
        (
            r"ZAHLBETRAG|OFFENER\W*(?:BETRAG|RESTBETRAG|SALDO)|RESTBETRAG|ZU\W*ZAHLEN(?:DER\W*BETRAG)?|UBERWEISUNGSBETRAG",
            r"(?:TOTAL\W*)?(?:AMOUNT|BALANCE|TOTAL)\W*(?:DUE|PAYABLE|OUTSTANDING)|DUE\W*PAYABLE|PAYABLE\W*AMOUNT|AMOUNT\W*TO\W*PAY",
            r"(?:SOLDE|NET|RESTE|SOMME|MONTANT|TOTAL)\W*A\W*PAYER|(?:NOG\W*)?TE\W*BETALEN|TOTAAL\W*TE\W*BETALEN",
            r"(?:TOTAL|IMPORTE|LIQUIDO|SALDO|VALOR|NETO)\W*A\W*(?:PAGAR|INGRESAR|PERCIBIR)|(?:TOTALE|NETTO)\W*(?:A|DA)\W*PAGARE",
            r"PENDIENTE\W*DE\W*PAGO|SALDO\W*PENDIENTE|RESIDUAL|REMAINING\W*(?:AMOUNT|BALANCE)",
        ),
    ),
    (
        "rounding",
        0.8,
        (r"ROUNDING(?:\W*(?:ADJ\w*|OFF|AMOUNT))?|REDONDEO|RUNDUNG|ARRONDI|AFRONDING|ARREDONDAMENTO|ARROTONDAMENTO",),
    ),
    (
        "withheld",
        0.8,
        (r"RETENCION(?:ES)?|(?<![A-Z.])I\.?R\.?P\.?F\.?|RITENUTA|RETENCAO|WITHH(?:ELD|OLDING)(?:\W*TAX)?",),
    ),
    (
        "line_total",
        0.8,
        (
            r"POSITIONSSUMME|SUMME\W*(?:DER\W*)?POSITIONEN|LINES?\W*TOTAL|TOTAL\W*(?:OF\W*)?(?:LINES|LINEAS|LIGNES|BRUTO)",
            r"IMPORTE\W*BRUTO|GOODS\W*TOTAL|WARENWERT",
        ),
    ),
    (
        "net",
        0.8,
        (
            rf"RECHNUNGS(?:SUMME|BETRAG)\W*{WITHOUT}|NETTO(?:BETRAG|SUMME|GESAMT(?:BETRAG)?|WERT)|(?:{_TOTAL}|GESAMT)\W*NETTO",
            rf"{_TOTAL}\W*{WITHOUT}(?:\W*(?:{TAX_NAME}))?|MONTANT\W*(?:TOTAL\W*)?(?:EUR\W*)?(?:H\.?T(?![A-Z])|HORS)",
            r"NET\W*(?:TOTAL|AMOUNT|VALUE)|TAXABLE\W*(?:AMOUNT|BASE|VALUE|SUPPL\w+)|TAX\W*BASE|(?:TOTAL\W*)?BASE\W*IMPONIBLE",
            r"IMPORTE\W*NETO|SUMA\W*DE\W*BASES|(?:TOTALE\W*)?IMPONIBILE|(?:TOTAAL\W*)?EXCL(?:USIEF|USIVE|\.)?\W*(?:BTW|VAT|TAX)",
            r"VALOR\W*ILIQUIDO|BASE\W*TRIBUTAVEL|EXCLUDING\W*(?:VAT|TAX)",
        ),
    ),
    (
        "total",
        0.8,
        (
            rf"RECHNUNGS(?:SUMME|BETRAG|BEITRAG)(?:\W*BRUTTO)?|BRUTTO(?:SUMME|BETRAG)|END(?:BETRAG|SUMME)|{_TOTAL}\W*{_WITH}",
            r"GRAND\W*TOTAL|(?:INVOICE|BILL)\W*TOTAL|TOTAL\W*(?:AMOUNT|PRICE|(?:FOR\W*)?(?:THIS\W*)?INVOICE)|INCL(?:UDING|\.)\W*VAT",
            r"TOTAL\W*(?:DE\W*)?(?:LA\W*)?(?:FACTURA|FACTURE|GENERAL|FATURA|DOCUMENTO)|TOTALE\W*(?:FATTURA|DOCUMENTO)",
            r"IMPORTE\W*TOTAL|MONTANT\W*(?:TOTAL\W*)?(?:EUR\W*)?T\.?T\.?C|FACTUUR\W*TOTAAL|(?:GESAMT|ZAHL)BETRAG|GESAMTSUMME",
        ),
    ),
    (
        "tax",
        0.8,
        (
            rf"STEUERBETRAG|{_TOTAL}\W*(?:DES\W*|DE\W*)?{TAX_NAME}{_NOT_ID}|{TAX_NAME}\W*(?:{_TOTAL}|AMOUNT|BETRAG|BEDRAG|COLLECTEE)",
            rf"CUOTA(?:\W*(?:DE\W*)?{TAX_NAME})?|IMPORTE\W*(?:DE\W*)?{TAX_NAME}|MONTANT\W*(?:DE\W*LA\W*)?T\.?V\.?A",
        ),
    ),
    (
        "subtotal",
        0.6,
        (
            r"SUB\W?TOTA[LA]L?|GESAMTBEITRAG|ZWISCHENSUMME|SOUS\W?TOTAL|SUBTOTALE",
            r"(?<![A-Z])(?:BASE|NETO|NETTO)(?![A-Z])",
        ),
    ),
    (
        "discounts",
        0.5,
        (r"DISCOUNT|DESCUENTO|DTO\b|RABATT|REMISE|SCONTO|DESCONTO|KORTING|(?:SONDER)?NACHLASS|ABSCHLAG|SKONTO",),
    ),
    (
        "charges",
        0.5,
        (r"VERSANDKOSTEN|ZUSCHLAG|SHIPPING|FREIGHT|PORTES|GASTOS\W*DE\W*ENVIO|FRAIS\W*DE\W*PORT|VERZENDKOSTEN",),
    ),
    ("tax", 0.6, (rf"{TAX_NAME}{_NOT_ID}",)),
    ("total", 0.6, (rf"{_TOTAL}(?!\W*(?:PCS|PIECES|QTY|QUANT|UNITS|UNIDADES|STUCK))",)),
)
ROLES: tuple[tuple[str, float, re.Pattern[str]], ...] = tuple(
    (role, sure, re.compile(rf"(?<![A-Z])(?:{'|'.join(patterns)})(?![A-Z]{{3}})")) for role, sure, patterns in _TABLE
)
