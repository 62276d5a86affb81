"""Does a deployed app work? `python infra/smoke.py API_URL`, with a token in SMOKE_TOKEN where sign-in is on.

Alive, ready, verified in depth, warm, and one small document from upload to its text and a search that finds it.
Uses Python's standard library alone, so that it runs wherever a deployment runs. Prints a line a check; ends with 1 at
the first that fails.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PAUSE = 2.0  # seconds between questions
ANSWER = 120.0  # seconds for an answer: to verify takes a while


class Failed(Exception):
    """A check failed; the text says how."""


@dataclass(frozen=True)
class Api:
    """The API at an address such as https://x.azurewebsites.net/api, asked with a token if there is one."""

    url: str
    token: str = ""

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Status and JSON of an answer; status 0 where nobody answers."""
        sent = {"Accept": "application/json", **(headers or {})}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(f"{self.url.rstrip('/')}/{path}", body, sent, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=ANSWER) as response:  # noqa: S310 - the operator's own address
                return response.status, _json(response.read())
        except urllib.error.HTTPError as error:
            return error.code, _json(error.read())
        except (urllib.error.URLError, OSError) as error:
            return 0, str(error)

    def expect(self, status: int, method: str, path: str, **sent: Any) -> Any:
        """The JSON of an answer with that status. Raises Failed for any other."""
        got, body = self.ask(method, path, **sent)
        if got != status:
            raise Failed(f"{method} {path} answered {got or 'nothing'}: {json.dumps(body, ensure_ascii=False)[:500]}")
        return body


def _json(data: bytes) -> Any:
    try:
        return json.loads(data or b"null")
    except ValueError:
        return data.decode(errors="replace")


def until(patience: float, question: Callable[[], str | None]) -> str:
    """What a question answers once it answers. Raises Failed with its last complaint when patience ends."""
    end = time.monotonic() + patience
    while True:
        try:
            if answer := question():
                return answer
            complaint = "nothing came of it"
        except Failed as error:
            complaint = str(error)
        if time.monotonic() > end:
            raise Failed(complaint)
        time.sleep(PAUSE)


def health(api: Api) -> str:
    """The process answers."""
    body = api.expect(200, "GET", "health")
    return f"analyst: {body['analyst']}"


def verified(api: Api) -> str:
    """Everything that `python -m shared.verify` looks at, by the app itself. What failed is told with its remedy."""
    status, body = api.ask("GET", "verify")
    if status == 403:
        raise Failed("GET verify takes the app role operator: grant it to who runs this")
    if status != 200:
        raise Failed(f"GET verify answered {status or 'nothing'}: {json.dumps(body, ensure_ascii=False)[:500]}")
    wrong = [check for check in body["checks"] if not check["ok"]]
    if wrong:
        raise Failed("; ".join(f"{check['name']}: {check['detail']} {check['remedy']}" for check in wrong))
    return ", ".join(f"{check['name']}: {check['detail']}" for check in body["checks"])


def ready(api: Api) -> str:
    """Every service that the app needs answers."""
    body = api.expect(200, "GET", "ready")
    return ", ".join(f"{check['name']} {check['latency_ms']} ms" for check in body["checks"])


def warm(api: Api) -> str:
    """Workers have loaded what takes long. A version without warm-up has no such address."""
    status, body = api.ask("GET", "status/warmup")
    if status == 404:
        return "this version does not report it"
    if status != 200 or not body.get("ready"):
        raise Failed(f"GET status/warmup answered {status}: {json.dumps(body)[:500]}")
    return f"{body.get('duration_sec')} s"


def document(api: Api, patience: float) -> str:
    """A document that is new each time goes in, its text comes out unchanged, and a search finds it."""
    word = f"prueba{uuid.uuid4().hex[:12]}"
    text = f"Entrevista de prueba {word}. La espera en la clínica fue larga, pero la enfermera explicó cada paso."
    project = api.expect(
        201, "POST", "projects", body=json.dumps({"name": "Smoke test", "language": "es"}).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": "smoke-test"},
    )["project_id"]  # fmt: skip
    [receipt] = api.expect(
        202, "POST", f"projects/{project}/documents", body=text.encode(),
        headers={"Content-Type": "text/plain", "Content-Disposition": f'attachment; filename="{word}.txt"'},
    )  # fmt: skip
    document_id = receipt["document_id"]
    status = until(patience, lambda: _ended(api, document_id))
    if status != "completed":
        raise Failed(f"document {document_id} ended as {status}")
    found = api.expect(200, "GET", f"documents/{document_id}/text")["text"]
    if found.strip() != text:
        raise Failed(f"document {document_id} has another text: {found[:200]!r}")
    asked = json.dumps({"query": f"espera en la clínica {word}"}).encode()
    hits = api.expect(
        200, "POST", f"projects/{project}/search", body=asked, headers={"Content-Type": "application/json"}
    )
    if not any(hit["document_id"] == document_id for hit in hits["items"]):
        raise Failed(f"a search does not find document {document_id}")
    return f"{document_id} completed and found"


def _ended(api: Api, document_id: str) -> str | None:
    body = api.expect(200, "GET", f"documents/{document_id}")
    status = str(body["status"])
    if status in {"completed", "rejected", "needs_review"} or status.endswith("_failed"):
        return status
    raise Failed(f"document {document_id} is still {status} ({body.get('error_message') or 'no error'})")


def run(api: Api, patience: float, only: str = "") -> bool:
    """All checks in order, or one; whether all passed. A cold start has the same patience as a document."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("health", lambda: until(patience, lambda: health(api))),
        ("ready", lambda: until(patience, lambda: ready(api))),
        ("verify", lambda: until(patience, lambda: verified(api))),
        ("warm-up", lambda: until(patience, lambda: warm(api))),
        ("document", lambda: document(api, patience)),
    ]
    for name, check in checks:
        if only not in {"", name}:
            continue
        start = time.monotonic()
        try:
            said = check()
        except Failed as error:
            print(f"✗ {name}: {error}")
            return False
        print(f"✓ {name} ({time.monotonic() - start:.1f} s): {said}")
    return True


def main() -> int:
    """0 if all passed."""
    parser = argparse.ArgumentParser(description="Smoke test of a deployed app.")
    parser.add_argument("url", help="such as https://x.azurewebsites.net/api")
    parser.add_argument("--patience", type=float, default=300, help="seconds for each check (300)")
    parser.add_argument("--only", default="", choices=("health", "ready", "verify", "warm-up", "document"))
    options = parser.parse_args()
    return 0 if run(Api(options.url, os.environ.get("SMOKE_TOKEN", "")), options.patience, options.only) else 1


if __name__ == "__main__":
    sys.exit(main())
