"""Runs the SQL files that stand beside the revisions."""

from __future__ import annotations

import os
import re
from pathlib import Path

from alembic import op

VERSIONS = Path(__file__).parent / "versions"


def run_script(name: str) -> None:
    """Run one file in the migration's transaction; `{app_role}` in it is the role that the app signs in as."""
    role = os.environ.get("APP_DATABASE_ROLE", "theogen_app")
    if not re.fullmatch(r"[A-Za-z_][\w-]*", role):
        msg = f"APP_DATABASE_ROLE is not a role name: {role!r}"
        raise ValueError(msg)
    sql = (VERSIONS / name).read_text("utf-8").replace("{app_role}", f'"{role}"')
    connection = op.get_bind().connection.dbapi_connection
    # The driver's own execute takes a script of many statements; SQLAlchemy's prepared statements take one.
    connection.run_async(lambda driver: driver.execute(sql))  # type: ignore[union-attr]
