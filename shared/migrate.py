"""Brings the database to the newest revision: `python -m shared.migrate`, with MIGRATION_DATABASE_URL (the owner's)."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def upgrade(database_url: str) -> None:
    """Apply every revision that is missing; a current database stays as it is. `database_url` signs in as the owner."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = database_url.replace("postgresql://", "postgresql+asyncpg://", 1)
    command.upgrade(config, "head")


if __name__ == "__main__":
    url = os.environ.get("MIGRATION_DATABASE_URL", "")
    if not url:
        sys.exit("Set MIGRATION_DATABASE_URL to the database with its owner's role.")
    upgrade(url)
