"""A stage begins and ends in one round trip each, and so does each entry in the ledger.

Revision ID: 0012
"""

from shared.migrations.scripts import run_script

revision = "0012"
down_revision = "0010"


def upgrade() -> None:
    """Add functions with the caller's rights."""
    run_script("0012_round_trips.sql")
