"""How companies write what they are: legal forms of many countries, and common words for shops and trades."""

from __future__ import annotations

import re

# On folded text (capitals, no accents); points and blanks may be missing or misread.
LEGAL_FORM = re.compile(
    r"(?<![A-Z0-9])(?:[S5][DO]N\W{0,3}[B38][HN][DO0]|S\W?/\W?B|BERHAD|BHD|P(?:TE|TY|VT)\W{1,2}(?:LTD|LIMITED)|LTD|LIMITED|LLC|L\.L\.C|LLP|INC"
    r"|CORP(?:ORATION)?|PLC|GMBH(?:\W{1,3}CO\W{1,3}KG)?|MBH|K?G?AG|OHG|E\.\s?K|UG\b|KG\b|KGAA|GBR|B\.?V|N\.?V|SARL|S\.A\.R\.L"
    r"|EURL|SAS(?:U)?|S\.A\.S|S\.\s?A\.?(?:\s?U\.?|\s?S\.?)?|SA|S\.\s?L\.?(?:\s?U\.?)?|SL|SLU|SAU|S\.?\s?COOP|C\.B|S\.?\s?A\.?\s?C|S\.?\s?(?:DE\s?)?R\.?\s?L"
    r"|S\.P\.A|SPA|LDA|LTDA|E\.?\s?I\.?\s?R\.?\s?L|S\.?A\.?\s?DE\s?C\.?V|SP\.?\s?Z\s?O\.?\s?O|A/S|APS|OY|AB|ENTERPRISES?|TRADING|CO\.?(?=\W*$))"
    r"(?![A-Z])"
)
# In running text as it is written; long forms first. What follows the form is no part of the name.
COMPANY = re.compile(
    r"\b(?:S\.?\s?A\.?\s?P?\.?I?\.?\s+de\s+C\.?\s?V\.?|S\.?\s?de\s?R\.?\s?L\.?(?:\s+de\s+C\.?\s?V\.?)?|S\.?\s?A\.?\s?[CS]\.?|S\.?\s?R\.?\s?L\.?"
    r"|E\.?\s?I\.?\s?R\.?\s?L\.?|S\.?\s?p\.?\s?A\.?|S\.?\s?r\.?\s?l\.?|S\.?\s?n\.?\s?c\.?|S\.?\s?L\.?(?:\s?[UPL]\.?)?|S\.?\s?A\.?(?:\s?U\.?)?"
    r"|S\.?\s?Coop\.?|S\.?\s?C\.?\s?P?\.|C\.\s?B\.|C[íi]a\.?\s+Ltda\.?|Lt?da\.?|Unipessoal\s+Lda\.?|LTDA\.?|LDA\.?"
    r"|GmbH(?:\s*&\s*Co\.?\s*K\s?G(?:aA)?)?|GMBH|AG(?:\s*&\s*Co\.?\s*KG)?|e\.\s?K\.?|e\.\s?V\.|e\.?\s?G\.(?=\W|$)|a\.\s?G\.|VVaG|OHG|KGaA|KG|UG(?:\s*\(haftungsbeschränkt\))?|GbR|SE"
    r"|P(?:vt|te|ty)\.?\s+(?:Ltd\.?|Limited)|P(?:VT|TE|TY)\.?\s+(?:LTD\.?|LIMITED)|(?:Private\s+)?Limited|LIMITED|Ltd\.?|LTD\.?|LLC|L\.L\.C\.|LLP"
    r"|Inc\.?|INC\.?|Incorporated|Corp\.?|CORP\.?|Corporation|PLC|plc|Sdn\.?\s+Bhd\.?|SDN\.?\s+BHD\.?"
    r"|B\.?V\.?(?:B\.?A\.?)?|N\.?V\.?|V\.?O\.?F\.?|SARL|S\.A\.R\.L\.|Sarl|EURL|SASU?|S\.A\.S\.|SNC|SCOP|Sp\.\s?z\s?o\.?\s?o\.?|A/S|ApS|AB|Oy|A\.E\.|E\.?Π\.?E\.?|Α\.?Ε\.?)(?=[\s,.;)]|$)"
)
BUSINESS = re.compile(
    r"(?<![A-Z])(?:REST[AO]U?RANTE?|RESTORAN|CAFE(?:TERIA)?|COFFEE|BISTRO|BAR|PUB|KITCHEN|FOODS?|BAKERY|BAKERIES|PANADERIA"
    r"|BACKEREI|BOULANGERIE|(?:HYPER|SUPER|MINI)?(?:MARKET|MARKT|MART|MERCADO|MARCHE)|SHOP|STORES?|TIENDA|KEDAI|LADEN|BOUTIQUE"
    r"|BOOK(?:S|STORE|SHOP)?|STATIONERY|LIBRERIA|PHARMACY|FARMACIA|APOTHEKE|PHARMACIE|CLINIC|HARDWARE|FERRETERIA|ELECTRIC\w*"
    r"|COMPUTERS?|HOTEL|HOSTAL|MOTORS?|AUTO|GARAGE|TALLER|STATION|PETROL\w*|TELECOM\w*|SERVICES?|SERVICIOS|HOLDINGS?|GROUP"
    r"|GRUPO|COMPANY|COMERCIAL|MARKETING|INDUSTR(?:Y|IES|IA|IAS)|INTERNATIONAL|PERNIAGAAN|SYARIKAT|ENTERPRISE|TRADING|SALON"
    r"|GIFTS?|TOYS?|FASHION|MODA|OPTIC\w*|DEPARTMENT|CENTRE|CENTER|CENTRO|HOUSE|CORNER)(?![A-Z])"
)
# A line that is nothing but this goes on with the name above it. Words such as TRADING are names as well.
ONLY_FORM = re.compile(
    r"\W*(?:\(?M\)?\s*)?(?:[S5][DO0]N\W{0,3}[B38][HN][DO0]|BERHAD|BHD|P(?:TE|TY|VT)\W{1,2}(?:LTD|LIMITED)|LTD|LIMITED|LLC|INC|GMBH"
    r"|S\.?\s?L\.?(?:\s?U\.?)?|S\.?\s?A\.?(?:\s?[UC]\.?)?|S\.?\s?A\.?\s?DE\s?C\.?\s?V|S\.?\s?R\.?\s?L|E\.?I\.?R\.?L)\W*(?![A-Z])"
)
_MISREAD = re.compile(r"\b[S5][DO0]N\b\W{0,3}[B38][HN][DO0](?!\w)", re.IGNORECASE)


def mended_form(name: str) -> str:
    """The name with a misread legal form put right: legal forms are a closed list, so "SON 8HD" can be only one."""
    return _MISREAD.sub("SDN BHD" if name.isupper() else "Sdn Bhd", name)
