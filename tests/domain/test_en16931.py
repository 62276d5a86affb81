"""EN 16931: an invoice that keeps the norm, and what is said when one thing in it is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from shared.domain.business import Adjustment, BusinessRecord, Fault, LineItem, Origin, Source, Tax
from shared.domain.document import DocumentType
from shared.domain.findings import Finding
from shared.domain.invoice_codes import profile_of
from shared.domain.validation import validate

LINES = (
    LineItem(description="Roble", quantity=D(2), unit_price=D("50.00"), amount=D("100.00"), tax_rate=D(21)),
    LineItem(description="Pino", quantity=D(3), unit_price=D("10.00"), amount=D("30.00"), tax_rate=D(10)),
)
TAXES = (
    Tax(category="S", rate=D(21), base=D("100.00"), amount=D("21.00")),
    Tax(category="S", rate=D(10), base=D("30.00"), amount=D("3.00")),
)
ORIGIN = Origin(
    syntax="cii", profile="urn:cen.eu:en16931:2017", type_code="380", facts={"seller_vat_id": "ESB12345674"}
)
RECORD = BusinessRecord(
    kind=DocumentType.INVOICE, number="7", issue_date=date(2024, 3, 1), seller_name="A", seller_country="ES",
    seller_tax_id="ESB12345674", buyer_name="B", buyer_country="PT", currency="EUR", lines=LINES, taxes=TAXES,
    line_total=D("130.00"), net=D("130.00"), tax=D("24.00"), total=D("154.00"), due=D("154.00"), origin=ORIGIN,
)  # fmt: skip


def broken(origin: dict[str, Any] | None = None, **fields: Any) -> list[Finding]:
    """What is found once some fields of the record, or of its origin, are others."""
    return validate(RECORD.model_copy(update=fields | {"origin": ORIGIN.model_copy(update=origin or {})}))


def line(number: int, **fields: Any) -> tuple[LineItem, ...]:
    return tuple(one.model_copy(update=fields) if n == number else one for n, one in enumerate(LINES))


def tax(number: int, **fields: Any) -> tuple[Tax, ...]:
    return tuple(one.model_copy(update=fields) if n == number else one for n, one in enumerate(TAXES))


def test_an_invoice_that_keeps_the_norm_has_no_findings() -> None:
    assert validate(RECORD) == []


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"number": None}, "number", "BR-02"),
        ({"issue_date": None}, "issue_date", "BR-03"),
        ({"origin": {"type_code": ""}}, "type_code", "BR-04"),
        ({"origin": {"type_code": "999"}}, "type_code", "BR-CL-01"),
        ({"currency": None}, "currency", "BR-05"),
        ({"currency": "EURO"}, "currency", "BR-CL-04"),
        ({"seller_name": ""}, "seller_name", "BR-06"),
        ({"buyer_name": None}, "buyer_name", "BR-07"),
        ({"seller_country": None}, "seller_country", "BR-09"),
        ({"buyer_country": "XX"}, "buyer_country", "BR-CL-14"),
        ({"line_total": None}, "line_total", "BR-12"),
        ({"net": None}, "net", "BR-13"),
        ({"total": None}, "total", "BR-14"),
        ({"due": None}, "due", "BR-15"),
        ({"lines": ()}, "lines", "BR-16"),
        ({"lines": line(1, quantity=None)}, "lines.1.quantity", "BR-22"),
        ({"lines": line(0, description="")}, "lines.0.description", "BR-25"),
        ({"lines": line(0, unit_price=None)}, "lines.0.unit_price", "BR-26"),
        ({"lines": line(0, unit_price=D(-50), quantity=D(-2))}, "lines.0.unit_price", "BR-27"),
        ({"line_total": D("131.00"), "net": D("131.00"), "total": D("155.00"), "due": D("155.00")}, "line_total",
         "BR-CO-10"),
        ({"lines": line(0, quantity=D(3))}, "lines.0.amount", "line_amount"),
        ({"net": D("129.00"), "total": D("153.00"), "due": D("153.00")}, "net", "BR-CO-13"),
        ({"tax": D("25.00"), "total": D("155.00"), "due": D("155.00")}, "tax", "BR-CO-14"),
        ({"total": D("154.01"), "due": D("154.01")}, "total", "BR-CO-15"),
        ({"due": D("150.00")}, "due", "BR-CO-16"),
        ({"taxes": tax(0, rate=D(20))}, "taxes.0.amount", "BR-CO-17"),
        ({"taxes": tax(0, base=D("100.02"))}, "taxes.0.base", "sum_of_bases"),
        ({"taxes": tax(0, category=None)}, "taxes.0.category", "BR-47"),
        ({"taxes": tax(0, category="Q")}, "taxes.0.category", "BR-CL-17"),
        ({"taxes": tax(0, category="E")}, "taxes.0.amount", "BR-E-09"),
        ({"adjustments": (Adjustment(amount=D(5)),)}, "adjustments", "BR-CO-11"),
        ({"adjustments": (Adjustment(amount=D(5), charge=True),)}, "adjustments", "BR-CO-12"),
        ({"origin": {"facts": {}}}, "seller_tax_id", "BR-S-02"),
        ({"origin": {"facts": {"seller_vat_id": "12345674"}}}, "seller_tax_id", "BR-CO-09"),
        ({"origin": {"profile": ""}}, "profile", "BR-01"),
        ({"origin": {"profile": "urn:made:up"}}, "profile", "known_guideline"),
    ],
)  # fmt: skip
def test_each_thing_that_is_wrong_is_named(changes: dict[str, Any], field: str, rule: str) -> None:
    [finding] = [one for one in broken(**changes) if one.rule == rule]
    assert finding.field == field
    assert finding.message
    assert finding.message_es
    assert finding.message != finding.message_es


def test_a_wrong_base_is_held_against_its_lines() -> None:
    taxes = (TAXES[0].model_copy(update={"base": D("90.00"), "amount": D("18.90")}), TAXES[1])
    found = broken(taxes=taxes)
    assert [(one.field, one.rule) for one in found][:1] == [("taxes.0.base", "BR-S-08")]
    assert "100.00" in found[0].message


def test_supplies_within_the_union_need_the_number_of_the_buyer() -> None:
    row = Tax(category="K", rate=D(0), base=D("130.00"), amount=D("0.00"))
    lines = tuple(one.model_copy(update={"tax_rate": D(0)}) for one in LINES)
    fields: dict[str, Any] = {"lines": lines, "taxes": (row,), "tax": D(0), "total": D("130.00"), "due": D("130.00")}
    [finding] = broken(**fields)
    assert (finding.field, finding.rule) == ("buyer_tax_id", "BR-K-02")
    facts = ORIGIN.facts | {"buyer_vat_id": "PT502011378"}
    assert broken({"facts": facts}, **fields) == []


def test_a_price_that_was_rounded_to_cents_is_no_error() -> None:
    lines = line(0, quantity=D(20), unit_price=D("5.00"), amount=D("100.06"))
    assert "line_amount" not in {one.rule for one in broken(lines=lines)}


def test_what_is_wrong_with_the_number_of_the_seller_is_told_when_it_can_be() -> None:
    [finding] = broken({"facts": {"seller_other_scheme": "VAT"}})
    assert "VA" in finding.message
    assert (finding.field, finding.value) == ("seller_tax_id", "ESB12345674")


def test_the_smaller_profiles_need_less() -> None:
    origin = {"profile": "urn:factur-x.eu:1p0:minimum"}
    assert broken(origin, lines=(), taxes=(), line_total=None, buyer_country=None) == []
    origin = {"profile": "urn:factur-x.eu:1p0:basicwl"}
    assert broken(origin, lines=()) == []
    assert {one.rule for one in broken(origin, lines=(), taxes=())} == {"BR-CO-18"}


def test_a_profile_has_no_place_for_the_elements_of_a_larger_one() -> None:
    basic = "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic"
    facts = ORIGIN.facts | {"payment_bic": "DEUTDEFF"}
    assert [one.rule for one in broken({"profile": basic, "facts": facts})] == ["profile_element"]
    assert broken({"facts": facts}) == []


def test_an_invoice_below_nothing_should_be_a_credit_note() -> None:
    negative: dict[str, Any] = {
        "lines": tuple(
            one.model_copy(update={"quantity": -(one.quantity or 0), "amount": -(one.amount or 0)}) for one in LINES
        ),
        "taxes": tuple(
            one.model_copy(update={"base": -(one.base or 0), "amount": -(one.amount or 0)}) for one in TAXES
        ),
        **{name: -getattr(RECORD, name) for name in ("line_total", "net", "tax", "total", "due")},
    }
    assert [one.rule for one in broken(**negative)] == ["invoice_below_zero"]
    assert broken({"type_code": "384"}, **negative) == []


def test_what_a_person_has_entered_is_no_longer_held_against_the_data() -> None:
    fault = Fault(field="issue_date", value="soon", rule="date", message="This is no date.")
    held = RECORD.model_copy(update={"origin": ORIGIN.model_copy(update={"faults": (fault,)})})
    assert [one.rule for one in validate(held)] == ["date"]
    entered = held.model_copy(update={"sources": {"issue_date": Source(reader="person", confidence=1.0)}})
    assert validate(entered) == []


def test_a_field_that_could_not_be_read_is_not_also_called_missing() -> None:
    fault = Fault(field="issue_date", value="soon", rule="date", message="This is no date.")
    assert [one.rule for one in broken({"faults": (fault,)}, issue_date=None)] == ["date"]


def test_records_that_are_no_european_invoice_keep_their_own_rules() -> None:
    found = validate(RECORD.model_copy(update={"origin": None, "total": D("200.00")}))
    assert [one.rule for one in found] == ["net_plus_tax"]


@pytest.mark.parametrize(
    ("guideline", "profile"),
    [
        ("urn:cen.eu:en16931:2017", "en16931"),
        ("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "xrechnung"),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "extended"),
        ("urn:ferd:CrossIndustryDocument:invoice:1p0:comfort", "zugferd1"),
        ("urn:ferd:CrossIndustryDocument:order:1p0:comfort", None),
    ],
)
def test_a_guideline_tells_its_profile(guideline: str, profile: str | None) -> None:
    assert profile_of(guideline) == profile
