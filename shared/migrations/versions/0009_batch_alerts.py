"""A batch that fails in parts is a signal, waiting for one's turn is none, and open dead letters are a queue.

Revision ID: 0009
"""

from shared.migrations.scripts import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the function, and replace two."""
    run_script("0009_batch_alerts.sql")
