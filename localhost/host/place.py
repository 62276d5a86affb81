"""Where a host lives: its app, its data, its two listening sockets."""

import socket
from dataclasses import dataclass
from pathlib import Path

from localhost.host.ports import url


@dataclass(frozen=True)
class Place:
    """The folders and sockets of one host."""

    app: Path
    data: Path
    http: socket.socket
    rpc: socket.socket
    check_keys: bool = False

    @property
    def http_url(self) -> str:
        """The address of the app."""
        return url(self.http)

    @property
    def rpc_url(self) -> str:
        """The address of the Durable RPC endpoint."""
        return url(self.rpc)
