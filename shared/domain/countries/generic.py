"""Where no country is known: no tax ids and no rates to hold a paper to, only arithmetic, dates and ISO codes."""

from decimal import Decimal

from shared.domain.country import Country

# Cash is rounded to five hundredths in many places, such as Malaysia, Switzerland, Canada and Australia.
COUNTRY = Country(code="", cash_step=Decimal("0.05"))
