"""Limits for the whole fleet: requests of a tenant, calls of a model deployment, and what a tenant has spent.

Revision ID: 0005
"""

from shared.migrations.scripts import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create tables and functions."""
    run_script("0005_limits.sql")
