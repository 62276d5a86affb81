"""Rates in force on the day, where the record says which country and which day."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.countries import countries
from tests.domain.countries.records import found, invoice, line, named, taxed


@pytest.mark.parametrize(
    ("code", "day", "percent"),
    [
        *[
            ("ES", "2022-08-01", "5"),
            ("ES", "2024-11-01", "7.5"),
            ("ES", "2011-05-05", "18"),
            ("PT", "2024-12-01", "4"),
        ],
        *[
            ("DE", "2020-10-01", "16"),
            ("DE", "2020-10-01", "5"),
            ("FR", "2020-01-01", "2.1"),
            ("IT", "2020-01-01", "5"),
        ],
        *[
            ("MX", "2023-01-01", "8"),
            ("AR", "2025-01-20", "10.5"),
            ("AR", "2025-01-20", "27"),
            ("CO", "2024-01-01", "5"),
        ],
        *[
            ("PE", "2023-01-01", "10"),
            ("EC", "2024-05-01", "5"),
            ("EC", "2024-05-01", "15"),
            ("CL", "2024-05-01", "19"),
        ],
    ],
)
def test_a_rate_of_its_time_is_right(code: str, day: str, percent: str) -> None:
    assert named(taxed(percent, country=code, issue_date=date.fromisoformat(day))) == []


@pytest.mark.parametrize(
    ("code", "day", "percent"),
    [
        *[
            ("ES", "2013-05-05", "18"),
            ("ES", "2025-03-01", "5"),
            ("ES", "2012-08-31", "21"),
            ("PT", "2024-12-01", "19"),
        ],
        *[
            ("DE", "2021-10-05", "16"),
            ("DE", "2022-10-01", "5"),
            ("FR", "2020-01-01", "19.6"),
            ("IT", "2020-01-01", "20"),
        ],
        *[
            ("MX", "2012-01-01", "15"),
            ("AR", "2025-01-20", "19"),
            ("CO", "2024-01-01", "16"),
            ("PE", "2022-01-01", "10"),
        ],
        *[
            ("EC", "2024-03-31", "15"),
            ("EC", "2025-05-01", "12"),
            ("CL", "2024-05-01", "18"),
            ("GB", "2024-05-01", "17.5"),
        ],
    ],
)
def test_a_rate_of_another_time_is_named_with_those_in_force(code: str, day: str, percent: str) -> None:
    only = found(taxed(percent, country=code, issue_date=date.fromisoformat(day)))
    assert [(one.field, one.value, one.rule) for one in only] == [("taxes.0.rate", percent, "rate_in_force")]
    standard = next(
        rate.percent
        for rate in countries()[code].taxes[0].rates
        if rate.name == "standard" and rate.since <= date.fromisoformat(day) <= rate.until
    )
    assert f"{standard:f}" in only[0].message
    assert day in only[0].message_es


def test_a_bill_may_follow_the_supply_and_a_credit_note_its_invoice() -> None:
    assert named(taxed("16", country="DE", issue_date=date(2021, 1, 31))) == []
    assert named(taxed("16", country="DE", issue_date=date(2021, 6, 30))) != []
    assert named(taxed("16", country="DE", issue_date=date(2024, 6, 30), credit=True)) == []
    assert named(taxed("18", country="ES", issue_date=date(2024, 6, 30), credit=True)) != []


def test_nothing_is_said_of_a_rate_where_country_or_day_are_not_known() -> None:
    assert named(taxed("13.7")) == [("taxes.0.rate", "rate_in_force")]
    assert named(taxed("13.7", country=None)) == []
    assert named(taxed("13.7", country="JP")) == []
    assert named(taxed("13.7", issue_date=None)) == [("issue_date", "required")]
    assert named(taxed("13.7", country=None, currency="MXN")) == []
    assert named(taxed("13.7", issue_date=date(1985, 1, 1))) == []


def test_a_right_tax_number_of_the_seller_says_the_country_as_well() -> None:
    assert named(taxed("13.7", country=None, seller_tax_id="ES-B98602642")) == [("taxes.0.rate", "rate_in_force")]
    assert named(taxed("13.7", country=None, seller_tax_id="B98602643")) == [("seller_tax_id", "tax_id_check_digit")]


def test_within_the_union_the_buyers_rate_is_right_and_nowhere_else() -> None:
    assert named(taxed("23", country="ES", buyer_country="PT")) == []
    assert named(taxed("25", country="ES", buyer_country="SE")) == []
    assert named(taxed("23", country="ES", buyer_country="FR")) == [("taxes.0.rate", "rate_in_force")]
    assert named(taxed("16", country="ES", buyer_country="MX")) == [("taxes.0.rate", "rate_in_force")]


def test_zero_is_right_anywhere_and_taxes_without_a_closed_list_are_left_alone() -> None:
    for code in countries():
        assert named(taxed("0", country=code or None)) == []
    assert named(taxed("31.5", country="CL", row={"kind": "ILA"})) == []
    assert named(taxed("3.5", country="AR", row={"kind": "Ingresos Brutos"})) == []


@pytest.mark.parametrize(
    ("code", "kind", "right", "wrong"),
    [
        ("ES", "IRPF", "15", "14"),
        ("ES", "I.R.P.F.", "19", "21"),
        ("PT", "IRS", "23", "22"),
        ("IT", "IRPEF", "20", "22"),
        ("MX", "ISR", "1.25", "12"),
        ("MX", "IVA", "10.6667", "11"),
        ("CL", "Retención", "14.5", "13.75"),
        ("PE", "IR", "8", "10"),
    ],
)
def test_what_is_withheld_has_its_own_rates(code: str, kind: str, right: str, wrong: str) -> None:
    row = {"kind": kind, "withheld": True}
    assert named(taxed(right, country=code, issue_date=date(2025, 5, 5), row=row)) == []
    broken = taxed(wrong, country=code, issue_date=date(2025, 5, 5), row=row)
    assert named(broken) == [("taxes.0.rate", "rate_in_force")]


def test_spanish_surcharges_and_island_taxes_have_theirs() -> None:
    for kind, right, wrong in (("RE", "5.2", "4"), ("recargo de equivalencia", "1.4", "2"), ("IGIC", "7", "6.5")):
        assert named(taxed(right, country="ES", row={"kind": kind})) == []
        assert named(taxed(wrong, country="ES", row={"kind": kind})) == [("taxes.0.rate", "rate_in_force")]


def test_a_line_s_rate_is_one_of_any_tax_of_the_country() -> None:
    right = (line("900", "2", "450", tax_rate="7"), line("100", "4", "25", tax_rate="21"))
    wrong = (line("900", "2", "450", tax_rate="13.7"), line("100", "4", "25", tax_rate="21"))
    assert named(invoice(lines=right)) == []
    assert named(invoice(lines=wrong)) == [("lines.0.tax_rate", "rate_in_force")]


@given(
    st.sampled_from(sorted(code for code, one in countries().items() if one.tax("VAT"))),
    st.dates(date(2012, 10, 1), date(2025, 6, 30)),
    st.decimals(Decimal("0.5"), Decimal(30), places=1),
)
def test_a_rate_is_a_finding_when_and_only_when_no_table_has_it(code: str, day: date, percent: Decimal) -> None:
    tax = countries()[code].tax("VAT")
    assert tax is not None
    known = any(rate.percent == percent and rate.since <= day and (day - rate.until).days <= 92 for rate in tax.rates)
    fields = {one.field for one in found(taxed(f"{percent}", country=code, issue_date=day))}
    assert fields == (set() if known else {"taxes.0.rate"})
