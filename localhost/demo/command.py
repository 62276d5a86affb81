"""`python -m localhost demo`: the whole way of a study, with the running app, in one command."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from rich.console import Console

from localhost.demo.api import Api, Json
from localhost.demo.check import check_quotes
from localhost.demo.closing import show_next, show_times, write_files
from localhost.demo.connect import Address, connect, local_folder
from localhost.demo.drop import drop
from localhost.demo.errors import DemoError, Refused
from localhost.demo.show import heading, plain, say, show_check, show_record, show_theory
from localhost.demo.study import Study, StudyFile, own_study, sample_study
from localhost.demo.watch import Clock, follow_documents, follow_theory
from shared.domain.document import BUSINESS_TYPES, COMPLETED, NEEDS_REVIEW
from shared.domain.ids import content_hash, derived, document_id

FILES_A_REQUEST = 8


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo: 0 when the theory is there and every quote resolves (and every file of the sample was read)."""
    # Into a file or a pipe there is no width to keep to; a table of eight columns needs some.
    console = Console(highlight=False, width=None if sys.stdout.isatty() or os.environ.get("COLUMNS") else 110)
    options = _options(argv)
    try:
        return _run(options, console)
    except DemoError as error:
        say(console, str(error), "bold red")
        return 1
    except KeyError as error:
        say(console, f"An answer of the app has no {error}: app and demo are of different versions.", "bold red")
        return 1
    except KeyboardInterrupt:
        console.print()
        say(console, "Stopped looking on. What was started goes on in the app; `make down` stops that too.")
        return 130


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m localhost demo", description="From interviews to a theory.")
    parser.add_argument("--documents", type=Path, metavar="FOLDER", help="your own files instead of the sample study")
    parser.add_argument("--language", choices=("es", "en"), help="language of codes and theory")
    parser.add_argument("--question", help="the research question")
    parser.add_argument("--project-name", help="name of the project; the same name again continues the same project")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where theory.md and theory.json go (.localhost/demo)")
    return parser.parse_args(argv)


def _run(options: argparse.Namespace, console: Console) -> int:
    began = time.monotonic()
    study = _study(options)
    address = connect()
    setup = time.monotonic() - began
    api = Api(address.http)
    try:
        project = _create(api, study, options.project_name)
        say(console, f"Project “{plain(project['name'])}” · {plain(study.question) or 'no research question'}", "bold")
        documents = _read_all(api, address, project, study, console)
        clock = Clock()
        theory = _theorise(api, project["project_id"], clock, console)
        show_theory(console, theory)
        checked = check_quotes(api, theory)
        show_check(console, checked)
        write_files(console, options.out or local_folder() / "demo", theory)
        show_times(console, setup, documents, clock.seconds)
        show_next(console, address, project, documents, theory)
        all_read = len(documents) == len(_ids(project["project_id"], study.files)) and not _failed(documents)
        return 0 if checked.is_sound and (all_read or not study.is_sample) else 1
    finally:
        api.close()


def _study(options: argparse.Namespace) -> Study:
    if options.documents:
        return own_study(options.documents, options.language, options.question)
    return sample_study(options.language, options.question)


def _create(api: Api, study: Study, wanted_name: str | None) -> Json:
    """A new project each time, unless it was given a name: the same name is the same project."""
    name = wanted_name or f"{study.name} ({datetime.now().astimezone():%Y-%m-%d %H:%M:%S})"
    key = derived("demo", wanted_name) if wanted_name else str(uuid4())
    return {"name": name, **api.create_project(name, study.language, study.question, key)}


def _ids(project_id: str, files: Sequence[StudyFile]) -> dict[str, str]:
    """Ids derive from contents, so that a dropped blob is known by its id before the app has seen it."""
    return {document_id(project_id, content_hash(file.path.read_bytes())): file.name for file in files}


def _read_all(api: Api, address: Address, project: Json, study: Study, console: Console) -> list[Json]:
    """Send every file its way, wait until all are read, and say what came out; the documents with their events."""
    project_id = project["project_id"]
    by_http = [file for file in study.files if file.goes_in != "blob"]
    by_blob = [file for file in study.files if file.goes_in == "blob"]
    heading(console, f"Reading {len(study.files)} files: {len(by_http)} uploaded, {len(by_blob)} dropped as blobs")
    sent = [*_upload(api, project_id, by_http, console), *by_blob]
    if by_blob:
        drop(address.storage, f"{project['tenant_id']}/{project_id}", by_blob)
    names = _ids(project_id, sent)
    documents = follow_documents(api, project_id, names, console)
    found = {document["document_id"] for document in documents}
    for missing in names.keys() - found:
        say(console, f"{plain(names[missing])} never appeared in the project.", "red", 2)
    _say_outcome(documents, study, names, console)
    details = [api.document(document["document_id"]) | {"name": document["name"]} for document in documents]
    for document in details:
        if document.get("type") in BUSINESS_TYPES:
            show_record(console, document)
    return details


def _upload(api: Api, project_id: str, files: Sequence[StudyFile], console: Console) -> list[StudyFile]:
    """Several in a request, one by one where a request is refused; the files that were taken."""
    taken: list[StudyFile] = []
    for first in range(0, len(files), FILES_A_REQUEST):
        some = files[first : first + FILES_A_REQUEST]
        try:
            receipts = api.upload(project_id, some)
        except Refused as refusal:
            if len(some) == 1:
                say(console, f"{plain(some[0].name)} was refused. {refusal}", "red", 2)
            else:  # which one it is about does not matter: the same file again is no second document
                taken += [file for each in some for file in _upload(api, project_id, [each], console)]
            continue
        taken += some
        for receipt in receipts:
            if receipt.get("duplicate_of"):
                say(console, f"{plain(receipt['name'])} is known already.", "dim", 2)
    return taken


def _failed(documents: Sequence[Json]) -> list[Json]:
    return [document for document in documents if document["status"] not in (COMPLETED, NEEDS_REVIEW)]


def _say_outcome(documents: Sequence[Json], study: Study, names: dict[str, str], console: Console) -> None:
    for document in _failed(documents):
        reason = document.get("error_message") or document.get("error_code") or "no reason was given"
        say(console, f"{plain(document['name'])}: {document['status']}. {plain(reason)}", "red", 2)
    expected = {file.name: file.expected_type for file in study.files}
    for document in documents:
        wanted = expected.get(names[document["document_id"]])
        if wanted and document.get("type") and document["type"] != wanted:
            say(console, f"{plain(document['name'])} was taken for {document['type']}, not for {wanted}.", "yellow", 2)


def _theorise(api: Api, project_id: str, clock: Clock, console: Console) -> Json:
    heading(console, "Making a theory")
    receipt = api.generate_theory(project_id)
    return api.theory(project_id, follow_theory(api, project_id, receipt, clock, console))
