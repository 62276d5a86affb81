"""What the elements of the Cross Industry Invoice are called, now and in ZUGFeRD 1."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """What the elements are called in one of the two versions."""

    context: str
    document: str
    trade: str
    agreement: str
    settlement: str
    total: str
    line_agreement: str
    line_delivery: str
    line_settlement: str
    line_total: str
    rate: str


NAMES = {
    "cii": Names(
        "rsm:ExchangedDocumentContext", "rsm:ExchangedDocument", "rsm:SupplyChainTradeTransaction",
        "ram:ApplicableHeaderTradeAgreement", "ram:ApplicableHeaderTradeSettlement",
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation", "ram:SpecifiedLineTradeAgreement",
        "ram:SpecifiedLineTradeDelivery", "ram:SpecifiedLineTradeSettlement",
        "ram:SpecifiedTradeSettlementLineMonetarySummation", "ram:RateApplicablePercent",
    ),
    "zugferd1": Names(
        "rsm:SpecifiedExchangedDocumentContext", "rsm:HeaderExchangedDocument",
        "rsm:SpecifiedSupplyChainTradeTransaction", "ram:ApplicableSupplyChainTradeAgreement",
        "ram:ApplicableSupplyChainTradeSettlement", "ram:SpecifiedTradeSettlementMonetarySummation",
        "ram:SpecifiedSupplyChainTradeAgreement", "ram:SpecifiedSupplyChainTradeDelivery",
        "ram:SpecifiedSupplyChainTradeSettlement", "ram:SpecifiedTradeSettlementMonetarySummation",
        "ram:ApplicablePercent",
    ),
}  # fmt: skip
UNITS = {
    "cii": ("urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
            "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"),
    "zugferd1": ("urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12",
                 "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15"),
}  # fmt: skip
