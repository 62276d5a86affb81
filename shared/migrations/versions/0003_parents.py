"""Documents that came out of others, and what the virus scanner said.

Revision ID: 0003
"""

from shared.migrations.scripts import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add columns to the documents, and the table of members with its row-level security."""
    run_script("0003_parents.sql")
