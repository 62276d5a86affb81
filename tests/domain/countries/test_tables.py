"""The tables themselves, and what a new country needs."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import shared.domain.countries
from shared.domain.amounts import CURRENCIES
from shared.domain.countries import countries, country
from shared.domain.country import Country
from tests.domain.countries.records import invoice, named, taxed

MADE_UP = """
from shared.domain.country import Country, Numbering, TaxId, TaxRule, rate

COUNTRY = Country(
    code="XX",
    title=("Utopia", "Utopía"),
    currencies=("FJD",),
    tax_ids=(TaxId("UTN", r"U\\d{3}", lambda number: sum(map(int, number[1:])) % 10 == 0),),
    taxes=(TaxRule("UTAX", (rate("standard", "11", "2020-01-01"),), general=True),),
    numbering=Numbering(r"U-\\d+", "U-1"),
)
"""


@pytest.fixture
def utopia(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    """One more file beside those of the package."""
    (tmp_path / "xx.py").write_text(MADE_UP)
    monkeypatch.setattr(shared.domain.countries, "__path__", [*shared.domain.countries.__path__, str(tmp_path)])
    countries.cache_clear()
    found = country("xx")
    assert found is not None
    yield found
    countries.cache_clear()
    sys.modules.pop("shared.domain.countries.xx", None)


def test_a_new_country_is_one_file_and_nothing_else(utopia: Country) -> None:
    right = taxed("11", country="XX", currency="FJD", number="U-7", seller_tax_id="U019")
    wrong = taxed("12", country="XX", currency="MXN", number="7", seller_tax_id="U018")
    assert named(right) == []
    assert named(wrong) == [
        ("number", "document_number"),
        ("seller_tax_id", "tax_id_check_digit"),
        ("currency", "currency_of_country"),
        ("taxes.0.rate", "rate_in_force"),
    ]


def test_without_its_file_nobody_knows_the_country() -> None:
    assert country("XX") is None
    assert named(taxed("12", country="XX", number="7", seller_tax_id="U018")) == []


def test_all_the_countries_that_were_asked_for_are_there() -> None:
    assert {"", "ES", "PE", "EC", "CL", "CO", "MX", "AR", "FR", "DE", "IT", "PT"} <= set(countries())


@pytest.mark.parametrize("code", sorted(code for code in countries() if code))
def test_a_country_s_table_is_whole(code: str) -> None:
    one = countries()[code]
    assert one.code == code
    assert all(one.title)
    assert set(one.currencies) <= CURRENCIES
    assert one.tax_ids
    assert sum(tax.general and not tax.withheld for tax in one.taxes) <= 1
    for tax in one.taxes:
        assert tax.name == tax.name.upper()
        for rate in tax.rates:
            assert rate.since <= rate.until
            assert 0 < rate.percent <= 100


@pytest.mark.parametrize(
    ("code", "day", "standard"),
    [
        *[
            ("ES", "2010-06-30", "16"),
            ("ES", "2010-07-01", "18"),
            ("ES", "2012-08-31", "18"),
            ("ES", "2012-09-01", "21"),
        ],
        *[
            ("DE", "2006-12-31", "16"),
            ("DE", "2007-01-01", "19"),
            ("DE", "2020-07-01", "16"),
            ("DE", "2021-01-01", "19"),
        ],
        *[("FR", "2013-12-31", "19.6"), ("FR", "2014-01-01", "20"), ("IT", "2011-09-16", "20")],
        *[
            ("IT", "2011-09-17", "21"),
            ("IT", "2013-10-01", "22"),
            ("PT", "2010-12-31", "21"),
            ("PT", "2011-01-01", "23"),
        ],
        *[
            ("EC", "2016-06-01", "14"),
            ("EC", "2024-03-31", "12"),
            ("EC", "2024-04-01", "15"),
            ("MX", "2009-12-31", "15"),
        ],
        *[
            ("MX", "2010-01-01", "16"),
            ("PE", "2011-02-28", "19"),
            ("PE", "2011-03-01", "18"),
            ("CL", "2003-10-01", "19"),
        ],
        *[
            ("CO", "2016-12-31", "16"),
            ("CO", "2017-01-01", "19"),
            ("AR", "2025-01-01", "21"),
            ("GR", "2016-06-01", "24"),
        ],
        *[
            ("PL", "2011-01-01", "23"),
            ("NL", "2012-10-01", "21"),
            ("GB", "2011-01-04", "20"),
            ("BE", "2020-01-01", "21"),
        ],
    ],
)
def test_one_standard_rate_is_in_force_on_a_day(code: str, day: str, standard: str) -> None:
    tax = countries()[code].tax("VAT")
    assert tax is not None
    when = date.fromisoformat(day)
    in_force = [rate.percent for rate in tax.rates if rate.name == "standard" and rate.since <= when <= rate.until]
    assert in_force == [Decimal(standard)]


def test_the_domain_loads_no_library_of_check_digits_before_it_is_asked() -> None:
    code = "import sys; from shared.domain.validation import validate; from shared.domain.countries import countries"
    code += "; countries(); print('stdnum' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_a_country_goes_by_its_other_codes_too() -> None:
    assert country("EL") is country("gr") is countries()["GR"]
    assert country(None) is None
    assert named(invoice()) == []
