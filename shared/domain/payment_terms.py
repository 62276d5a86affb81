"""When a bill is due that names days and no date: "payment within 30 days", "14 Tage netto", "pago a 60 días"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from shared.domain.labelled import Read, TextLine
from shared.domain.misread import folded

_DAYS = r"(?P<days>\d{1,3})\s*(?:CALENDAR\s*|KALENDER)?(?:DAYS|DIAS|TAGEN?|JOURS|GIORNI|DAGEN)(?![A-Z])"
_PAID = (
    r"(?:PAY(?:MENT|ABLE)?|DUE|SETTLE\w*|TERMS|PAGO|PAGADER[OA]|VENCIMIENTO|PLAZO|ZAHLBAR|ZAHLUNG\w*|BEGLEICHEN"
    r"|PAIEMENT|REGLEMENT|PAYABLE|ECHEANCE|PAGAMENTO|SCADENZA|BETAL\w*|VENCIMENTO)"
)
_TERMS = (
    re.compile(rf"(?<![A-Z]){_PAID}(?![A-Z])[^\d.;%]{{0,40}}(?<!\d){_DAYS}"),
    re.compile(rf"(?<!\d){_DAYS}\s*(?:NET(?:TO|OS?)?|FROM\s+(?:THE\s+)?(?:DATE\s+OF\s+)?(?:THE\s+)?INVOICE|FECHA\s+FACTURA"
               r"|DATE\s+(?:DE\s+)?FACTURE|NACH\s+RECHNUNGS|AB\s+RECHNUNGS|DATA\s+FATTURA|OHNE\s+ABZUG)"),
    re.compile(rf"(?<![A-Z])NET(?:TO)?\s+{_DAYS}"),
)  # fmt: skip
# What is asked of an early payer, in how many days one may complain, and terms that count from the end of a month.
_OTHER = re.compile(
    r"SKONTO|DISCOUNT|DESCUENTO|ESCOMPTE|SCONTO|KORTING|\d\s*%|QUER(?:Y|IES)|DISPUTE|COMPLAIN|RECLAMA|END\s+OF\s+MONTH|EOM(?![A-Z])"
    r"|FIN\s+(?:DE\s+|DU\s+)?MES|FIN\s+(?:DE\s+|DU\s+)?MOIS|FINE\s+MESE|MONATSENDE|RECEIPT|RECEPCION|ERHALT|RECEPTION"
)
_LONGEST = 180  # days


def due_by_terms(lines: Sequence[TextLine], issued: Read[date]) -> Read[date] | None:
    """The day of issue and the days of the terms; None when there are no terms, or several that differ."""
    found: dict[int, Read[date]] = {}
    for line in lines:
        plain = folded(line.text)
        if _OTHER.search(plain):
            continue
        for match in (match for pattern in _TERMS for match in pattern.finditer(plain)):
            days = int(match["days"])
            if 0 < days <= _LONGEST:
                due = issued.value + timedelta(days=days)
                start, end = line.start + match.start(), line.start + match.end()
                found.setdefault(days, Read(due, start, end, round(0.6 * issued.confidence, 2)))
    return next(iter(found.values())) if len(found) == 1 else None
