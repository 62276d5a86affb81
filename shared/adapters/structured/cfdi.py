"""CFDI 3.3 and 4.0 of Mexico: paths to fields. Receipts of payment, transfers and payrolls are no invoices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shared.adapters.structured.mapping import Node, Reading, at
from shared.adapters.structured.values import day, number, percent, upper
from shared.domain.business import BusinessRecord, LineItem, Origin, Tax
from shared.domain.document import DocumentType
from shared.domain.markup import Markup

_TAXES = {"001": "ISR", "002": "IVA", "003": "IEPS"}
_PAYMENTS = "cfdi:Complemento/*[local-name()='Pagos']"
_PAYMENT = f"{_PAYMENTS}[count(*[local-name()='Pago'])=1]/*[local-name()='Pago']"
_NATIONAL = f"{_PAYMENTS}/*[local-name()='Totales']/@MontoTotalPagos"  # in pesos, whatever was paid in
_LOCAL = "cfdi:Complemento/*[local-name()='ImpuestosLocales']"


def read(root: Node, markup: Markup) -> tuple[BusinessRecord, Reading]:
    """The record, and the reading that it came from."""
    reading = Reading(root, {"cfdi": markup.namespace})
    values = reading.take(HEADER)
    local = reading.take(LOCAL)
    lines = reading.rows("lines", "cfdi:Conceptos/cfdi:Concepto", LINE, _make_line)
    taxes = reading.rows("taxes", "cfdi:Impuestos/cfdi:Traslados/cfdi:Traslado", TAX, _make_tax)
    taxes += reading.rows("taxes", "cfdi:Impuestos/cfdi:Retenciones/cfdi:Retencion", TAX, _make_withheld, len(taxes))
    series, folio = reading.text("@Serie"), reading.text("@Folio")
    uuid = reading.text("cfdi:Complemento/*[local-name()='TimbreFiscalDigital']/@UUID")
    if folio or uuid:
        values["number"] = "-".join(part for part in (series, folio) if part) if folio else uuid
        reading.note("number", "@Serie, @Folio" if folio else "cfdi:Complemento/tfd:TimbreFiscalDigital/@UUID")
    origin = Origin(
        syntax="cfdi", version=reading.text("@Version"), type_code=reading.text("@TipoDeComprobante"),
        facts={name: value for name, value in (("uuid", uuid), ("local_taxes", str(local.get("tax", "")))) if value},
    )  # fmt: skip
    values |= _money(values, local, reading)
    if origin.type_code == "P":  # its own amounts are all 0: what counts is what was paid
        values = {name: value for name, value in values.items() if name not in ("line_total", "net", "tax")}
    if values.get("currency") == "XXX":  # the code of what has no money of its own
        values["currency"] = "MXN" if reading.text(_NATIONAL) else None
    record = BusinessRecord(
        kind=DocumentType.INVOICE if origin.type_code in ("I", "E") else DocumentType.OTHER, country="MX",
        credit=origin.type_code == "E", seller_country="MX", lines=lines, taxes=taxes, origin=origin, **values,
    )  # fmt: skip
    return record, reading


HEADER = (
    at("issue_date", "@Fecha", read=day),
    at("seller_name", "cfdi:Emisor/@Nombre"),
    at("seller_tax_id", "cfdi:Emisor/@Rfc", read=upper),
    at("seller_address", "@LugarExpedicion", confidence=0.9),
    at("buyer_name", "cfdi:Receptor/@Nombre"),
    at("buyer_tax_id", "cfdi:Receptor/@Rfc", read=upper),
    at("buyer_address", "cfdi:Receptor/@DomicilioFiscalReceptor", confidence=0.9),
    at("currency", f"{_PAYMENT}/@MonedaP", "@Moneda", read=upper),
    at("line_total", "@SubTotal", read=number),
    at("discount", "@Descuento", read=number),
    at("tax", "cfdi:Impuestos/@TotalImpuestosTrasladados", read=number),
    at("withheld", "cfdi:Impuestos/@TotalImpuestosRetenidos", read=number),
    at("total", f"{_PAYMENT}/@Monto", _NATIONAL, "@Total", read=number),
)
LOCAL = (
    at("tax", f"{_LOCAL}/@TotaldeTraslados", read=number),
    at("withheld", f"{_LOCAL}/@TotaldeRetenciones", read=number),
)
_RATE = "[@TipoFactor='Tasa']/@TasaOCuota"
LINE = (
    at("description", "@Descripcion"),
    at("quantity", "@Cantidad", read=number),
    at("unit", "@ClaveUnidad", "@Unidad"),
    at("unit_price", "@ValorUnitario", read=number),
    at("discount", "@Descuento", read=number),
    at("amount", "@Importe", read=number),
    at("tax_rate", f"cfdi:Impuestos/cfdi:Traslados/cfdi:Traslado[@Impuesto='002']{_RATE}", read=percent),
)
TAX = (
    at("kind", "@Impuesto", read=lambda value, node: _TAXES.get(value, value)),
    at("category", "@TipoFactor"),
    at("rate", f"self::*{_RATE}", read=percent),
    at("base", "@Base", read=number),
    at("amount", "@Importe", read=number),
)


def _money(values: dict[str, Any], local: dict[str, Any], reading: Reading) -> dict[str, Any]:
    """Net is what the discount leaves of the subtotal; local taxes stand apart and count with the others."""
    money: dict[str, Any] = {}
    discount = values.pop("discount", None) or Decimal(0)
    reading.sources.pop("discount", None)
    if "line_total" in values:
        money["line_total"] = money["net"] = values["line_total"] - discount
        reading.note("net", "@SubTotal, @Descuento")
    for name in ("tax", "withheld"):
        parts = [part[name] for part in (values, local) if name in part]
        if parts:
            money[name] = sum(parts, Decimal(0))
    if "net" in money:
        money.setdefault("tax", Decimal(0))
    return money


def _make_line(
    description: str = "", amount: Decimal | None = None, discount: Decimal | None = None, **rest: Any
) -> LineItem:
    """`Importe` is before the discount, the record's amount after it."""
    if amount is not None and discount:
        amount -= discount
    return LineItem(description=description, amount=amount, discount=discount, **rest)


def _make_tax(**values: Any) -> Tax:
    return Tax(**values)


def _make_withheld(**values: Any) -> Tax:
    return Tax(withheld=True, **values)
