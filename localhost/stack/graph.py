"""The graph server: ArcadeDB on the JRE of its wheel, speaking Bolt to the ordinary neo4j driver."""

import os
import urllib.request
from pathlib import Path

from localhost.stack.child import Command
from localhost.stack.errors import missing_package
from localhost.stack.part import Part
from localhost.stack.wheels import package_folder

USER = "neo4j"
DATABASE = "neo4j"


class Graph(Part):
    """One server, one database named as Neo4j's default is."""

    name = "graph"
    title = "The graph server"
    port_names = ("bolt", "http")

    def command(self) -> Command:
        """A small heap; both listeners on loopback (their defaults are open to the network)."""
        package = package_folder("arcadedb_embedded")
        if package is None:
            raise missing_package(self.title, "arcadedb-embedded")
        folder = self.place.data / self.name
        folder.mkdir(exist_ok=True)
        java = package / "jre" / "bin" / ("java.exe" if os.name == "nt" else "java")
        properties = [f"-Darcadedb.{key}={value}" for key, value in self._properties(folder).items()]
        return Command(
            argv=[str(java), *self._jvm(), *properties, "-cp", str(package / "jars" / "*"), _MAIN],
            cwd=folder,
            log=self.place.log(self.name),
        )

    def is_ready(self) -> bool:
        """Its own word for it: the Bolt port opens before users and databases exist."""
        try:
            url = f"http://127.0.0.1:{self.ports['http']}/api/v1/ready"
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 204)
        except OSError:
            return False

    def settings(self) -> dict[str, str]:
        """What the neo4j driver needs."""
        password = self.place.passwords["graph"]
        return {"NEO4J_URI": self.address(), "NEO4J_USER": USER, "NEO4J_PASSWORD": password}

    def address(self) -> str:
        """Where Bolt is spoken."""
        return f"bolt://127.0.0.1:{self.ports['bolt']}"

    def _properties(self, folder: Path) -> dict[str, str]:
        password = self.place.passwords["graph"]
        return {
            "server.rootPath": str(folder),
            "server.rootPassword": password,
            "server.defaultDatabases": f"{DATABASE}[{USER}:{password}:admin]",
            "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "server.httpIncomingHost": "127.0.0.1",
            "server.httpIncomingPort": str(self.ports["http"]),
            "bolt.host": "127.0.0.1",
            "bolt.port": str(self.ports["bolt"]),
            "bolt.defaultDatabase": DATABASE,
        }

    def _jvm(self) -> list[str]:
        return ["-Xmx512m", "-XX:+UseSerialGC", *_JVM]


_MAIN = "com.arcadedb.server.ArcadeDBServer"
_JVM = (
    "--add-modules=jdk.incubator.vector",
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "-Djava.awt.headless=true",
)
