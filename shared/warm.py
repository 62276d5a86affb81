"""What warm-up looks at, put together from the settings; and the one warm-up of this process."""

from __future__ import annotations

import asyncio
import importlib
import os
import socket
import uuid
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared import services
from shared.domain.readiness import Check
from shared.domain.warmup import NO_EFFECT, OFF, Found
from shared.steps.warmup import Plan, WarmUp

if TYPE_CHECKING:
    from shared.ports.fleet import Fleet
    from shared.settings import Settings

PROBE = Path(__file__).parent / "warmup" / "lectura.pdf"

# What takes long to import, in a thread, so that requests go on meanwhile; then what only activities use.
_HEAVY = ("asyncpg", "azure.storage.blob.aio", "qdrant_client", "numpy")
_OF_ACTIVITIES = ("neo4j", "cv2", "onnxruntime", "pypdfium2")
_CHECKS_OF_ACTIVITIES = ("model", "ocr", "fast", "hires")

_NO_LIBRARY = "Accepted and without effect: the library that it was for is not part of this app."


@lru_cache(maxsize=1)
def warm_up() -> WarmUp:
    """The warm-up of this process."""
    process = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
    return WarmUp(process, _plan, _fleet)


def begin() -> None:
    """First use: start warming up in the background, unless that is done or switched off."""
    if services.settings().warmup_enable:
        warm_up().begin()


def _fleet() -> Fleet:
    return services.ports().store.fleet


async def _plan() -> Plan:
    chosen = services.settings()
    modules = _HEAVY + (("openai",) if services.analyst_name() == "model" else ())
    if not chosen.activities_elsewhere:
        modules += _OF_ACTIVITIES
    await asyncio.to_thread(lambda: [importlib.import_module(name) for name in modules])
    checks = {check.name: check for check in _checks(chosen)}
    if chosen.activities_elsewhere:  # what they load is large, and theirs
        checks = {name: check for name, check in checks.items() if name not in _CHECKS_OF_ACTIVITIES}
    off = {name: Found(OFF, 0, f"{setting.upper()} is off.") for name, setting in _switches(chosen).items()}
    return Plan(
        [check for name, check in checks.items() if name not in off],
        off | _without_effect(chosen),
        frozenset({"http_health"}),
        {"http_health": chosen.warmup_http_health_warn_ms},
        chosen.warmup_timeout_sec,
    )


def _checks(chosen: Settings) -> list[Check]:
    from shared.adapters.blob.check import check_blobs
    from shared.adapters.http.client import build_client, check_health
    from shared.adapters.ocr.check import check_weights
    from shared.adapters.postgres.check import check_database
    from shared.adapters.reading.check import check_reading
    from shared.checks import newest_revision

    ports: Any = services.ports()
    client = partial(build_client, chosen.http_base_url, chosen.http_extra_headers)
    limit = chosen.warmup_http_health_timeout_sec
    return [
        Check("database", partial(check_database, ports.store, newest_revision())),
        Check("storage", partial(check_blobs, ports.blobs, deep=False)),
        Check("model", _check_model),
        Check("ocr", partial(check_weights, "accurate", chosen.ocr_threads or os.cpu_count() or 1)),
        Check("fast", partial(check_reading, ports.reader, PROBE, 1, "Esta página tiene su propio texto")),
        Check("hires", partial(check_reading, ports.reader, PROBE, 2, "Página escaneada")),
        Check("http_client", partial(_check_http_client, client)),
        Check("http_health", partial(check_health, client, chosen.warmup_http_health_url, limit)),
    ]


def _switches(chosen: Settings) -> dict[str, str]:
    """Checks that are switched off, with the setting that does it."""
    health = chosen.warmup_http_health_check and bool(chosen.warmup_http_health_url)
    switches = [
        ("fast", "warmup_preload_fast", chosen.warmup_preload_fast),
        ("hires", "warmup_preload_hires", chosen.warmup_preload_hires),
        ("http_client", "warmup_http_client", chosen.warmup_http_client),
        ("http_health", "warmup_http_health_check", health),
    ]
    return {name: setting for name, setting, on in switches if not on}


def _without_effect(chosen: Settings) -> dict[str, Found]:
    """Switches of libraries that are gone."""
    found = {"table_model": chosen.warmup_preload_table_model, "silence_pdfminer": chosen.warmup_silence_pdfminer}
    return {name: Found(NO_EFFECT, 0, _NO_LIBRARY) for name, on in found.items() if on}


async def _check_model() -> str:
    """Clients are built, with their credential, and what works on the machine is loaded; nothing is asked or paid."""
    chosen, ports = services.settings(), services.ports()
    await ports.languages.detect("Una frase corta para cargar los modelos de lengua.")
    if not (chosen.embedding_deployment and services.analyst_name() == "model"):
        await ports.embedder.embed(["¿Está listo?"])  # the encoder of this machine
    clients = services.model_clients()
    for client in clients:
        client.prepare()
        await client.close()
    return ", ".join(client.deployment for client in clients) or "offline analyst"


async def _check_http_client(client: Any) -> str:
    session = client()
    await session.close()
    return "built"
