"""How warm each worker process is, for the whole fleet.

Revision ID: 0007
"""

from shared.migrations.scripts import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create table and functions."""
    run_script("0007_warmup.sql")
