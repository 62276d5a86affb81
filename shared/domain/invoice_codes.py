"""Code lists of electronic invoices: countries, kinds of paper, categories of VAT, profiles and their guidelines."""

from __future__ import annotations

# UNTDID 1001: the kinds of paper that EN 16931 takes as invoices, and as credit notes.
INVOICE_TYPES = frozenset(
    """
    71 80 82 84 102 130 202 203 204 211 218 219 295 325 326 331 380 382 383 384 385 386 387 388 389 390 393 394 395 456
    457 527 553 575 623 633 751 780 817 870 875 876 877 935
    """.split()  # noqa: SIM905 - a table of codes reads better as a block
)
CREDIT_TYPES = frozenset("81 83 261 262 296 308 381 396 420 458 503 532".split())  # noqa: SIM905
# UNCL 5305, as far as EN 16931 takes it.
VAT_CATEGORIES = frozenset(["S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"])
UNTAXED_CATEGORIES = frozenset(["Z", "E", "AE", "K", "G", "O"])

# ISO 3166: two letters and, beside them, three.
_COUNTRIES = """
    AF AFG AX ALA AL ALB DZ DZA AS ASM AD AND AO AGO AI AIA AQ ATA AG ATG AR ARG AM ARM AW ABW AU AUS AT AUT AZ AZE
    BS BHS BH BHR BD BGD BB BRB BY BLR BE BEL BZ BLZ BJ BEN BM BMU BT BTN BO BOL BQ BES BA BIH BW BWA BV BVT BR BRA
    IO IOT BN BRN BG BGR BF BFA BI BDI CV CPV KH KHM CM CMR CA CAN KY CYM CF CAF TD TCD CL CHL CN CHN CX CXR CC CCK
    CO COL KM COM CG COG CD COD CK COK CR CRI CI CIV HR HRV CU CUB CW CUW CY CYP CZ CZE DK DNK DJ DJI DM DMA DO DOM
    EC ECU EG EGY SV SLV GQ GNQ ER ERI EE EST SZ SWZ ET ETH FK FLK FO FRO FJ FJI FI FIN FR FRA GF GUF PF PYF TF ATF
    GA GAB GM GMB GE GEO DE DEU GH GHA GI GIB GR GRC GL GRL GD GRD GP GLP GU GUM GT GTM GG GGY GN GIN GW GNB GY GUY
    HT HTI HM HMD VA VAT HN HND HK HKG HU HUN IS ISL IN IND ID IDN IR IRN IQ IRQ IE IRL IM IMN IL ISR IT ITA JM JAM
    JP JPN JE JEY JO JOR KZ KAZ KE KEN KI KIR KP PRK KR KOR KW KWT KG KGZ LA LAO LV LVA LB LBN LS LSO LR LBR LY LBY
    LI LIE LT LTU LU LUX MO MAC MG MDG MW MWI MY MYS MV MDV ML MLI MT MLT MH MHL MQ MTQ MR MRT MU MUS YT MYT MX MEX
    FM FSM MD MDA MC MCO MN MNG ME MNE MS MSR MA MAR MZ MOZ MM MMR NA NAM NR NRU NP NPL NL NLD NC NCL NZ NZL NI NIC
    NE NER NG NGA NU NIU NF NFK MK MKD MP MNP NO NOR OM OMN PK PAK PW PLW PS PSE PA PAN PG PNG PY PRY PE PER PH PHL
    PN PCN PL POL PT PRT PR PRI QA QAT RE REU RO ROU RU RUS RW RWA BL BLM SH SHN KN KNA LC LCA MF MAF PM SPM VC VCT
    WS WSM SM SMR ST STP SA SAU SN SEN RS SRB SC SYC SL SLE SG SGP SX SXM SK SVK SI SVN SB SLB SO SOM ZA ZAF GS SGS
    SS SSD ES ESP LK LKA SD SDN SR SUR SJ SJM SE SWE CH CHE SY SYR TW TWN TJ TJK TZ TZA TH THA TL TLS TG TGO TK TKL
    TO TON TT TTO TN TUN TR TUR TM TKM TC TCA TV TUV UG UGA UA UKR AE ARE GB GBR US USA UM UMI UY URY UZ UZB VU VUT
    VE VEN VN VNM VG VGB VI VIR WF WLF EH ESH YE YEM ZM ZMB ZW ZWE
""".split()  # noqa: SIM905
ALPHA_2 = dict(zip(_COUNTRIES[1::2], _COUNTRIES[::2], strict=True))
# Kosovo and Northern Ireland have codes in use that ISO left to users.
COUNTRIES = frozenset(_COUNTRIES[::2]) | {"1A", "XI", "XK"}

# What an e-invoice calls its guideline, by the profile that it means; an ending may follow (a version).
_GUIDELINES = (
    ("urn:factur-x.eu:1p0:minimum", "minimum"),
    ("urn:zugferd.de:2p0:minimum", "minimum"),
    ("urn:factur-x.eu:1p0:basicwl", "basicwl"),
    ("urn:zugferd.de:2p0:basicwl", "basicwl"),
    ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "basic"),
    ("urn:cen.eu:en16931:2017#compliant#urn:zugferd.de:2p0:basic", "basic"),
    ("urn:cen.eu:en16931:2017:compliant:factur-x.eu:1p0:basic", "basic"),
    ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "extended"),
    ("urn:cen.eu:en16931:2017#conformant#urn:zugferd.de:2p0:extended", "extended"),
    ("urn:cen.eu:en16931:2017:compliant:factur-x.eu:1p0:extended", "extended"),
    ("urn:cen.eu:en16931:2017:conformant:factur-x.eu:1p0:extended", "extended"),
    ("urn:cen.eu:en16931:2017#compliant#urn:xoev-de:kosit:standard:xrechnung_", "xrechnung"),
    ("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_", "xrechnung"),
    ("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:", "peppol"),
    ("urn:cen.eu:en16931:2017#compliant#", "en16931"),
    ("urn:cen.eu:en16931:2017#conformant#", "extended"),
    ("urn:ferd:CrossIndustryDocument:invoice:1p0:basic", "zugferd1"),
    ("urn:ferd:CrossIndustryDocument:invoice:1p0:comfort", "zugferd1"),
    ("urn:ferd:CrossIndustryDocument:invoice:1p0:extended", "zugferd1"),
    ("urn:ferd:invoice:rc:", "zugferd1rc"),
    ("urn:ferd:invoice:1p0:", "zugferd1"),
)  # fmt: skip


def profile_of(guideline: str) -> str | None:
    """Which profile a guideline means, or None.

    One of `minimum basicwl basic en16931 xrechnung peppol extended zugferd1 zugferd1rc`.
    """
    if guideline == "urn:cen.eu:en16931:2017":
        return "en16931"
    return next((profile for start, profile in _GUIDELINES if guideline.startswith(start)), None)
