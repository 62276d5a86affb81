"""The functions host as a part of the stack: the app itself, started last and stopped first."""

import importlib.util
import sys

from localhost.stack.child import Command
from localhost.stack.files import read_json
from localhost.stack.part import Part
from localhost.stack.place import ROOT, Place


class Host(Part):
    """`python -m localhost.host` with the settings of everything else in its environment."""

    name = "host"
    title = "The functions host"
    port_names = ("http", "rpc")
    fixed_ports = {"http": 7071, "rpc": 17071}  # noqa: RUF012 - where `func` has them
    patience = 180.0

    def __init__(self, place: Place, settings: dict[str, str]) -> None:
        super().__init__(place)
        self._settings = settings
        self._report = place.folder / "host.json"

    def command(self) -> Command:
        """Its report is removed first: a new one is the sign that it is ready."""
        self._report.unlink(missing_ok=True)
        ports = ["--port", str(self.ports["http"]), "--rpc-port", str(self.ports["rpc"])]
        data = self.place.data / "durable"
        data.mkdir(exist_ok=True)
        places = ["--app", str(ROOT), "--data", str(data), "--report", str(self._report)]
        return Command(
            argv=[sys.executable, "-m", "localhost.host", *places, *ports],
            cwd=ROOT,
            log=self.place.log(self.name),
            env=self._settings,
        )

    def is_ready(self) -> bool:
        """It has written its report."""
        return bool(read_json(self._report))

    def settings(self) -> dict[str, str]:
        """None: nothing is started after it."""
        return {}

    def address(self) -> str:
        """The app's address, as the host reports it: it goes on to the next port if its own is taken."""
        return str(read_json(self._report).get("http") or f"http://127.0.0.1:{self.ports['http']}")

    def note(self) -> str:
        """That the usual port was taken, if so."""
        usual = self.fixed_ports["http"]
        return "" if self.address().endswith(f":{usual}") else f"port {usual} is taken by another program"


def is_installed(module: str) -> bool:
    """Whether a module of this project exists."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
