"""What papers of each type are like, in a few words to be compared by meaning. They break ties and decide nothing else:
where they are not far ahead they take most receipts for invoices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.domain.document import Classification, DocumentType

CHARACTERS = 2000  # from the start of a text: an embedder reads no more
_LEAST, _LEAD = 0.25, 0.1  # how like the text the nearest must be, and how far ahead of the next type
_SETTLED = 0.55
_TIE = 0.3  # what rules give to `other` where types had signs enough and none was ahead

DESCRIPTIONS: tuple[tuple[DocumentType, str], ...] = (
    (DocumentType.INVOICE, "Invoice: number, date, due date, bill to, quantity, unit price, VAT, total amount due."),
    (DocumentType.INVOICE, "Factura: número, fecha, vencimiento, cliente, base imponible, IVA, total a pagar."),
    (DocumentType.RECEIPT, "Receipt from a shop: items, total, cash, change, card, time, cashier, thank you."),
    (DocumentType.RECEIPT, "Ticket de compra: artículos, total, efectivo, cambio, tarjeta, hora, gracias."),
    (DocumentType.BANK_STATEMENT, "Bank statement: account, IBAN, opening balance, transactions, closing balance."),
    (DocumentType.BANK_STATEMENT, "Extracto de cuenta: IBAN, saldo anterior, movimientos, debe, haber, saldo final."),
    (DocumentType.INTERVIEW, "Interview: one person asks, another tells about their life, work and feelings."),
    (DocumentType.INTERVIEW, "Entrevista: una persona pregunta y otra cuenta su vida, su trabajo y lo que siente."),
    (DocumentType.OTHER, "Contract, policy or terms and conditions in legal language."),
    (DocumentType.OTHER, "Contrato, póliza o condiciones legales."),
    (DocumentType.OTHER, "Report, article or manual about a subject."),
    (DocumentType.OTHER, "Informe, artículo o manual sobre un tema."),
    (DocumentType.OTHER, "Letter or e-mail to a person."),
    (DocumentType.OTHER, "Carta o correo a una persona."),
)


def likeness(vector: Sequence[float], described: Sequence[Sequence[float]]) -> dict[DocumentType, float]:
    """How like each type a text is (cosine), from its unit vector and those of `DESCRIPTIONS`."""
    found: dict[DocumentType, float] = {}
    for (type, _), other in zip(DESCRIPTIONS, described, strict=True):
        near = sum(a * b for a, b in zip(vector, other, strict=True))
        found[type] = max(near, found.get(type, -1.0))
    return found


def clearly_nearest(like: Mapping[DocumentType, float]) -> DocumentType | None:
    """The type that is nearest by far; None when there is no such."""
    (first, near), (_, next_best) = sorted(like.items(), key=lambda item: -item[1])[:2]
    return first if near >= _LEAST and near - next_best >= _LEAD else None


def settled_by_likeness(found: Classification, nearest: DocumentType | None) -> Classification | None:
    """What unsure rules and the nearest description make together; None when that settles nothing.

    A type that the rules name is confirmed or left in doubt, never changed. `other` gives way only where it stands
    for a tie: a note about a bill reads like a bill.
    """
    tied = found.type is DocumentType.OTHER and found.confidence <= _TIE
    if nearest is None or (nearest is not found.type and not tied):
        return None
    confidence = max(found.confidence, _SETTLED) if nearest is found.type else _SETTLED
    return Classification(nearest, confidence, (*found.signs, f"reads like {nearest.value}"))
