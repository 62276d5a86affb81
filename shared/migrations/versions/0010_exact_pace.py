"""Calls that go out are metered exactly: never more within a short window than the rate allows there.

Revision ID: 0010
"""

from shared.migrations.scripts import run_script

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Replace two functions, and the column that they keep their times in."""
    run_script("0010_exact_pace.sql")
