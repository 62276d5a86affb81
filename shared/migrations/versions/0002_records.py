"""What offices read of a record, corrections of records, and search by words.

Revision ID: 0002
"""

from shared.migrations.scripts import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Extend the tables of records, add those of their corrections, and index the words of passages."""
    run_script("0002_records.sql")
    run_script("0002_words.sql")
