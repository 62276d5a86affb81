"""Why a page could not be read, as a code.

Revision ID: 0012
"""

from shared.migrations.scripts import run_script

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column."""
    run_script("0012_page_errors.sql")
