"""Arithmetic of lines, taxes and totals: what fits is left alone, and what does not is named by its place."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.business import Adjustment, BusinessRecord, LineItem, Tax
from shared.domain.document import DocumentType
from tests.domain.countries.records import found, invoice, line, named

CENT = Decimal("0.01")


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def test_a_record_that_fits_has_no_findings() -> None:
    assert named(invoice()) == []


def test_a_wrong_line_is_named_and_not_its_sum() -> None:
    wrong = invoice(lines=(line("800", "2", "450"), line("100", "4", "25")), line_total=Decimal(1000))
    assert named(wrong) == [("lines.0.amount", "line_amount")]
    assert "900.00" in found(wrong)[0].message
    assert "800" in found(wrong)[0].value
    with_discount = (line("890", "2", "450", discount="10"), line("110", "4", "27.5"))
    assert named(invoice(lines=with_discount)) == []


def test_lines_that_do_not_make_their_total_or_the_net_amount_are_found() -> None:
    assert named(invoice(line_total=Decimal(1010))) == [
        ("line_total", "sum_of_lines"),
        ("net", "lines_and_adjustments"),
    ]
    assert named(invoice(lines=(line("900", "2", "450"),))) == [("net", "lines_and_adjustments")]


def test_discounts_and_charges_on_the_whole_count() -> None:
    lines = (line("900", "2", "450"), line("150", "6", "25"))
    adjustments = (Adjustment(amount=Decimal(60)), Adjustment(amount=Decimal(10), charge=True))
    assert named(invoice(lines=lines, adjustments=adjustments)) == []
    assert named(invoice(lines=lines, adjustments=adjustments[:1])) == [("net", "lines_and_adjustments")]


def test_prices_may_include_the_tax() -> None:
    lines = (line("1110", "1", "1110"), line("100", "1", "100"))
    assert named(invoice(lines=lines, prices_include_tax=True)) == []
    assert named(invoice(prices_include_tax=True)) == [("net", "lines_and_adjustments")]


def test_wrong_taxes_are_named_and_not_their_sum() -> None:
    row = Tax(kind="IVA", rate=Decimal(21), base=Decimal(1000), amount=Decimal(201))
    assert named(invoice(taxes=(row,))) == [("taxes.0.amount", "base_times_rate")]
    assert named(invoice(tax=Decimal(201), total=Decimal(1201))) == [("tax", "sum_of_taxes")]


def test_what_is_withheld_lessens_the_total() -> None:
    kept = Tax(kind="IRPF", rate=Decimal(15), base=Decimal(1000), amount=Decimal(150), withheld=True)
    taxes = (*invoice().taxes, kept)
    assert named(invoice(taxes=taxes, withheld=Decimal(150), total=Decimal(1060))) == []
    assert named(invoice(taxes=taxes, total=Decimal(1060))) == []
    assert named(invoice(taxes=taxes, withheld=Decimal(150))) == [("total", "net_plus_tax")]
    assert named(invoice(taxes=taxes, withheld=Decimal(160), total=Decimal(1050))) == [("withheld", "sum_of_withheld")]


def test_a_wrong_total_is_named_and_what_is_due_only_when_it_is_wrong_itself() -> None:
    paid = {"prepaid": Decimal(210), "due": Decimal(1000)}
    assert named(invoice(**paid)) == []
    assert named(invoice(**paid, total=Decimal(1270))) == [("total", "net_plus_tax")]
    assert named(invoice(**paid | {"due": Decimal(1001)})) == [("due", "due_amount")]
    rounded = invoice(total=Decimal("1210.40"), rounding=Decimal("0.40"))
    assert named(rounded) == []


@pytest.mark.parametrize(
    ("fields", "allowed", "refused"),
    [
        ({"country": "ES"}, "1210.01", "1210.02"),
        ({"country": "CL", "currency": "CLP", "taxes": ()}, "1211", "1212"),
        ({"country": "CL", "currency": "USD", "taxes": ()}, "1210.01", "1210.02"),
        ({"country": "CO", "currency": "COP", "taxes": ()}, "1211", "1212"),
        ({"country": "PE", "kind": "receipt", "currency": "PEN", "taxes": ()}, "1209.91", "1209.90"),
        ({"country": None, "seller_tax_id": None, "kind": "receipt", "currency": "MYR"}, "1210.04", "1210.05"),
    ],
)
def test_a_country_rounds_in_its_own_way(fields: dict[str, object], allowed: str, refused: str) -> None:
    fields = {"seller_tax_id": None, **fields}
    assert named(invoice(**fields, total=Decimal(allowed))) == []
    assert named(invoice(**fields, total=Decimal(refused))) == [("total", "net_plus_tax")]


def test_papers_with_centavos_are_held_to_them() -> None:
    cents_said = invoice(country="CO", currency="COP", taxes=(), seller_tax_id=None, tax=Decimal("210.50"))
    assert named(cents_said.model_copy(update={"total": Decimal("1210.50")})) == []
    assert named(cents_said.model_copy(update={"total": Decimal("1211.00")})) == [("total", "net_plus_tax")]


def test_what_a_paper_does_not_say_is_no_finding() -> None:
    receipt = BusinessRecord.model_validate({"kind": "receipt", "issue_date": "2025-01-05", "total": "12.50"})
    assert named(receipt) == []
    partial = {"lines": (LineItem(description="coffee", amount=Decimal(2)), LineItem(description="cake"))}
    assert named(receipt.model_copy(update=partial)) == []
    missing_line = {"lines": (LineItem(description="coffee", amount=Decimal(2)),), "net": Decimal("12.50")}
    assert named(receipt.model_copy(update=missing_line)) == []
    bare_rows = {"taxes": (Tax(rate=Decimal(7)), Tax(amount=Decimal(1)))}
    assert named(receipt.model_copy(update=bare_rows)) == []


amounts = st.decimals(Decimal("0.01"), Decimal(50_000), places=2)
quantities = st.decimals(Decimal("0.1"), Decimal(200), places=3)


@st.composite
def consistent(draw: st.DrawFn) -> BusinessRecord:
    """An invoice whose every number was worked out from quantities and prices, rounded as papers do."""
    lines, bases = [], dict.fromkeys((Decimal(21), Decimal(10), Decimal(4)), Decimal(0))
    for _ in range(draw(st.integers(1, 12))):
        quantity, price, rate = draw(quantities), draw(amounts), draw(st.sampled_from(sorted(bases)))
        amount = cents(quantity * price)
        bases[rate] += amount
        lines.append(LineItem(description="a", quantity=quantity, unit_price=price, amount=amount, tax_rate=rate))
    taxes = [
        Tax(kind="IVA", rate=rate, base=base, amount=cents(base * rate / 100)) for rate, base in bases.items() if base
    ]
    net, tax = sum(bases.values(), Decimal(0)), sum((row.amount or Decimal(0) for row in taxes), Decimal(0))
    kept = cents(net * 15 / 100) if draw(st.booleans()) else Decimal(0)
    if kept:
        taxes.append(Tax(kind="IRPF", rate=Decimal(15), base=net, amount=kept, withheld=True))
    total = net + tax - kept
    paid = draw(st.sampled_from([Decimal(0), cents(total / 3)]))
    sums = {"line_total": net, "net": net, "tax": tax, "withheld": kept, "total": total}
    return invoice(lines=lines, taxes=taxes, **sums, prepaid=paid, due=total - paid)


@given(consistent())
def test_a_record_that_was_worked_out_has_no_findings(record: BusinessRecord) -> None:
    assert found(record) == []


@given(consistent(), st.data())
def test_one_amount_changed_by_more_than_rounding_is_named(record: BusinessRecord, data: st.DataObject) -> None:
    assume(any(not row.withheld for row in record.taxes))  # else nothing but the total tells of the tax
    change = data.draw(st.sampled_from([Decimal("0.5"), Decimal(3), Decimal(-7), Decimal(1000)]))
    field = data.draw(st.sampled_from(["total", "tax", "net", "due", "lines.0.amount", "taxes.0.amount"]))
    if "." in field:
        table, _, name = field.split(".")
        parts = list(getattr(record, table))
        parts[0] = parts[0].model_copy(update={name: getattr(parts[0], name) + change})
        altered = record.model_copy(update={table: tuple(parts)})
    else:
        altered = record.model_copy(update={field: getattr(record, field) + change})
    fields = {one.field for one in found(altered)}
    # Net and tax cannot be told from the total by the total's rule; each has a second rule of its own, if it has rows.
    assert field in fields
    assert fields <= {field, "total"}


def test_bank_statements_must_meet_with_movements_and_without() -> None:
    statement = {"kind": DocumentType.BANK_STATEMENT, "opening_balance": "1", "closing_balance": "7"}
    assert named(BusinessRecord.model_validate(statement)) == [("closing_balance", "balances_meet")]
    movement = {"date": "2025-03-01", "amount": "5"}
    assert named(BusinessRecord.model_validate(statement | {"transactions": [movement]})) == [
        ("closing_balance", "balances_meet")
    ]
