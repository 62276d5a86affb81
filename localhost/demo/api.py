"""The calls of the HTTP API that the demo makes, as any client would."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import httpx

from localhost.demo.errors import DemoError, Refused
from localhost.demo.study import StudyFile

Json = dict[str, Any]

ATTEMPTS = 5


class Api:
    """A client of one app. Every failure is a DemoError with the app's own words."""

    def __init__(self, url: str) -> None:
        # No proxy of the environment has any business between two programs of one machine.
        self._http = httpx.Client(base_url=f"{url}/api", timeout=httpx.Timeout(60, connect=5), trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def create_project(self, name: str, language: str, question: str, key: str) -> Json:
        """The project; the same `key` again gives the same project."""
        body = {"name": name, "language": language, "research_question": question}
        return self._object("POST", "/projects", json=body, headers={"Idempotency-Key": key})

    def upload(self, project_id: str, files: Sequence[StudyFile]) -> list[Json]:
        """Several files in one request; one receipt for each."""
        with ExitStack() as opened:
            parts = [("file", (file.name, opened.enter_context(file.path.open("rb")))) for file in files]
            return list(self._ask("POST", f"/projects/{project_id}/documents", files=parts, timeout=300))

    def documents(self, project_id: str) -> list[Json]:
        """All documents of the project, page after page."""
        found: list[Json] = []
        after: str | None = None
        while True:
            parameters = {"limit": "200", **({"after": after} if after else {})}
            page = self._object("GET", f"/projects/{project_id}/documents", params=parameters)
            found += page["items"]
            after = page.get("next")
            if not after:
                return found

    def document(self, document_id: str) -> Json:
        """One document with its record and its events."""
        return self._object("GET", f"/documents/{document_id}")

    def text(self, document_id: str) -> str:
        """The document's text, which every quote's characters count in."""
        return str(self._object("GET", f"/documents/{document_id}/text")["text"])

    def generate_theory(self, project_id: str) -> Json:
        """The receipt of a run."""
        return self._object("POST", f"/projects/{project_id}/generate-theory", json={})

    def theory_status(self, project_id: str, task_id: str) -> Json:
        """How far the run is."""
        return self._object("GET", f"/projects/{project_id}/generate-theory/status/{task_id}")

    def theory(self, project_id: str, theory_id: str) -> Json:
        """The theory with its evidence."""
        return self._object("GET", f"/projects/{project_id}/theories/{theory_id}")

    def _object(self, method: str, path: str, **options: Any) -> Json:
        return dict(self._ask(method, path, **options))

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        answer = self._patiently(method, path, **options)
        if answer.is_error:
            kind = Refused if answer.is_client_error else DemoError
            raise kind(f"{method} /api{path}: {_what_it_says(answer)}")
        try:
            return answer.json()
        except ValueError as error:
            raise DemoError(f"{method} /api{path} answered with something that is not JSON.") from error

    def _patiently(self, method: str, path: str, **options: Any) -> httpx.Response:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self._http.request(method, path, **options)
            except httpx.TransportError as error:
                if method != "GET" or attempt == ATTEMPTS:
                    reason = str(error) or type(error).__name__
                    raise DemoError(f"The app does not answer ({reason}). Is it still up? See `make up`.") from error
            else:
                if method != "GET" or answer.status_code not in (429, 502, 503) or attempt == ATTEMPTS:
                    return answer
            time.sleep(0.2 * 2**attempt)
        raise AssertionError("the last attempt returns or raises")


def _what_it_says(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        return f"the app answered {answer.status_code}."
    said = [str(problem[name]) for name in ("detail", "title") if problem.get(name)][:1] or [str(answer.status_code)]
    return " ".join([*said, *([str(problem["hint"])] if problem.get("hint") else [])])
