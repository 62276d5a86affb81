"""The balance after a movement, where the statement shows it.

Revision ID: 0011
"""

from shared.migrations.scripts import run_script

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column."""
    run_script("0011_running_balances.sql")
