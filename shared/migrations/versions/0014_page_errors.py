"""Why a page could not be read, as a code.

Revision ID: 0014
"""

from shared.migrations.scripts import run_script

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column."""
    run_script("0014_page_errors.sql")
