"""The balance after a movement, where the statement shows it.

Revision ID: 0013
"""

from shared.migrations.scripts import run_script

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column."""
    run_script("0013_running_balances.sql")
