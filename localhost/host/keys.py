"""Access keys, kept beside the data; checked only when authorisation is switched on, as with Core Tools."""

import json
import secrets
from pathlib import Path

from aiohttp import web

FILE_NAME = "keys.json"
MASTER, FUNCTION, DURABLE = "master", "function", "durabletask_extension"


class Keys:
    """The master key, the host's function key and the system key of the Durable webhooks."""

    def __init__(self, folder: Path, enforced: bool) -> None:
        self._enforced = enforced
        file = folder / FILE_NAME
        if file.exists():
            self._keys: dict[str, str] = json.loads(file.read_text())
        else:
            self._keys = {name: secrets.token_urlsafe(32) for name in (MASTER, FUNCTION, DURABLE)}
            file.touch(mode=0o600)
            file.write_text(json.dumps(self._keys, indent=2))

    def __getitem__(self, name: str) -> str:
        """Return a key by name."""
        return self._keys[name]

    def permits(self, request: web.Request, level: str) -> bool:
        """Tell whether a request may pass; the master key opens all, any other only its own level."""
        if not self._enforced or level.casefold() == "anonymous":
            return True
        given = request.headers.get("x-functions-key") or request.query.get("code") or ""
        wanted = {"function": FUNCTION, "system": DURABLE}.get(level.casefold(), MASTER)
        return any(secrets.compare_digest(given.encode(), self._keys[name].encode()) for name in {wanted, MASTER})
