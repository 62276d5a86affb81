"""The app's role and the tables: `python -m infra.hooks.database`, with the owner's token in PGPASSWORD.

Takes POSTGRES_HOST, POSTGRES_PORT (5432), POSTGRES_DATABASE, DATABASE_OWNER and APP_DATABASE_ROLE from the environment.
May run any number of times.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
from dataclasses import dataclass
from urllib.parse import quote

PATIENCE = 30.0  # seconds for a connection


@dataclass(frozen=True)
class Target:
    """A server and who signs in to it. `tls` is off for a server on this machine only."""

    host: str
    port: int
    database: str
    owner: str
    app_role: str

    @classmethod
    def from_environment(cls) -> Target:
        """Raises SystemExit with the names that are missing."""
        names = ("POSTGRES_HOST", "POSTGRES_DATABASE", "DATABASE_OWNER", "APP_DATABASE_ROLE", "PGPASSWORD")
        if missing := [name for name in names if not os.environ.get(name)]:
            sys.exit(f"Set {', '.join(missing)}.")
        host, database, owner, role = (os.environ[name] for name in names[:4])
        return cls(host, int(os.environ.get("POSTGRES_PORT", "5432")), database, owner, role)

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted and the server's name checked."""
        return self.host not in {"127.0.0.1", "localhost", "::1"}

    @property
    def url(self) -> str:
        """For migrations; the password stays in PGPASSWORD."""
        ending = "?ssl=verify-full" if self.tls else ""
        return f"postgresql://{quote(self.owner, safe='')}@{self.host}:{self.port}/{self.database}{ending}"


async def create_role(target: Target) -> bool:
    """Make the app's identity a role of the server, with no rights of its own. False where it is one already."""
    import asyncpg

    # Azure keeps the functions for Entra ID's roles in the database `postgres`.
    connection = await asyncpg.connect(
        host=target.host, port=target.port, user=target.owner, database="postgres", timeout=PATIENCE,
        ssl=ssl.create_default_context() if target.tls else False,
    )  # fmt: skip
    try:
        if await connection.fetchval("select 1 from pg_roles where rolname = $1", target.app_role):
            return False
        await connection.execute("select * from pgaadauth_create_principal($1, false, false)", target.app_role)
        return True
    finally:
        await connection.close()


def migrate(target: Target) -> None:
    """Bring the tables to the newest revision; they grant the app's role what it needs."""
    import certifi

    from shared.migrate import upgrade

    os.environ.setdefault("PGSSLROOTCERT", certifi.where())
    upgrade(target.url)


def main() -> None:
    """Role first: tables are granted to it."""
    target = Target.from_environment()
    try:
        new = asyncio.run(create_role(target))
    except (OSError, TimeoutError) as error:
        sys.exit(
            f"{target.host} cannot be reached from here: {error}. With a private network run this from inside it; else "
            "set DEPLOYER_IP to this machine's public address for the time of the deployment."
        )
    print(f"{'Created' if new else 'Found'} the role {target.app_role}.")
    migrate(target)
    print("The database has the newest revision.")


if __name__ == "__main__":
    main()
