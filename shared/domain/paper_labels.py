"""What business papers call their fields in Spanish, English, German, French and Dutch; the surest labels first."""

from __future__ import annotations

import re


def _label(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(alternatives)})(?![^\W\d_])", re.IGNORECASE)


_NO = r"(?:n[ºo°]s?\.?|n\.º|núm(?:ero)?\.?|numero|numéro|num\.?|number|nr\.?|no\.?|id|#)"

NUMBER = [
    _label(
        rf"{_NO}\s*(?:de\s+)?(?:la\s+)?(?:factura|fra\.?|recibo|ticket|facture|invoice)\s*(?:simplificada)?",
        rf"(?:factura(?:\s+simplificada)?|fra\.?|recibo|ticket)\s*{_NO}",
        rf"(?:tax\s+)?(?:invoice|receipt|bill)\s*{_NO}",
        r"rechnungs?-?\s?(?:nummer|nr\.?)|rechnung\s+nr\.?|beleg-?(?:nummer|nr\.?)|re\.?-nr\.?",
        rf"facture\s*{_NO}",
        r"factuur\s?nummer|factuurnr\.?",
    ),
    _label(r"(?:invoice|factura|facture|rechnung|factuur)(?=\s*[:#]|\s+[A-Z]{0,6}[-/]?\d)"),
]
ISSUE_DATE = [
    _label(
        r"fecha\s+(?:de\s+)?(?:la\s+)?(?:factura|emisi[óo]n|expedici[óo]n)",
        r"(?:invoice|issue|issued|billing|receipt)\s+date|date\s+of\s+issue|date\s+issued|issued\s+on",
        r"rechnungsdatum|belegdatum|ausstellungsdatum",
        r"date\s+(?:de\s+)?(?:la\s+)?(?:facture|facturation)|date\s+d['’]émission",
        r"factuur\s?datum",
    ),
    _label(r"(?<!due )(?<!delivery )(?<!order )(?<!delv. )(?<!coll. )(?:fecha|date|datum)(?=\s*:|\s*$|\s+\d)"),
    _label(r"(?:facture|factura|rechnung|invoice)[^\n]{1,30}?\s(?:du|del|de fecha|vom|of|dated)"),
]
DUE_DATE = [
    _label(
        r"(?:fecha\s+(?:de\s+)?)?vencimiento|fecha\s+l[íi]mite(?:\s+de\s+pago)?|pagar\s+antes\s+del?",
        r"(?:payment\s+)?due\s+(?:date|on|by)|payable\s+(?:on\s+or\s+before|by)|pay\s+by|payment\s+due",
        r"f[äa]llig(?:keits(?:datum)?|keit)?(?:\s+(?:am|bis))?|zahlbar\s+bis(?:\s+zum)?|zahlungsziel",
        r"(?:date\s+d['’])?échéance|date\s+limite\s+de\s+paiement(?:\s+le)?|à\s+payer\s+avant\s+le",
        r"verval\s?datum",
    )
]
TOTAL = [
    _label(
        r"total\s+(?:a\s+pagar|(?:de\s+la\s+)?factura|general|con\s+(?:iva|impuestos)|iva\s+incl\w*)|importe\s+total",
        r"total\s+a\s+ingresar|l[íi]quido\s+a\s+(?:pagar|percibir)",
        r"grand\s+total",
        r"total\s+(?:due|payable|amount(?:\s+due)?|incl[\w.]*(?:\s+(?:vat|tax))?)|amount\s+due|balance\s+due",
        r"(?:invoice|bill)\s+total|total\s+price|amount\s+payable",
        r"gesamtbetrag|rechnungsbetrag|bruttobetrag|bruttosumme|endbetrag|zahlbetrag|rechnungssumme|gesamtsumme\s+brutto",
        r"total\s+(?:de\s+la\s+)?(?:facture|ttc)|montant\s+(?:total\s+)?ttc|(?:net|somme|total)\s+à\s+payer",
        r"factuur\s?totaal|totaal\s+(?:te\s+betalen|incl[\w.]*)|te\s+betalen",
    ),
    _label(
        r"(?<!sub )(?<!net )(?<!sub-)(?:total|totaal|gesamt|summe|brutto)"
        r"(?!\s*(?:ht|hors|sin|net|excl|iva|vat|tax|base|pcs))"
    ),
]
NET = [
    _label(
        r"(?:total\s+)?base\s+imponible|total\s+sin\s+iva|importe\s+neto|total\s+neto|suma\s+de\s+bases",
        r"net\s+(?:amount|total)|total\s+net|total\s+(?:excl[\w.]*|before\s+tax)(?:\s+(?:vat|tax))?|taxable\s+amount",
        r"nettobetrag|nettosumme|summe\s+netto|gesamt\s*netto|rechnungsbetrag\s+netto|netto",
        r"total\s+(?:h\.?t\.?|hors\s+taxes?)|montant\s+(?:total\s+)?h\.?t\.?",
        r"(?:totaal\s+)?exclusief\s+btw|totaal\s+excl[\w.]*",
    ),
    _label(r"sub-?\s?tota(?:l|al)|base|zwischensumme|sous-total|neto"),
]
TAX = [
    _label(
        r"cuota(?:\s+(?:de\s+)?iva)?|total\s+iva|importe\s+iva|i\.?v\.?a\.?|igic",
        r"(?:total\s+)?(?:vat|sales\s+tax|gst|tax)(?:\s+amount)?",
        r"(?:umsatz|mehrwert)steuer|mwst\.?|ust\.?(?!-?\s?id)",
        r"(?:total\s+|montant\s+)?t\.?v\.?a\.?",
        r"btw",
    )
]
OPENING = _label(
    r"saldo\s+(?:anterior|inicial)|opening\s+balance|(?:previous|starting)\s+balance|solde\s+initial|alter\s+saldo"
)
CLOSING = _label(
    r"saldo\s+(?:final|actual|nuevo)|nuevo\s+saldo|closing\s+balance|ending\s+balance|nouveau\s+solde|neuer\s+saldo"
)
BUYER = _label(
    r"datos\s+del\s+cliente|cliente|facturar\s+a|facturado\s+a|destinatario|comprador|adquirente",
    r"bill(?:ed)?\s+to(?:\s+address)?|customer(?:\s+name)?|sold\s+to|buyer|invoice\s+to",
    r"rechnungsempfänger|kunde|käufer|rechnung\s+an",
    r"facturé\s+à|destinataire|acheteur|klant",
)
SELLER = _label(
    r"emisor|vendedor|proveedor|expedidor|raz[óo]n\s+social|datos\s+del\s+emisor",
    r"seller|supplier|vendor|sold\s+by|service\s+provider",
    r"lieferant|verkäufer|rechnungssteller",
    r"fournisseur|vendeur|émetteur",
)
TAX_ID = _label(
    r"n\.?i\.?f\.?(?:/c\.?i\.?f\.?)?|c\.?i\.?f\.?|n\.?i\.?e\.?|r\.?f\.?c\.?|nit|cuit",
    r"vat\s*(?:reg(?:istration)?\.?)?\s*(?:no\.?|number|id|nr\.?)?|vat/tin|tax\s+id|gstin",
    r"ust-?\s?id(?:-?\s?nr\.?|nr\.?)?|umsatzsteuer-?id(?:entifikationsnummer)?\.?",
    r"(?:n°\s*)?tva\s+(?:intracom\w*|n°)|btw(?:\s+(?:nummer|nr\.?))?",
)
COMPANY = re.compile(
    r"\b(?:S\.?\s?L\.?(?:U\.?)?|S\.?\s?A\.?(?:U\.?|S\.?)?|S\.?\s?Coop\.?|GmbH|AG|e\.?K\.?|KG|UG|Pvt\.?\s+Ltd\.?|"
    r"Ltd\.?|Limited|LLC|Inc\.?|PLC|B\.?V\.?|N\.?V\.?|SARL|SAS)(?=[\s,.;)]|$)"
)
