"""The schema: it can be brought up any number of times, and no table escapes row-level security."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from shared.migrate import upgrade
from tests.support.database import Study

ROOT = Path(__file__).parents[3]

_SHAPE = """
select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
where table_schema = 'public' order by table_name, ordinal_position
"""
_TABLES = """
select c.oid::regclass::text as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
    exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull)
        as has_tenant,
    (select count(*) from pg_policy p where p.polrelid = c.oid and p.polcmd = '*'
        and p.polqual is not null and p.polwithcheck is not null) as policies,
    has_table_privilege('theogen_app', c.oid, 'select, insert, update, delete, truncate') as reached
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1
"""


async def ask(url: str, query: str, *arguments: Any) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(url)
    try:
        return [dict(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


def test_migrating_a_current_database_changes_nothing(migrated_url: str, postgres_owner_url: str) -> None:
    before = asyncio.run(ask(postgres_owner_url, _SHAPE))
    upgrade(postgres_owner_url)
    assert asyncio.run(ask(postgres_owner_url, _SHAPE)) == before


async def test_two_deployments_may_migrate_an_empty_database_at_once(postgres_owner_url: str) -> None:
    schema = f"fresh_{uuid.uuid4().hex}"
    await ask(postgres_owner_url, f"create schema {schema}")
    program = (
        "import os, sqlalchemy, sqlalchemy.ext.asyncio as sa\n"
        "make = sa.create_async_engine\n"
        "def within(url, **more):\n"
        "    settings = {'server_settings': {'search_path': os.environ['SCHEMA']}}\n"
        "    return make(url, connect_args=settings, **more)\n"
        "sa.create_async_engine = within\n"
        "from shared.migrate import upgrade\n"
        "upgrade(os.environ['MIGRATION_DATABASE_URL'])\n"
    )
    environ = {**os.environ, "MIGRATION_DATABASE_URL": postgres_owner_url, "SCHEMA": schema}
    running = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, cwd=ROOT, env=environ, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    ends = await asyncio.gather(*(process.communicate() for process in running))
    assert [process.returncode for process in running] == [0, 0], ends
    tables = await ask(postgres_owner_url, "select count(*)::int as n from pg_tables where schemaname = $1", schema)
    assert tables[0]["n"] > 20
    await ask(postgres_owner_url, f"drop schema {schema} cascade")


async def test_every_table_belongs_to_tenants_and_forces_row_level_security(
    migrated_url: str, postgres_owner_url: str
) -> None:
    tables = [t for t in await ask(postgres_owner_url, _TABLES) if t["reached"]]
    assert len(tables) > 20
    open_doors = [t for t in tables if not (t["enabled"] and t["forced"] and t["has_tenant"] and t["policies"] == 1)]
    assert open_doors == []


async def test_what_belongs_to_no_tenant_is_out_of_the_app_s_reach(migrated_url: str, postgres_owner_url: str) -> None:
    closed = {t["name"] for t in await ask(postgres_owner_url, _TABLES) if not t["reached"]}
    assert closed == {
        "alembic_version",
        "model_budgets",
        "model_slots",
        "model_lines",
        "fleet_totals",
        "fleet_summed",
        "fleet_warmth",
    }


async def test_the_app_role_owns_nothing_and_cannot_bypass_row_level_security(migrated_url: str) -> None:
    [role] = await ask(
        migrated_url, "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user"
    )
    assert role == {"rolsuper": False, "rolbypassrls": False, "rolcreaterole": False}
    assert await ask(migrated_url, "select tablename from pg_tables where tableowner = current_user") == []
    for attempt in (
        "alter table documents disable row level security",
        "alter table documents no force row level security",
        "drop policy tenant on documents",
        "create policy mine on documents using (true)",
        "set role theogen_owner",
        "truncate documents",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await ask(migrated_url, attempt)


async def test_the_app_role_may_only_read_and_write_rows(migrated_url: str, postgres_owner_url: str) -> None:
    granted = await ask(
        postgres_owner_url,
        "select distinct privilege_type from information_schema.role_table_grants "
        "where grantee = 'theogen_app' and table_schema = 'public'",
    )
    assert {row["privilege_type"] for row in granted} == {"SELECT", "INSERT", "UPDATE", "DELETE"}


async def test_functions_that_see_every_tenant_are_closed_to_all_but_the_app(
    migrated_url: str, postgres_owner_url: str
) -> None:
    functions = await ask(
        postgres_owner_url,
        "select p.oid::regprocedure::text as name, has_function_privilege('theogen_app', p.oid, 'execute') as app, "
        "coalesce(p.proacl::text ~ '[{,]=X', true) as everybody, p.proconfig::text as config "
        "from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' and p.prosecdef",
    )
    assert {f["name"].split("(")[0] for f in functions} == {
        *("fleet_waiting_documents", "fleet_waiting_runs", "reserve_model_call", "refund_model_tokens", "hold_model"),
        "return_model_call",
        *("fleet_sum_up", "fleet_metrics", "fleet_queues", "fleet_signals", "fleet_revision", "search_passages"),
        *("fleet_waiting_items", "fleet_batch_signals"),
        *("fleet_model_usage", "fleet_record_warmth", "fleet_warmups", "fleet_warmup_signals"),
    }
    assert all(f["app"] and not f["everybody"] and "search_path" in f["config"] for f in functions)


async def test_without_a_tenant_the_app_sees_no_row_of_any_table(
    study: Study, migrated_url: str, postgres_owner_url: str
) -> None:
    await study.document()
    for table in await ask(postgres_owner_url, _TABLES):
        if table["reached"]:
            [row] = await ask(migrated_url, f"select count(*)::int as n from {table['name']}")
            assert row["n"] == 0, table["name"]


async def test_a_tenant_neither_sees_nor_changes_nor_writes_rows_of_another(study: Study) -> None:
    other = await Study.begin(study.database)
    document = await other.document()
    async with study.database.tenant_connection(study.tenant_id) as db:
        assert await db.fetchval("select count(*) from documents") == 0
        assert await db.execute("update documents set name = 'taken'") == "UPDATE 0"
        assert await db.execute("delete from documents") == "DELETE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute(
                "insert into documents (document_id, tenant_id, project_id, name, sha256, size) "
                "values ($1, $2, $3, 'x', 'y', 1)",
                str(uuid.uuid4()), other.tenant_id, other.project_id,
            )  # fmt: skip
    async with study.database.tenant_connection(study.tenant_id) as db:
        await db.execute("insert into tenants (tenant_id) values ($1) on conflict do nothing", study.tenant_id)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute("update tenants set tenant_id = $1", other.tenant_id)
    assert (await other.read(document.document_id)).name == document.name


async def test_a_tenant_does_not_stay_on_a_connection_that_goes_back_to_the_pool(study: Study) -> None:
    await study.document()
    async with study.database.connection() as db:
        assert await db.fetchval("select current_setting('app.tenant_id', true)") in (None, "")
        assert await db.fetchval("select count(*) from documents") == 0
