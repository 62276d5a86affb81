"""Database, roles and extensions, made as they should be each time Postgres starts."""

import asyncpg

DATABASE = "theogen"
OWNER = "theogen_owner"
APP = "theogen_app"
EXTENSIONS = ("vector", "pg_trgm", "unaccent", "btree_gin")

# Row-level security holds for a role that is neither superuser nor owner nor allowed to bypass it.
_POWERLESS = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT"


async def accepts(port: int, passwords: dict[str, str]) -> bool:
    """Whether the server takes a connection. A wrong password is raised: waiting would not help."""
    try:
        connection = await _connect(port, passwords, "postgres")
    except (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
        return False
    await connection.close()
    return True


async def ensure(port: int, passwords: dict[str, str]) -> None:
    """Create what is missing and set the passwords that the stack knows. May run any number of times."""
    admin = await _connect(port, passwords, "postgres")
    try:
        known = {row["rolname"] for row in await admin.fetch("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APP):
            verb = "ALTER" if role in known else "CREATE"
            await admin.execute(f"{verb} ROLE {role} {_POWERLESS} PASSWORD '{passwords[role]}'")
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await admin.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    finally:
        await admin.close()
    inside = await _connect(port, passwords, DATABASE)
    try:
        present = {row["extname"] for row in await inside.fetch("SELECT extname FROM pg_extension")}
        for extension in EXTENSIONS:
            if extension not in present:
                await inside.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    finally:
        await inside.close()


async def _connect(port: int, passwords: dict[str, str], database: str) -> asyncpg.Connection:
    return await asyncpg.connect(
        host="127.0.0.1",
        port=port,
        user="postgres",
        password=passwords["postgres"],
        database=database,
        ssl=False,
        timeout=10,
    )
