"""What a document is, by weighted signs in its text: Spanish and English, and more languages for invoices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.domain.document import Classification, DocumentType

_SAMPLE = 60_000  # characters from the start that are looked at: a type shows itself early
_ENOUGH = 3.0  # weight below which nothing is clear
_LEAD = 1.5  # how far the first must be ahead of the second
_CERTAIN = 8.0

_INVOICE, _RECEIPT = DocumentType.INVOICE, DocumentType.RECEIPT
_STATEMENT, _INTERVIEW = DocumentType.BANK_STATEMENT, DocumentType.INTERVIEW

_AMOUNT = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,' ]?\d{3})*[.,]\d{2}(?!\d|[.,]\d)")
_DATED = re.compile(r"(?m)^\W{0,3}\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?\b.*\d[.,]\d{2}")


@dataclass(frozen=True, slots=True)
class _Sign:
    """A pattern that speaks for a type: `weight` for its first hit, a fifth of that for each further one up to five."""

    name: str
    type: DocumentType
    weight: float
    pattern: re.Pattern[str]


def _sign(name: str, type: DocumentType, weight: float, pattern: str) -> _Sign:
    return _Sign(
        name, type, weight, re.compile(rf"(?<![^\W\d_])(?:{pattern})(?![^\W\d_])", re.IGNORECASE | re.MULTILINE)
    )


_SIGNS = (
    _sign(
        "title",
        _INVOICE,
        2.5,
        r"^\W*(?:\w+ ){0,4}(?:factura|invoice|\w{0,12}rechnung|facture|factuur|fattura|fatura)\b[^\n]{0,40}$",
    ),
    _sign(
        "invoice number",
        _INVOICE,
        3,
        r"(?:n[ºo°.]*|núm\w*\.?|number) (?:de )?(?:la )?(?:factura|facture)|(?:invoice|factura|facture|rechnungs?-?)\s?"
        r"(?:n[ºo°]\.?|núm\w*|number|numéro|nr\.?|nummer|#|id)|factuurnummer",
    ),
    _sign(
        "invoice date",
        _INVOICE,
        1.5,
        r"(?:fecha (?:de )?(?:factura|emisión|expedición)|invoice date|rechnungsdatum|date de facturation)",
    ),
    _sign(
        "due date",
        _INVOICE,
        1.5,
        r"vencimiento|due date|payment terms|payable (?:by|on)|fällig|zahlbar|échéance|vervaldatum",
    ),
    _sign("tax", _INVOICE, 1.2, r"i\.?v\.?a\.?|vat|base imponible|mwst\.?|ust\.?|umsatzsteuer|t\.?v\.?a\.?|btw|gst"),
    _sign(
        "tax id",
        _INVOICE,
        1.2,
        r"n\.?i\.?f\.?|c\.?i\.?f\.?|vat (?:no|number|id|reg)\w*|ust-?id\S*|siret|gstin|steuernummer",
    ),
    _sign(
        "bill to",
        _INVOICE,
        1.5,
        r"bill to|facturar a|datos del cliente|sold to|rechnungsempfänger|facturé à|kundennr\.?|customer:",
    ),
    _sign(
        "total",
        _INVOICE,
        0.8,
        r"sub-?total|total|gesamtbetrag|rechnungsbetrag|netto|total ttc|unit price|precio unitario",
    ),
    _sign("iban", _INVOICE, 0.6, r"iban"),
    _sign(
        "title", _RECEIPT, 2.5, r"ticket(?: de (?:compra|caja))?|recibo|receipt|factura simplificada|quittung|kassenbon"
    ),
    _sign(
        "payment",
        _RECEIPT,
        2,
        r"efectivo|cash|entregado|cambio|change(?: due)?|tarjeta|rounding|tendered|contactless|bar",
    ),
    _sign(
        "shop",
        _RECEIPT,
        1.2,
        r"cajero|cajera|cashier|caja|tpv|terminal|mesa|gracias por su (?:compra|visita)|thank you|le atendió",
    ),
    # What was paid and what was given back, one under the other: only a till prints that.
    _sign(
        "change given",
        _RECEIPT,
        2.5,
        r"(?:cash|efectivo|entregado|bar|espèces|visa|master|card|tarjeta)\b[^\n]{0,25}\d[.,]\d{2}\W*\n"
        r"(?:[^\n]*\n){0,2}?\W*(?:cash )?(?:change|cambio|vuelto|rendu|rückgeld)",
    ),
    _sign("time of day", _RECEIPT, 1.2, r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?: ?[ap]\.?m)?"),
    _sign(
        "courtesy",
        _RECEIPT,
        1.2,
        r"(?:please )?come again|goods sold are not|no (?:cash )?refund|customer(?:'s)? copy|copia (?:para el )?cliente"
        r"|vuelva pronto|no se admiten devoluciones|conserve (?:este|su) ticket|merci de votre visite|vielen dank",
    ),
    _sign("total", _RECEIPT, 0.8, r"total(?: compra| amount| sales)?"),
    _sign(
        "title",
        _STATEMENT,
        3,
        r"extracto(?: (?:de )?(?:cuenta|bancario|movimientos))?|bank statement|statement of account"
        r"|kontoauszug|relevé de compte",
    ),
    _sign(
        "balance",
        _STATEMENT,
        2,
        r"saldo(?: (?:anterior|inicial|final|actual))?|(?:opening|closing|previous|running) balance|solde",
    ),
    _sign(
        "columns",
        _STATEMENT,
        1.5,
        r"fecha valor|f\. ?valor|value date|movimientos|debe|haber|withdrawals|deposits|transactions",
    ),
    _sign("account", _STATEMENT, 0.8, r"iban|account (?:number|no)|n[ºo°.]* de cuenta|titular"),
    _sign("first person", _INTERVIEW, 1.0, r"yo|me|mi|nosotros|creo|pienso|sentí|i|i'm|my|we|i think|i feel"),
    _sign("interview", _INTERVIEW, 1.5, r"^\W*(?:entrevista|interview|transcripción|transcript)\b[^\n]{0,60}$"),
)
_MT940 = re.compile(r"(?m)^:6[01][FM]?:")


def classify(text: str, media_type: str, page_count: int, speaker_turns: int) -> Classification:
    """The type of a document, `other` when no type is clear; `signs` name what spoke for it.

    `speaker_turns` is how many turns the text has (`len(turns(text))`); `page_count` helps to tell a receipt.
    """
    sample = text[:_SAMPLE]
    if not sample.strip():
        return Classification(DocumentType.OTHER, 0.0, ("no text",))
    weights: dict[DocumentType, float] = {}
    signs: dict[DocumentType, list[str]] = {}
    for type, name, weight in (*_words(sample), *_shape(sample, media_type, page_count, speaker_turns)):
        weights[type] = weights.get(type, 0.0) + weight
        if weight > 0:
            signs.setdefault(type, []).append(name)
    return _decide(weights, signs)


def _decide(weights: dict[DocumentType, float], signs: dict[DocumentType, list[str]]) -> Classification:
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    (first, weight), second = ranked[0], max(0.0, ranked[1][1]) if len(ranked) > 1 else 0.0
    lead = weight - second
    # A bill from a till is invoice and receipt at once: of the two the stronger, less sure.
    both_bills = len(ranked) > 1 and {first, ranked[1][0]} == {_INVOICE, _RECEIPT}
    if weight < _ENOUGH or (lead < _LEAD and not both_bills):
        doubt = max(0.0, min(1.0, weight / _ENOUGH)) if weight > 0 else 0.0
        return Classification(DocumentType.OTHER, round(0.8 - 0.5 * doubt, 2), tuple(signs.get(first, ())))
    confidence = 0.5 + 0.49 * min(1.0, (weight + lead) / (2 * _CERTAIN))
    return Classification(first, round(confidence, 2), tuple(signs.get(first, ())))


def _words(sample: str) -> Iterator[tuple[DocumentType, str, float]]:
    """What the words say. In long prose business words are talked about, so they weigh by how dense they are."""
    word_count = max(1, len(sample.split()))
    for sign in _SIGNS:
        hits = min(len(sign.pattern.findall(sample)), 200)
        if not hits:
            continue
        weight = sign.weight * (1 + 0.2 * min(hits - 1, 5))
        if sign.name == "first person":
            weight = sign.weight * min(3.0, 40 * hits / word_count) if hits > 2 else 0.0
        elif sign.type is not _INTERVIEW:
            weight *= min(1.0, 400 * hits / word_count)
        yield sign.type, sign.name, weight


def _shape(
    sample: str, media_type: str, page_count: int, speaker_turns: int
) -> Iterator[tuple[DocumentType, str, float]]:
    """What the form of the text says: turns, long or short lines, amounts, dates."""
    lines = [line for line in sample.splitlines() if line.strip()]
    words = max(1, len(sample.split()))
    amounts, dated = len(_AMOUNT.findall(sample)), len(_DATED.findall(sample))
    if ":20:" in sample and _MT940.search(sample):
        yield _STATEMENT, "MT940", 12
    if dated >= 4:
        yield _STATEMENT, "dated amounts", min(4.0, 0.4 * dated)
    questions = sample.count("?")
    if speaker_turns >= 4:
        # Forms have labels with colons too: without questions, and full of amounts, they are not speech.
        spoken = 1.0 if questions >= 2 or 60 * amounts < words else 0.2
        yield _INTERVIEW, "speaker turns", spoken * min(6.0, 2 + 0.4 * speaker_turns)
    if questions >= 3 and words > 100:
        yield _INTERVIEW, "questions", min(2.0, 100 * questions / words)
    if words > 150 and 100 * amounts < words:
        yield _INTERVIEW, "prose", 1.0
        for type in (_INVOICE, _RECEIPT, _STATEMENT):
            yield type, "prose", -3.0
    yield from _paper_shape(lines, amounts, words, media_type, page_count)


def _paper_shape(
    lines: list[str], amounts: int, words: int, media_type: str, page_count: int
) -> Iterator[tuple[DocumentType, str, float]]:
    if amounts == 0:
        for type in (_INVOICE, _RECEIPT, _STATEMENT):
            yield type, "no amounts", -1.5
        return
    if 20 * amounts > words:
        yield _INVOICE, "amounts", 0.8
        yield _RECEIPT, "amounts", 0.8
    short = sum(len(line) < 42 for line in lines) / len(lines)
    if short > 0.8 and words < 350 and page_count == 1:
        yield _RECEIPT, "short lines", 2.0
    if media_type.startswith("image/") and words < 250:
        yield _RECEIPT, "photo", 1.5
