"""The app's role and the tables on a real server; Azure's function that makes a role of an identity is stood in for."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from localhost.stack import Stack
from tests.infra.bicep import ROOT

# Azure's own function takes name, administrator, multi-factor and makes a role that may sign in.
MAKE_ROLE = """
create or replace function pgaadauth_create_principal(name text, is_admin boolean, is_mfa boolean) returns text
language plpgsql as $$ begin execute format('create role %I login', name); return 'Created role'; end $$
"""


@pytest.fixture
async def server(stack: Stack) -> AsyncIterator[tuple[asyncpg.Connection, dict[str, str], str]]:
    """An administrator's connection, the environment of the hook, and the name of the app's role."""
    settings = stack.start({"postgres"}).settings
    port, password = urlsplit(settings["DATABASE_URL"]).port, stack.place.passwords["postgres"]
    admin = await asyncpg.connect(host="127.0.0.1", port=port, user="postgres", database="postgres", password=password)
    database, role = f"hook_{secrets.token_hex(4)}", f"id-{secrets.token_hex(4)}"
    await admin.execute(MAKE_ROLE)
    await admin.execute(f"create database {database}")
    environ = {
        "PATH": os.environ["PATH"], "POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": str(port), "PGPASSWORD": password,
        "POSTGRES_DATABASE": database, "DATABASE_OWNER": "postgres", "APP_DATABASE_ROLE": role,
    }  # fmt: skip
    yield admin, environ, role
    await admin.execute(f"drop database {database} with (force)")
    await admin.execute(f'drop role if exists "{role}"')
    await admin.execute("drop function pgaadauth_create_principal")
    await admin.close()


def hook(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infra.hooks.database"]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True)


async def test_the_role_and_the_tables_are_made_once_and_a_second_run_changes_nothing(
    server: tuple[asyncpg.Connection, dict[str, str], str],
) -> None:
    admin, environ, role = server
    first, second = hook(environ), hook(environ)
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[0] == f"Created the role {role}."
    assert second.stdout.splitlines()[0] == f"Found the role {role}."
    assert second.returncode == 0, second.stderr
    row = await admin.fetchrow("select rolsuper, rolbypassrls, rolcanlogin from pg_roles where rolname = $1", role)
    assert row is not None
    assert dict(row) == {"rolsuper": False, "rolbypassrls": False, "rolcanlogin": True}
    inside = await asyncpg.connect(
        host="127.0.0.1", port=int(environ["POSTGRES_PORT"]), user="postgres", password=environ["PGPASSWORD"],
        database=environ["POSTGRES_DATABASE"],
    )  # fmt: skip
    try:
        assert await inside.fetchval("select has_table_privilege($1, 'documents', 'select, insert, update')", role)
    finally:
        await inside.close()


def test_what_is_missing_is_named() -> None:
    done = hook({"PATH": os.environ["PATH"], "POSTGRES_HOST": "127.0.0.1"})
    assert done.returncode != 0
    assert done.stderr.strip() == "Set POSTGRES_DATABASE, DATABASE_OWNER, APP_DATABASE_ROLE, PGPASSWORD."


def test_a_server_that_cannot_be_reached_is_said_with_what_to_do() -> None:
    environ = {
        "PATH": os.environ["PATH"], "POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": "1", "PGPASSWORD": "x",
        "POSTGRES_DATABASE": "x", "DATABASE_OWNER": "x", "APP_DATABASE_ROLE": "x",
    }  # fmt: skip
    done = hook(environ)
    assert done.returncode == 1
    assert "DEPLOYER_IP" in done.stderr
    assert "Traceback" not in done.stderr
