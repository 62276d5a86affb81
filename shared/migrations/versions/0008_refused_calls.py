"""A call that the provider refused gives its slot back.

Revision ID: 0008
"""

from shared.migrations.scripts import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the function."""
    run_script("0008_refused_calls.sql")
