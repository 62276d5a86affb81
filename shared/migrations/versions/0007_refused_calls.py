"""A call that the provider refused gives its slot back.

Revision ID: 0007
"""

from shared.migrations.scripts import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the function."""
    run_script("0007_refused_calls.sql")
