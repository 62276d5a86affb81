"""What there is to check, by the settings: for `/api/ready`, `/api/verify` and `python -m shared.verify`."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared import services
from shared.domain.dead_letters import DEAD_LETTERS_QUEUE, IMPORTS_QUEUE, THEORY_QUEUE
from shared.domain.readiness import Check
from shared.steps.readiness import check_disk
from shared.steps.search import passages_collection

if TYPE_CHECKING:
    from shared.adapters.openai import OpenAIClient
    from shared.ports import Embedder

VERSIONS = Path(__file__).parent / "migrations" / "versions"


def newest_revision() -> str:
    """The revision that this code expects of the database."""
    return max(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))


def quick_checks(*, deep: bool = False) -> list[Check]:
    """Every service that is asked all the time; none costs money or more than a moment, and nothing is written.

    `deep` also writes, and makes collections, constraints and indexes that are missing.
    """
    from shared.adapters.blob.check import check_blobs
    from shared.adapters.neo4j.check import check_graph
    from shared.adapters.postgres.check import check_database
    from shared.adapters.qdrant.check import check_vectors

    ports: Any = services.ports()
    collection, dimensions = passages_collection(ports.embedder.name), ports.embedder.dimensions
    return [
        Check("database", partial(check_database, ports.store, newest_revision())),
        Check("blobs", partial(check_blobs, ports.blobs, deep=deep)),
        Check("vectors", partial(check_vectors, ports.vectors, collection, dimensions, deep=deep)),
        Check("graph", partial(check_graph, ports.graph, deep=deep)),
        Check("disk", check_disk),
    ]


def all_checks() -> list[Check]:
    """Everything, with the table of functions, as a program of its own looks at it."""
    return [*deep_checks(), Check("functions", _check_functions)]


def deep_checks() -> list[Check]:
    """Every service, also what takes seconds or a few tokens: blobs are written, weights loaded, models asked."""
    from shared.adapters.postgres.check import check_clock
    from shared.adapters.service_bus.check import check_queues

    chosen = services.settings()
    ports: Any = services.ports()  # the adapters that the composition root chose, by what they are
    threads = chosen.ocr_threads or os.cpu_count() or 1
    return [
        *quick_checks(deep=True),
        Check("queues", partial(check_queues, ports.work, [IMPORTS_QUEUE, THEORY_QUEUE, DEAD_LETTERS_QUEUE])),
        Check("clock", partial(check_clock, ports.store)),
        *_ocr_checks(chosen.ocr_engine, threads),
        Check("embeddings", partial(_check_embedder, ports.embedder)),
        *(Check(f"model {client.deployment}", partial(_check_model, client)) for client in services.model_clients()),
    ]


def _ocr_checks(engine: str, threads: int) -> list[Check]:
    """The networks of an engine that has any: Tesseract and Document Intelligence load none here."""
    from shared.adapters.ocr.check import check_weights

    if engine == "pp":
        return [Check("ocr", partial(check_weights, "accurate", threads))]
    return [Check("ocr", partial(check_weights, "fast", threads))] if engine == "fast" else []


async def _check_embedder(embedder: Embedder) -> str:
    from shared.domain.errors import NotReady, TheoGenError

    try:
        [vector] = await embedder.embed(["¿Está listo?"])
    except TheoGenError as error:
        remedy = "See EMBEDDING_DEPLOYMENT and EMBEDDING_DIMENSIONS, and the model endpoint's key or identity."
        raise NotReady(f"{embedder.name}: {error}", remedy) from error
    return f"{embedder.name}, {len(vector)} dimensions"


async def _check_model(client: OpenAIClient) -> str:
    from shared.adapters.openai.check import check_model

    try:
        return await check_model(client)
    finally:
        await client.close()


async def _check_functions() -> str:
    """The function table as Azure would index it. Can be asked once a process, as the programming model has it."""
    import function_app
    from shared.domain.errors import NotReady

    names = [function.get_function_name() for function in function_app.app.get_functions()]
    if len({name.casefold() for name in names}) != len(names):
        raise NotReady("Two functions have the same name.", "Rename one: Azure would load neither.")
    return f"{len(names)} functions"
