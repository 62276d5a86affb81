"""What stands at the head of receipts: streets, postcodes, registrations, titles, and what ends it. On folded text."""

from __future__ import annotations

import re

STREET = re.compile(
    r"(?<![A-Z])(?:STREET|ST\.|ROAD|RD\b|AVENUE|AVE\b|LANE|DRIVE|BLVD|BOULEVARD|SQUARE|FLOOR|FLR\b|LEVEL|UNIT|SUITE|BLOCK"
    r"|BLK\b|BUILDING|LOT\b|NO\s?[.:,]?\s?(?:\d|[A-Z]{1,2}\W?[A-Z0-9]{1,3}\W\d)|JALAN|JLN|JL\b|LORONG|TAMAN|TMN|BANDAR|KAMPUNG|KG\.|PERSIARAN|LEBUH\w*|SEKSYEN"
    r"|KAWASAN|BATU\s\d|CALLE|CAL\.|C/|AV(?:DA?)?(?:\b|\.)|AVENIDA|PLAZA|PASEO|CARRETERA|CTRA\b|CARRERA|CRA\b|POLIGONO|POL\.\s?IND|JR\.|JIRON|URB\.|URBANIZACION|PASAJE|PSJE|CALZADA|RONDA\b|TRAVESIA|C\.\s?P\.?\s?\d|RUE\b|PLACE|CHEMIN|AUTOROUTE|ROUTE"
    r"|\w*(?:STRASSE|STR\.|WEG|PLATZ|ALLEE|GASSE|STRAAT|LAAN|PLEIN)(?![A-Z])|VIA\b|VIALE|PIAZZA|RUA\b|COLONIA|COL\.|MALL\b)"
)
POSTCODE = re.compile(
    r"(?<![\dA-Z.-])\d{4,6}(?![\d-])(?=[\s,.]*[A-Z])|(?<=,)\s*\d{5}(?![\d-])|(?<=[A-Z]{3})\s+\d{5}(?![\d-])"
    r"|(?<![A-Z])[A-Z]{2}\s\d{5}\b"
)
TOWN = re.compile(r"(?<![\dA-Z.-])\d{5}(?![\d-])[\s,.]*[A-Z]{3}")
# States and provinces that stand alone on the last line of an address.
REGION = re.compile(
    r"(?<![A-Z])(?:SELANGOR|JOHOR|PERAK|P(?:ULAU|\.)?\s?PINANG|PENANG|KEDAH|KELANTAN|MELAKA|MALACCA|N(?:EGERI|\.)?\s?SEMBILAN|PAHANG"
    r"|PERLIS|SABAH|SARAWAK|TERENGGANU|KUALA\s?LUMPUR|PUTRAJAYA|LABUAN|WILAYAH|W\.?P\b|DARUL|D\.E|SINGAPORE|JALISCO|NUEVO\s?LEON"
    r"|CDMX|EDO\.|PROV\.|\([A-Z ]{4,}\)\s*$)"
)
REGISTRATION = re.compile(
    r"\W*(?:(?:CO(?:MPANY)?|BUS(?:INESS)?|ROC|SSM|BRN|REG(?:ISTRATION)?)[\s.]*(?:REG\w*)?[\s.]*(?:N[O0])?[\s.:]*)?\(?\s*"
    r"(?:[A-Z]{0,3}\d{5,12}\s?-\s?[A-Z0-9]{1,2}|[A-Z]{0,3}\d{7,12}|(?<=\()\d{5,12}\s?[A-Z]{0,2}(?=\s*\)))\W*"
)
REGISTRATION_AT_END = re.compile(
    r"\s*(?:\((?=[^()]{6,})[^()]*\d{2}[^()]*\)?|\(?\s*(?:(?:CO(?:MPANY)?|REG(?:ISTRATION)?|ROC|BRN|SSM|NO)\b[\s.:]*){0,4}\d{4,}[\s-]*[A-Z0-9]{0,2}\s*\)?)"
    r"\W*$",
    re.IGNORECASE,
)
NOUGHT = re.compile(r"(?<=\d)O(?![A-Za-z0-9])")  # "NO 29O" is number 290: no house has the letter O behind it
IN_BRACKETS = re.compile(r"\([^()]*\d{4,}[^()]*\)?")
NUMBERED = re.compile(
    r"(?<![A-Z])(?:TEL|PHONE|FAX|GST|SST|VAT|TAX|REG|BRN|SSM|ROC|CO\.?\s?NO|INV|TERMINAL|RECEIPT)(?![A-Z])"
)
END = re.compile(
    r"(?<![A-Z])(?:TEL|PHONE|FAX|HOTLINE|MOBILE|H/?P\b|TELEFONO|TLF|E-?MAIL|WWW|HTTP|WEBSITE|GST|VAT\b|SST|TAX\b|N\.?I\.?[FT](?![A-Z]{2})|C\.?I\.?F(?![A-Z]{2})|R\.?F\.?C\b|R\.?U\.?[CT]\b"
    r"|CUIT|SIRET|TVA|UST|STEUER|BTW|IVA\b|TAXINVOICE|INVOICE|RECEIPT|BILL\b|CASH|FACTURA|TICKET|RECHNUNG|FACTURE"
    r"|BON\b|RECIBO|DATE|FECHA|DATUM|TIME|HORA|TABLE|MESA|CASHIER|COUNTER|OPERATOR|ORDER|CUSTOMER|CLIENTE|MEMBER|POS\b"
    r"|(?:BUSINESS|SHOPPING|OPENING|OPERATING|OFFICE|STORE)\W*HOURS?|HORARIO|BRANCH|OUTLET\b|CAWANGAN|SUCURSAL|DESCRIPTION|ITEMS?\b|QTY|CANT\b|PRICE|AMOUNT|THANK|WELCOME|BIENVENID|DUPLICATE|REPRINT|COPY|DOC\b"
    r"|INV\b|\W*SALES\b)|^\W*TOTAL\b|@|\+\d|(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}:\d{2}"
)
PHONE = re.compile(r"\W*(?:\+?\d[\d ()/-]{7,}\d)\W*")
TITLE = re.compile(
    r"\W*(?:(?:SIMPLIFIED|FULL|ORIGINAL|DUPLICATE)?\W*(?:TAX\W*)?(?:INVOICE|RECEIPT|BILL)\b|CASH\W*(?:BILL|SALES?|RECEIPT)"
    r"|OFFICIAL\W*RECEIPT|FACTURA|TICKET|RECIBO|BOLETA|NOTA\W*DE\W*VENTA|RECHNUNG|QUITTUNG|FACTURE|BON\b|COPY|WELCOME|BIENVENID|THANK|GRACIAS"
    r"|FORMERLY|LICEN[SC]EE|MEMBER|MANAGED|OPERATED|BY\b)"
)
