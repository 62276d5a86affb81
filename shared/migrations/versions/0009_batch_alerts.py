"""A batch that fails in parts is a signal, and open dead letters are a queue that an operator looks at.

Revision ID: 0009
"""

from shared.migrations.scripts import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Replace two functions."""
    run_script("0009_batch_alerts.sql")
