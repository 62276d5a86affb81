"""Embeddings that were paid for, and what each deployment was used for.

Revision ID: 0015
"""

from shared.migrations.scripts import run_script

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create the tables and the function that metrics read."""
    run_script("0015_embeddings.sql")
