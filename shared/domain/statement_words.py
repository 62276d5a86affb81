"""What statements of account call their balances, period and account, in Spanish, English, German and French."""

from __future__ import annotations

import re


def _label(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(alternatives)})(?![^\W\d_])", re.IGNORECASE)


OPENING = _label(
    r"saldo\s+(?:anterior|inicial|de\s+apertura|previo)|opening\s+balance|(?:previous|starting|beginning|initial)\s+balance",
    r"balance\s+(?:at\s+(?:the\s+)?(?:start|beginning)|on\s+opening)|solde\s+(?:initial|précédent)|(?:alter|anfangs)\s?-?\s?saldo",
)
CLOSING = _label(
    r"saldo\s+(?:final|actual|nuevo|de\s+cierre|al\s+cierre)|nuevo\s+saldo|(?:closing|ending|final|new|current)\s+balance",
    r"balance\s+at\s+(?:the\s+)?(?:end|close)|nouveau\s+solde|solde\s+final|(?:neuer|end)\s?-?\s?saldo",
)
# From page to page: the first of a statement is its opening balance, the last its closing one.
CARRIED = _label(
    r"(?:balance\s+)?(?:brought|carried)\s+(?:forward|over|down)|balance\s+[bc]/?[fd]|b/f|c/f",
    r"suma\s+(?:y\s+sigue|anterior)|saldo\s+(?:y\s+sigue|anterior\s+de\s+la\s+hoja|a\s+(?:la\s+)?(?:hoja|página)\s+siguiente)",
    r"saldo\s+(?:arrastrado|trasladado|de\s+la\s+(?:hoja|página)\s+anterior)|viene\s+de\s+la\s+(?:hoja|página)|[üu]bertrag|report|à\s+reporter",
)
# Rows of sums, which are no movements.
SUMS = _label(
    r"totals?|totales|suma\w*|subtotal|total\s+(?:de\s+)?(?:cargos|abonos|movimientos|debits?|credits?)|summe|saldo|balance"
)
PERIOD = _label(
    r"per[íi]odo|period|desde|del|from|statement\s+(?:period|for)|movimientos\s+(?:del|entre)|between|zeitraum|vom|du|entre"
)
STATEMENT_DATE = _label(
    r"statement\s+date|date\s+of\s+(?:statement|issue)|issued(?:\s+on)?|fecha\s+(?:de\s+)?(?:emisi[óo]n|extracto|corte|impresi[óo]n)",
    r"fecha\s+del\s+extracto|auszugsdatum|datum",
)
STATEMENT_NUMBER = _label(
    r"statement\s+(?:no\.?|number|n[ºo°]\.?|#)|sheet\s+(?:no\.?|number)|(?:n[ºo°]\.?|n[úu]mero)\s+(?:de\s+)?extracto"
    r"|extracto\s+(?:n[ºo°]\.?|n[úu]m(?:ero)?\.?)|auszug\s*(?:nr\.?)"
)
ACCOUNT = _label(
    r"account\s+(?:no\.?|number|n[ºo°]\.?|#)|(?:n[ºo°]\.?|n[úu]mero)\s+(?:de\s+)?cuenta|cuenta\s+(?:n[ºo°]\.?|n[úu]m(?:ero)?\.?)"
    r"|c\.?c\.?c\.?|c[óo]digo\s+cuenta|kontonummer|konto-?nr\.?|cuenta(?=\s*:)|account(?=\s*:)|clabe"
)
