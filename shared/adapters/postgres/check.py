"""Whether the database can be used: sign-in, revision, row-level security, indexes, clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.domain.errors import NotReady, TimedOut, Unavailable

if TYPE_CHECKING:
    import asyncpg

    from shared.adapters.postgres.database import Database

MOST_SKEW = 30.0  # seconds; leases, tokens and signatures of requests rely on clocks

_ROLE = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
_OPEN = """
select string_agg(c.relname, ', ' order by c.relname) from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'tenant_id'
  and has_table_privilege(c.oid, 'select') and not (c.relrowsecurity and c.relforcerowsecurity)
"""
_INVALID = """
select string_agg(i.indexrelid::regclass::text, ', ') from pg_index i join pg_class c on c.oid = i.indrelid
where c.relnamespace = 'public'::regnamespace and not i.indisvalid
"""


async def check_database(database: Database, newest: str) -> str:
    """Everything about the tables; `newest` is the revision that the app's code expects."""
    import asyncpg

    try:
        async with database.connection() as db:
            revision = await _revision(db, newest)
            await _check_guards(db)
    except (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError) as error:
        raise NotReady(
            "The database refuses the role or its password.",
            "Set DATABASE_URL to the app's role and its present password (in Azure: the identity's role in the database).",
        ) from error
    except asyncpg.InvalidCatalogNameError as error:
        raise NotReady(
            "The server has no such database.", "Create it, or correct the name at the end of DATABASE_URL."
        ) from error
    except (Unavailable, TimedOut) as error:
        if isinstance(error, NotReady):
            raise
        raise NotReady(
            "The database does not answer.",
            "See whether it runs, and whether host and port in DATABASE_URL can be reached from here (firewall, network).",
        ) from error
    return f"revision {revision}"


async def _revision(db: asyncpg.Connection, newest: str) -> str:
    import asyncpg

    try:
        found = await db.fetchval("select fleet_revision()")
    except (asyncpg.UndefinedFunctionError, asyncpg.UndefinedTableError):
        found = None
    if found != newest:
        raise NotReady(
            f"The database's tables are at revision {found or 'unknown'}; the app expects {newest}.",
            "Run `python -m shared.migrate` with MIGRATION_DATABASE_URL (the owner's role), or deploy the app of that revision.",
        )
    return str(found)


async def _check_guards(db: asyncpg.Connection) -> None:
    if await db.fetchval(_ROLE):
        raise NotReady(
            "The app signs in with a role that row-level security does not bind.",
            "Use a role without SUPERUSER and BYPASSRLS in DATABASE_URL (APP_DATABASE_ROLE, default theogen_app).",
        )
    if tables := await db.fetchval(_OPEN):
        raise NotReady(
            f"Row-level security is off or not forced on {tables}.",
            "Switch it on: `alter table … enable row level security; alter table … force row level security`.",
        )
    if indexes := await db.fetchval(_INVALID):
        raise NotReady(f"Indexes are not valid: {indexes}.", "Rebuild them: `reindex index concurrently …`.")


async def check_clock(database: Database) -> str:
    """This machine's clock beside the database's."""
    try:
        async with database.connection() as db:
            before = datetime.now(UTC)
            theirs = await db.fetchval("select clock_timestamp()")
            after = datetime.now(UTC)
    except Exception as error:
        raise NotReady("Nothing to compare this machine's clock with.", "See the database's own check.") from error
    skew = (before - theirs).total_seconds() if theirs < before else max((theirs - after).total_seconds(), 0.0)
    if skew > MOST_SKEW:
        raise NotReady(
            f"This machine's clock and the database's differ by {skew:.0f} seconds.",
            "Let both follow a time server (NTP): sign-in tokens and leases fail with wrong clocks.",
        )
    return f"{skew:.1f} s apart"
