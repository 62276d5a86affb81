"""What operators see of the whole fleet: counters, durations, depths of queues.

Revision ID: 0006
"""

from shared.migrations.scripts import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create tables and functions."""
    run_script("0006_fleet.sql")
