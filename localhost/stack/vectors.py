"""The vector server: this project's own, with Qdrant's REST over Qdrant's embedded engine."""

import sys
import urllib.request

from localhost.stack.child import Command
from localhost.stack.errors import missing_package
from localhost.stack.part import Part
from localhost.stack.place import ROOT
from localhost.stack.wheels import package_folder


class Vectors(Part):
    """A process of its own, because the engine allows one process on a folder and several need it."""

    name = "vectors"
    title = "The vector server"
    port_names = ("http",)

    def command(self) -> Command:
        """`python -m localhost.vectors` on the data folder."""
        if package_folder("qdrant_edge") is None:
            raise missing_package(self.title, "qdrant-edge-py")
        folder = self.place.data / self.name
        folder.mkdir(exist_ok=True)
        options = ["--data", str(folder), "--port", str(self.ports["http"])]
        return Command(
            argv=[sys.executable, "-m", "localhost.vectors", *options],
            cwd=ROOT,
            log=self.place.log(self.name),
        )

    def is_ready(self) -> bool:
        """Collections are open once it listens."""
        try:
            with urllib.request.urlopen(f"{self.address()}/healthz", timeout=2) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)
        except OSError:
            return False

    def settings(self) -> dict[str, str]:
        """What the Qdrant client needs."""
        return {"QDRANT_URL": self.address()}

    def address(self) -> str:
        """Where REST is spoken."""
        return f"http://127.0.0.1:{self.ports['http']}"
