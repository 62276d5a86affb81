"""HTTP requests as the worker hands them to a trigger."""

from __future__ import annotations

import json
from typing import Any

import azure.functions as func


def request(
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    *,
    params: dict[str, str] | None = None,
    route: dict[str, str] | None = None,
) -> func.HttpRequest:
    """A POST with this body."""
    return func.HttpRequest(
        "POST",
        "http://localhost/api/x",
        headers=headers or {},
        params=params or {},
        route_params=route or {},
        body=body,
    )


def multipart(*files: tuple[str, str, bytes]) -> func.HttpRequest:
    """A form of (field, the rest of its Content-Disposition, content)."""
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{field}"{rest}\r\n\r\n'.encode() + data + b"\r\n"
        for field, rest, data in files
    ]
    return request(b"".join(parts) + b"--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"})


def plain(response: func.HttpResponse) -> Any:
    """The answer's JSON."""
    return json.loads(response.get_body())
