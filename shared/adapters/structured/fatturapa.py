"""FatturaPA of Italy, 1.1 to 1.2.x: paths to fields. Its elements are in no namespace but the root."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shared.adapters.structured.mapping import Field, Node, Reading, at
from shared.adapters.structured.values import day, iban, number, postal, upper
from shared.domain.business import Adjustment, BusinessRecord, LineItem, Origin, Tax
from shared.domain.document import DocumentType
from shared.domain.markup import Markup

_BODY = "FatturaElettronicaBody[1]"
_GENERAL = f"{_BODY}/DatiGenerali/DatiGeneraliDocumento"
_ROWS = f"{_BODY}/DatiBeniServizi/DatiRiepilogo"
_PAYMENT = f"{_BODY}/DatiPagamento/DettaglioPagamento"
_CREDIT = frozenset({"TD04", "TD08"})


def read(root: Node, markup: Markup) -> tuple[BusinessRecord, Reading]:
    """The record of the first invoice, and the reading that it came from; more than one in a file is a fault."""
    reading = Reading(root, {})
    values = reading.take(HEADER)
    lines = reading.rows("lines", f"{_BODY}/DatiBeniServizi/DettaglioLinee", LINE, _make_line)
    taxes = reading.rows("taxes", _ROWS, TAX, _make_tax)
    taxes += reading.rows("taxes", f"{_GENERAL}/DatiRitenuta", WITHHELD, _make_withheld, len(taxes))
    adjustments = reading.rows("adjustments", f"{_GENERAL}/ScontoMaggiorazione", ADJUSTMENT, _make_adjustment)
    for who in ("seller", "buyer"):
        _full_name(who, values)
    values |= _money(values, taxes, reading)
    type_code = reading.text(f"{_GENERAL}/TipoDocumento")
    reading.one_invoice("FatturaElettronicaBody")
    origin = Origin(syntax="fatturapa", version=reading.text("@versione"), type_code=type_code)
    record = BusinessRecord(
        kind=DocumentType.INVOICE, credit=type_code in _CREDIT, country=values.get("seller_country"), lines=lines,
        taxes=taxes, adjustments=adjustments, origin=origin, **values,
    )  # fmt: skip
    return record, reading


def _party(who: str, party: str) -> tuple[Field, ...]:
    path = f"FatturaElettronicaHeader/{party}"
    person = f"{path}/DatiAnagrafici"
    return (
        at(f"{who}_name", f"{person}/Anagrafica/Denominazione", f"{person}/Anagrafica/Nome"),
        at(f"{who}_surname", f"{person}/Anagrafica/Cognome"),
        at(f"{who}_tax_id", f"{person}/IdFiscaleIVA/IdCodice", f"{person}/CodiceFiscale", read=_tax_id),
        at(f"{who}_address", f"{path}/Sede", read=postal("Indirizzo", "NumeroCivico", "CAP", "Comune", "Provincia")),
        at(f"{who}_country", f"{path}/Sede/Nazione", f"{person}/IdFiscaleIVA/IdPaese", read=upper),
    )


def _tax_id(value: str, node: Any) -> str:
    """A VAT number with its country in front, as it is written everywhere else; a tax code as it is."""
    country = (node.getparent().findtext("IdPaese") or "").strip()
    return f"{country}{value}".upper()


HEADER = (
    at("number", f"{_GENERAL}/Numero"),
    at("issue_date", f"{_GENERAL}/Data", read=day),
    at("due_date", f"{_PAYMENT}/DataScadenzaPagamento", read=day),
    *_party("seller", "CedentePrestatore"),
    *_party("buyer", "CessionarioCommittente"),
    at("currency", f"{_GENERAL}/Divisa", read=upper),
    at("total", f"{_GENERAL}/ImportoTotaleDocumento", read=number),
    at("rounding", f"{_GENERAL}/Arrotondamento", read=number),
    at("iban", f"{_PAYMENT}/IBAN", read=iban),
)
LINE = (
    at("description", "Descrizione"),
    at("quantity", "Quantita", read=number),
    at("unit", "UnitaMisura"),
    at("unit_price", "PrezzoUnitario", read=number),
    at("amount", "PrezzoTotale", read=number),
    at("tax_rate", "AliquotaIVA", read=number),
)
TAX = (
    at("category", "Natura"),
    at("rate", "AliquotaIVA", read=number),
    at("base", "ImponibileImporto", read=number),
    at("amount", "Imposta", read=number),
)
WITHHELD = (
    at("category", "TipoRitenuta"),
    at("rate", "AliquotaRitenuta", read=number),
    at("amount", "ImportoRitenuta", read=number),
)
ADJUSTMENT = (at("amount", "Importo", read=number), at("kind", "Tipo"))


def _full_name(who: str, values: dict[str, Any]) -> None:
    """People have a name and a surname, companies a designation."""
    surname = values.pop(f"{who}_surname", None)
    if surname:
        values[f"{who}_name"] = f"{values.get(f'{who}_name', '')} {surname}".strip()


def _money(values: dict[str, Any], taxes: tuple[Tax, ...], reading: Reading) -> dict[str, Any]:
    """Net and tax are the sums of the summary's rows. What the buyer keeps back goes off the total to be paid."""
    charged = [tax for tax in taxes if not tax.withheld]
    withheld = sum((tax.amount or Decimal(0) for tax in taxes if tax.withheld), Decimal(0))
    money: dict[str, Any] = {}
    for name, part, tag in (("net", "base", "ImponibileImporto"), ("tax", "amount", "Imposta")):
        parts = [getattr(tax, part) for tax in charged]
        if parts and None not in parts:
            money[name] = sum(parts, Decimal(0))
            reading.note(name, f"{_ROWS}/{tag}")
    total = values.get("total")
    if total is None and len(money) == 2:
        total = money["net"] + money["tax"] + values.get("rounding", Decimal(0))
        reading.note("total", f"{_ROWS}/ImponibileImporto, {_ROWS}/Imposta", 0.9)
    if withheld:
        money["withheld"] = withheld
        reading.note("withheld", f"{_GENERAL}/DatiRitenuta/ImportoRitenuta")
    if total is not None:
        money["total"] = total - withheld
    return money


def _make_line(description: str = "", **rest: Any) -> LineItem:
    return LineItem(description=description, **rest)


def _make_tax(**values: Any) -> Tax:
    return Tax(kind="IVA", **values)


def _make_withheld(**values: Any) -> Tax:
    return Tax(kind="RITENUTA", withheld=True, **values)


def _make_adjustment(amount: Decimal | None = None, kind: str = "") -> Adjustment | None:
    return None if amount is None else Adjustment(amount=amount, charge=kind == "MG")
