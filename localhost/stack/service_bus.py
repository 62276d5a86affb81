"""The Service Bus: this project's own broker, which speaks AMQP to Azure's SDK."""

import socket
import sys

from localhost.stack.child import Command
from localhost.stack.part import Part
from localhost.stack.place import ROOT

_HELLO = b"AMQP\x00\x01\x00\x00"


class ServiceBus(Part):
    """The queues that `infra/queues.json` declares, with their messages in the data folder."""

    name = "service_bus"
    title = "The Service Bus"
    port_names = ("amqp",)

    def command(self) -> Command:
        """`python -m localhost.service_bus` on the data folder."""
        places = ["--queues", str(ROOT / "infra" / "queues.json"), "--data", str(self.place.data / self.name)]
        relaxed = [] if self.place.durable else ["--relaxed"]
        return Command(
            argv=[
                sys.executable,
                "-m",
                "localhost.service_bus",
                *places,
                "--port",
                str(self.ports["amqp"]),
                *relaxed,
            ],
            cwd=ROOT,
            log=self.place.log(self.name),
        )

    def is_ready(self) -> bool:
        """It answers the greeting of the protocol."""
        try:
            with socket.create_connection(("127.0.0.1", self.ports["amqp"]), timeout=2) as probe:
                probe.sendall(_HELLO)
                return probe.recv(len(_HELLO)) == _HELLO
        except OSError:
            return False

    def settings(self) -> dict[str, str]:
        """The connection string; its key is not looked at."""
        endpoint = f"Endpoint=sb://127.0.0.1:{self.ports['amqp']}"
        access = "SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE"
        return {"ServiceBus": f"{endpoint};{access};UseDevelopmentEmulator=true;"}

    def address(self) -> str:
        """Where AMQP is spoken."""
        return f"amqp://127.0.0.1:{self.ports['amqp']}"
