"""The first tables, and row-level security on all of them.

Revision ID: 0001
"""

from shared.migrations.scripts import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    run_script("0001_first_tables.sql")
    run_script("0001_row_security.sql")
