"""SIGKILL of every part in turn while a batch is under way: all of it completes, nothing twice, nothing lost,
and no answer of the model is paid for again."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from pathlib import Path

import aiohttp
import asyncpg
import pytest
from azure.servicebus.aio import ServiceBusClient

from localhost.stack import Stack
from localhost.stack.place import default_folder
from tests.app.test_batches import ended, form, new_batch, notes
from tests.support.app import File, RunningApp, model
from tests.support.provider import check_nothing_was_paid_for_twice, provider_process

SEED = 20261122
PORTION = 4
VICTIMS = ("host", "postgres", "service_bus", "azurite", "graph", "azurite")
KEEPERS = {"host", "postgres"}  # without either no answer comes into the ledger
AT_ONCE = 16  # activities that the host runs at once, so calls that may be under way at a kill
QUEUES = ("document-imports", "theory-requests", "dead-letters")
# Long enough for a database to come back, short enough for a test.
SETTINGS = {"STAGE_RETRY_DELAYS": "3,6,12,24"}


@pytest.mark.slow
async def test_a_batch_survives_the_death_of_every_part(stack_folder: Path) -> None:
    folder = stack_folder / "batch-kills"
    stack = Stack(folder, parts=(), tools=default_folder() / "tools")
    try:
        with provider_process(folder / "provider.log") as provider:
            async with RunningApp(stack, folder / "app", SETTINGS | model(provider.base_url)) as app:
                kills = await _kill_them_all(app, stack)
                await check_nothing_was_paid_for_twice(app, provider, kills, AT_ONCE)
                assert len(provider.asked()) == PORTION * len(VICTIMS)
    finally:
        stack.stop()


async def _kill_them_all(app: RunningApp, stack: Stack) -> list[tuple[float, float]]:
    """Gives the spans during which something was dead that an answer needs on its way into the ledger."""
    kills: list[tuple[float, float]] = []
    chance = random.Random(SEED)
    project_id = await app.create_project(language="en")
    batch_id = await new_batch(app, project_id)
    for turn, victim in enumerate(VICTIMS):
        await _stubborn_ingest(app, batch_id, notes(*(f"{victim}-{turn}-{n}" for n in range(PORTION))))
        # At once, or while the documents are on their way.
        await asyncio.sleep(chance.uniform(0.0, 1.0))
        began = time.time()
        await _kill(app, stack, victim)
        if victim == "postgres":
            await _answering(app)
        if victim in KEEPERS:
            kills.append((began, time.time()))
    status = await ended(app, batch_id)
    count = PORTION * len(VICTIMS)
    assert (status["total"], status["done"], status["failed"]) == (count, count, 0), f"{status}{app.words()}"
    done = await app.rows(
        "select document_id, count(*)::int as n from stage_events join batch_items using (document_id) "
        "where batch_id = $1 and status = 'completed' group by document_id",
        batch_id,
    )
    assert (len(done), {row["n"] for row in done}) == (count, {1})
    assert (
        await app.rows("select document_id from passages group by document_id, start_offset having count(*) > 1") == []
    )
    rows = await app.rows("select document_id from documents where project_id = $1", project_id)
    assert len(rows) == count

    async def all_stored() -> bool:
        return all([await app.original(row["document_id"]) is not None for row in rows])

    await app.until(all_stored, "what Azurite lost when it was killed is there again")
    for row in rows:
        assert "nobody told us" in await app.text(row["document_id"])
    assert await _left_on_queues(app) == dict.fromkeys(QUEUES, 0)
    assert (await app.get("dead-letters"))["items"] == []
    return kills


async def _answering(app: RunningApp) -> None:
    """Until the database takes something in again."""

    async def writes() -> bool:
        try:
            return bool(await app.value("select count(*)::int + 1 from documents"))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False

    await app.until(writes, "the database answers again")


async def _stubborn_ingest(app: RunningApp, batch_id: str, files: list[File]) -> None:
    """A client that tries again until it is told that its files were taken in."""
    while True:
        try:
            answer = await app.ask("POST", f"batches/{batch_id}/ingest", data=form(*files))
        except (aiohttp.ClientError, OSError, TimeoutError):
            await asyncio.sleep(0.3)
            continue
        if answer.status == 202:
            return
        assert answer.status in {429, 503}, answer.body
        await asyncio.sleep(0.3)


async def _kill(app: RunningApp, stack: Stack, victim: str) -> None:
    if victim == "host":
        app.kill()
        await app.start()
    elif victim == "service_bus":
        app.bus.kill()
        await asyncio.to_thread(app.bus.start)
    else:
        child = stack.keepers[victim].child
        assert child is not None
        os.kill(child.pid, signal.SIGKILL)  # its keeper starts it again


async def _left_on_queues(app: RunningApp) -> dict[str, int]:
    """Messages that nobody has dealt with; those that are being dealt with are given a moment."""
    async with ServiceBusClient.from_connection_string(app.bus.connection) as client:

        async def depths() -> dict[str, int]:
            found = {}
            for queue in QUEUES:
                async with client.get_queue_receiver(queue) as receiver:
                    found[queue] = len(await receiver.peek_messages(100))
            return found

        async def empty() -> bool:
            return not any((await depths()).values())

        await app.until(empty, "the queues are empty")
        return await depths()
