"""Whatever a record says, validation answers with findings, and with none that is larger than a page."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.business import BusinessRecord
from shared.domain.countries import countries
from shared.domain.duplicates import duplicate_key
from shared.domain.validation import validate
from tests.domain.countries.records import found, invoice, line, named


@pytest.mark.parametrize("number", ["1E+14", "1E+40", "-1E+999999", "1E-13", "1E-999999"])
def test_a_number_beyond_all_papers_is_named_and_nothing_is_made_of_it(number: str) -> None:
    wrong = invoice(lines=(line("900", "2", number), line("100", "4", "25")), total=Decimal(number))
    assert named(wrong) == [("lines.0.unit_price", "number_is_plausible"), ("total", "number_is_plausible")]
    assert all(len(one.message) < 300 and len(one.value) < 100 for one in found(wrong))
    assert duplicate_key(wrong) is not None


def test_large_and_fine_numbers_of_real_papers_are_left_alone() -> None:
    large = "99999999999999.99"
    assert named(invoice(lines=(), taxes=(), net=large, tax="0", total=large)) == []
    fine = (line("900", "7692.307692307692", "0.117000000000"), line("100", "4", "25"))
    assert named(invoice(lines=fine)) == []


texts = st.one_of(st.none(), st.text(max_size=40), st.from_regex(r"\A[A-Z]{0,4}[0-9]{5,14}[A-Z0-9]?\Z"))
numbers = st.one_of(st.none(), st.decimals(allow_nan=False, allow_infinity=False))
codes = st.one_of(st.none(), st.sampled_from(sorted(countries())), st.text(max_size=3))
days = st.one_of(st.none(), st.dates())
money = ["net", "tax", "withheld", "rounding", "total", "prepaid", "due", "line_total"]
names = ["seller_tax_id", "buyer_tax_id", "number", "seller_address", "currency", "iban", "seller_name"]


@given(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["invoice", "receipt", "bank_statement"]),
            **dict.fromkeys(money, numbers),
            **dict.fromkeys(names, texts),
            **dict.fromkeys(["country", "seller_country", "buyer_country"], codes),
            **dict.fromkeys(["issue_date", "due_date", "opening_date", "closing_date"], days),
            "taxes": st.lists(st.fixed_dictionaries({"kind": st.text(max_size=5), "rate": numbers, "base": numbers})),
            "lines": st.lists(
                st.fixed_dictionaries(
                    {"description": st.just("a"), "quantity": numbers, "unit_price": numbers, "amount": numbers}
                ),
                max_size=3,
            ),
        }
    ),
    st.one_of(st.none(), st.dates(max_value=date(9999, 12, 30))),
)
def test_no_record_breaks_validation(fields: dict[str, object], today: date | None) -> None:
    record = BusinessRecord.model_validate(fields)
    for one in validate(record, today):
        assert one.field
        assert one.message
        assert one.message_es
        assert len(one.message) < 1000
    duplicate_key(record)
