"""Embeddings that were paid for, and what each deployment was used for.

Revision ID: 0013
"""

from shared.migrations.scripts import run_script

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the tables and the function that metrics read."""
    run_script("0013_embeddings.sql")
