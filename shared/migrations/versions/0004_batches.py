"""Batches, dead letters, and hints that correct a document before it is tried again.

Revision ID: 0004
"""

from shared.migrations.scripts import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables, with row-level security."""
    run_script("0004_batches.sql")
