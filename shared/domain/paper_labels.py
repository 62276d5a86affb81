"""What business papers call their fields in the languages of Western Europe; the surest labels first."""

from __future__ import annotations

import re


def _label(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(alternatives)})(?![^\W\d])", re.IGNORECASE)


_NO = r"(?:n[ºo°.]s?\.?|n\.º|núm(?:ero)?\.?|numero|numéro|num\.?|number|nr\.?|no\.?|id|#)"
_PAPER = (
    r"(?:factura(?:\s+simplificada|\s+rectificativa)?|fra\.?|recibo|ticket|nota\s+de\s+cr[ée]dito|abono"
    r"|(?:tax\s+|sales\s+|commercial\s+)?invoice|receipt|bill|credit\s+(?:note|memo)"
    r"|(?:handels|schluss|teil|abschlags|storno)?rechnung|gutschrift|beleg|facture|avoir|factuur|creditnota"
    r"|fattura|nota\s+di\s+credito|fatura|nota\s+de\s+crédito)"
)

NUMBER = [
    _label(
        rf"{_NO}\s*(?:de\s+|della\s+|da\s+)?(?:la\s+)?{_PAPER}",
        # A type may stand between: Gutschrift (selbst ausgestellt) (389) Nr. 4711.
        rf"{_PAPER}(?:\s*\([^()]{{1,40}}\)){{0,2}}\s*{_NO}",
        r"rechnungs?\s?-?\s?(?:nummer|nr\.?)|beleg-?(?:nummer|nr\.?)|re\.?-nr\.?",
        r"factuur\s?nummer|factuurnr\.?",
    ),
    _label(rf"{_PAPER}(?=\s*[:#]|\s+[A-Z]{{0,6}}[-/]?\d|\s+[A-Z]{{1,6}}(?:[-/][A-Z]{{1,6}})*[-/]\d|\s{{2}}|\s*$)"),
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
    _label(
        rf"{_PAPER}[^\n]{{1,60}}?\s(?:du|del|de\s+fecha|vom|von|of|dated|issued\s+at|van|del|in\s+data)(?=\s+\d)",
        r"datum\s+vom",
    ),
]
DUE_DATE = [
    _label(
        r"(?:fecha\s+(?:de\s+)?)?vencimiento|fecha\s+l[íi]mite(?:\s+de\s+pago)?|pagar\s+antes\s+del?",
        r"(?:payment\s+)?due\s+(?:date|on|by)|payable\s+(?:on\s+or\s+before|by)|pay\s+by|payment\s+due",
        r"(?:remit|pay)\s+(?:until|before)|payment\s+deadline",
        r"f[äa]llig(?:keits(?:datum)?|keit)?(?:\s+(?:am|bis))?|zahlbar\s+(?:ohne\s+[^\n\d]{0,20})?bis(?:\s+zum)?|zahlungsziel",
        r"zahlbar\s+innerhalb[^\n]{0,30}?\bbis(?:\s+zum)?|überweisen\s+sie[^\n]{0,40}?\bbis(?:\s+zum)?|netto\s+bis(?:\s+zum)?",
        r"scadenza|data\s+di\s+scadenza|data\s+de\s+vencimento|vencimento|uiterste\s+betaaldatum",
        r"(?:date\s+d['’])?échéance|date\s+limite\s+de\s+paiement(?:\s+le)?|à\s+payer\s+avant\s+le",
        r"verval\s?datum",
    )
]
BUYER = _label(
    r"datos\s+del\s+cliente|cliente|facturar\s+a|facturado\s+a|destinatario|comprador|adquirente",
    r"bill(?:ed)?\s+to(?:\s+address)?|billing\s+address|customer(?:\s+name)?|sold\s+to|buyer|invoice\s+to",
    r"rechnungsempfänger|rechnungsadresse|kunde|käufer(?:/leistungsempfänger)?|leistungsempfänger|rechnung\s+an",
    r"se[ñn]or(?:\(?es\)?)?|sr\.?\(?es\)?|receptor|adquir[ie]*ente|datos\s+de\s+facturaci[óo]n|raz[óo]n\s+social\s+del\s+cliente",
    r"client(?:\s+name)?|guest(?:\s+name)?|invoiced\s+to|charge\s+to|recipient|to|para|an|destinat[áa]rio|spett(?:abile|\.le)",
    r"facturé\s+à|adresse\s+de\s+facturation|destinataire|acheteur|client|klant|factuuradres|factuur\s+aan|acquirente",
)
SELLER = _label(
    r"emisor|vendedor|proveedor|prestador|expedidor|remitente|datos\s+(?:del\s+emisor|de\s+la\s+empresa)",
    r"seller|supplier|vendor|sold\s+by|service\s+provider|bill(?:ed)?\s+from|from|issued\s+by|issuer",
    r"lieferant|verkäufer|rechnungssteller|rechnungsersteller|leistungserbringer",
    r"fournisseur|vendeur|émetteur|leverancier|verkoper|fornitore|cedente|fornecedor",
)
OTHER_PARTY = _label(
    r"ship(?:ping)?\s+(?:to|address)|deliver(?:y|ed)?\s+(?:to|address)|envi(?:ar|ado)\s+a|direcci[óo]n\s+de\s+(?:env[íi]o|entrega)",
    r"(?:abweichender\s+)?(?:warenempfänger|zahlungsempfänger)|lieferadresse|lieferanschrift|steuerbevollmächtigter[^:]*",
    r"adresse\s+de\s+livraison|livré\s+à|afleveradres|bezorgadres|indirizzo\s+di\s+consegna",
)
ADDRESS = re.compile(
    r"(?:anschrift|adresse|address|direcci[óo]n|domicilio|adres|indirizzo|morada)\s*[:.]\s*", re.IGNORECASE
)
TAX_ID = _label(
    r"n\.?i\.?f\.?(?:/c\.?i\.?f\.?)?|c\.?i\.?f\.?|n\.?i\.?e\.?|r\.?f\.?c\.?|r\.?u\.?[ct]\.?|nit|c\.?u\.?i\.?t\.?",
    r"vat[\s-]*(?:reg(?:istration)?\.?)?[\s-]*(?:no\.?|number|id|nr\.?)?|vat/tin|tax\s+(?:id|number|no\.?)|gstin",
    r"p\.?\s?iva|partita\s+iva|nipc|contribuinte(?:\s+n[.º°o]*)?|nip|a\.?φ\.?m\.?",
    r"u\.?st\.?\s?-?\s?[il1]d(?:ent)?\.?\s?-?\s?(?:nr\.?|nummer)?|t\.?v\.?a\.?(?=\s*:?\s*[A-Z]{2}\d)|umsatzsteuer-?id(?:entifikationsnummer)?\.?",
    r"(?:n°\s*)?tva\s+(?:intra\s?com\w*|n°|client)|btw(?:\s+(?:nummer|nr\.?))?",
)
# Titles before a person's name, on a line of their own or at its start: they address a recipient.
HONORIFIC = re.compile(
    r"(?:herrn?|frau|familie|firma|an|mr|mrs|ms|miss|messrs|sr|sra|srta|srs|don|do[ñn]a|d|d[ñn]a|m|mme|mlle|monsieur|madame"
    r"|sig|sig\.ra|spett\.?le|de\s+heer|mevrouw|exmo)\b\.?(?=\s|$)",
    re.IGNORECASE,
)
# Whose account is paid to, or who is said to have sold or issued.
SENDER_ROLE = _label(
    r"account\s+(?:holder|name)(?=\s*:)|beneficiary(?:\s+name)?(?=\s*:)|(?:is|are)\s+sold\s+by|(?:issued|sold)\s+by(?=\s*:)",
    r"(?:cheques?|checks?)\s+payable\s+to|make\s+payable\s+to",
    r"titular(?:\s+de\s+la\s+cuenta)?(?=\s*:)|beneficiario(?=\s*:)|(?:emitid[ao]|expedid[ao])\s+por",
    r"kontoinhaber(?:in)?(?=\s*:)|kontoname(?=\s*:)|titulaire(?:\s+du\s+compte)?(?=\s*:)|intestatario(?=\s*:)",
    r"(?:op|ten)\s+name\s+van|rekeninghouder(?=\s*:)|titular\s+da\s+conta(?=\s*:)",
)
# What stands under a company's name at the foot of its letters.
REGISTERED = re.compile(
    r"\b(?:siège\s+social|siret|siren|r\.?c\.?s|capital\s+(?:social|de)|n°\s*(?:de\s+)?tva|registered\s+(?:office|in)"
    r"|company\s+(?:reg|no|number)|reg(?:istration)?\.?\s+no|vat\s*(?:reg|no|id|number)|registro\s+mercantil|inscrita\s+en"
    r"|domicilio\s+social|c\.?i\.?f|n\.?i\.?f|r\.?f\.?c|r\.?u\.?[ct]|nit|cuit|amtsgericht|handelsregister|registergericht"
    r"|hr[ab]\s*\d|ust-?id|steuer-?n|geschäftsführer|kvk|btw|sede\s+(?:legale|social)|p\.?\s?iva|partita\s+iva|nipc|contribuinte)\b",
    re.IGNORECASE,
)
# Words of titles and furniture of papers: no party is called so. On folded text.
TITLE = re.compile(
    r"(?<![A-Z])(?:(?:\w*RECHNUNG|(?:PRO)?FACTURA|FACTURE|FACTUUR|FATTURA|FATURA|(?:TAX\s*)?INVOICE|RECEIPT|RECIBO|BELEG|GUTSCHRIFT"
    r"|AVOIR|ABONO|CREDIT\s*(?:NOTE|MEMO)|STATEMENT|QUITTUNG|TICKET|ALBARAN|PRESUPUESTO|COP(?:Y|IA)|KOPIE|DUPLICA\w*|ORIGINAL"
    r"|PAGE|SEITE|PAGINA|HOJA|DATE|DATUM|FECHA|BILL|LIEFERSCHEIN|DELIVERY|ORDER|PEDIDO|REMIT\w*|PAYMENT|SUMMARY|DETAILS?"
    r"|ACCOUNT|TOTAL|PAID|VENCID[AO]|COMMENTS|NOTES|NOTAS|EXTRACTO|RETURNS?|BUYER|SELLER|CLIENTE?|CUSTOMER)(?![A-Z]))"
)
