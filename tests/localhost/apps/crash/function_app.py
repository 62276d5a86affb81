"""Orchestrations of every kind and three queues, for a host that is killed again and again.

Each result says which run of its activity it comes from: a result that was replaced by another run's is seen.
"""

import asyncio
import json
import os
import time
import uuid
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)
LEDGER = Path(os.environ["CRASH_LEDGER"])
FAR, NEAR = timedelta(seconds=300), timedelta(milliseconds=100)
MODULUS = 1009


def record(*words: object) -> None:
    """Append a line that outlives a kill."""
    file = os.open(LEDGER, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.write(file, (" ".join(map(str, words)) + "\n").encode())
    os.fsync(file)
    os.close(file)


async def run_of(key: str, value: int) -> dict[str, Any]:
    run = uuid.uuid4().hex
    record("began", key, run)
    await asyncio.sleep(0.01 * (value % 6))
    record("done", key, run)
    return {"value": (value * 31 + 7) % MODULUS, "run": run}


@app.activity_trigger(input_name="order")
async def compute(order: dict[str, Any]) -> dict[str, Any]:
    return await run_of(order["key"], order["value"])


@app.activity_trigger(input_name="order")
async def flaky(order: dict[str, Any]) -> dict[str, Any]:
    record("tried", order["key"])
    if LEDGER.read_text().split("\n").count(f"tried {order['key']}") <= order["failures"]:
        raise ValueError("not yet")
    return await run_of(order["key"], order["value"])


@app.activity_trigger(input_name="order")
async def hopeless(order: dict[str, Any]) -> dict[str, Any]:
    raise ValueError("never")


def order(key: str, value: int, **more: int) -> dict[str, Any]:
    return {"key": key, "value": value, **more}


def outcome(value: int, runs: list[str]) -> dict[str, Any]:
    return {"value": value % MODULUS, "runs": runs}


@app.orchestration_trigger(context_name="context")
def chain(context: df.DurableOrchestrationContext) -> Any:
    given = context.get_input()
    value, runs = given["value"], list[str]()
    for number in range(given["count"]):
        result = yield context.call_activity("compute", order(f"{given['key']}.{number}", value))
        value, runs = result["value"], [*runs, result["run"]]
        if value % 3 == 0:
            yield context.create_timer(context.current_utc_datetime + NEAR)
    return outcome(value, runs)


@app.orchestration_trigger(context_name="context")
def fan(context: df.DurableOrchestrationContext) -> Any:
    given = context.get_input()
    results = yield context.task_all(
        [
            context.call_activity("compute", order(f"{given['key']}.{number}", given["value"] + number))
            for number in range(given["count"])
        ]
    )
    return outcome(sum(result["value"] for result in results), [result["run"] for result in results])


@app.orchestration_trigger(context_name="context")
def retries(context: df.DurableOrchestrationContext) -> Any:
    given = context.get_input()
    wanted = order(f"{given['key']}.flaky", given["value"], failures=given["count"])
    often = df.RetryOptions(first_retry_interval_in_milliseconds=50, max_number_of_attempts=5)
    result = yield context.call_activity_with_retry("flaky", often, wanted)
    value = result["value"]
    twice = df.RetryOptions(first_retry_interval_in_milliseconds=50, max_number_of_attempts=2)
    try:
        yield context.call_activity_with_retry("hopeless", twice, wanted)
    except Exception:
        value += 1
    return outcome(value, [result["run"]])


@app.orchestration_trigger(context_name="context")
def family(context: df.DurableOrchestrationContext) -> Any:
    given = context.get_input()
    children = []
    for number, kind in enumerate(("chain", "fan", "retries", "laps")[: given["count"]]):
        name = f"{given['key']}.{kind}"
        inner = {"key": name, "value": given["value"] + number, "count": 2}
        children.append(context.call_sub_orchestrator(kind, inner, name if number % 2 else None))
    results = yield context.task_all(children)
    runs = [run for result in results for run in result["runs"]]
    return outcome(sum(result["value"] for result in results), runs)


@app.orchestration_trigger(context_name="context")
def laps(context: df.DurableOrchestrationContext) -> Any:
    given = context.get_input()
    left, runs = given["count"], given.get("runs", [])
    result = yield context.call_activity("compute", order(f"{given['key']}.{left}", given["value"]))
    runs = [*runs, result["run"]]
    yield context.create_timer(context.current_utc_datetime + NEAR / 2)
    if left == 1:
        return outcome(result["value"], runs)
    context.continue_as_new({**given, "value": result["value"], "count": left - 1, "runs": runs})


def heard(context: df.DurableOrchestrationContext, name: str, patience: timedelta) -> Generator[Any, Any, int]:
    timer = context.create_timer(context.current_utc_datetime + patience)
    news = context.wait_for_external_event(name)
    winner = yield context.task_any([news, timer])
    if winner != news:
        return 500
    timer.cancel()
    return int(news.result["value"])


@app.orchestration_trigger(context_name="context")
def events(context: df.DurableOrchestrationContext) -> Any:
    given = context.get_input()
    value, runs = given["value"], list[str]()
    for number in range(given["count"]):
        value += yield from heard(context, f"news{number}", FAR)
        result = yield context.call_activity("compute", order(f"{given['key']}.{number}", value))
        value, runs = result["value"], [*runs, result["run"]]
    value += yield from heard(context, "silence", NEAR * 2)
    return outcome(value, runs)


@app.orchestration_trigger(context_name="context")
def endless(context: df.DurableOrchestrationContext) -> Any:
    """Goes on until somebody ends it: there is always an activity or a timer under way."""
    given = context.get_input()
    result = yield context.call_activity("compute", order(f"{given['key']}.{given['count']}", given["value"]))
    yield context.create_timer(context.current_utc_datetime + NEAR)
    context.continue_as_new({**given, "value": result["value"], "count": given["count"] + 1})


async def take(message: func.ServiceBusMessage, client: df.DurableOrchestrationClient) -> None:
    record("delivered", message.message_id, message.sequence_number, time.time())
    body = json.loads(message.get_body())
    if not body:
        return  # was to be called back
    instance_id = f"of-{message.message_id}"
    if (await client.get_status(instance_id)).runtime_status is None:
        await client.start_new(body["kind"], instance_id, body["order"])
    record("started", message.message_id)


@app.service_bus_queue_trigger(arg_name="message", queue_name="once", connection="ServiceBus")
@app.durable_client_input(client_name="client")
async def take_once(message: func.ServiceBusMessage, client: df.DurableOrchestrationClient) -> None:
    await take(message, client)


@app.service_bus_queue_trigger(arg_name="message", queue_name="plain", connection="ServiceBus")
@app.durable_client_input(client_name="client")
async def take_plain(message: func.ServiceBusMessage, client: df.DurableOrchestrationClient) -> None:
    await take(message, client)


@app.service_bus_queue_trigger(arg_name="message", queue_name="bitter", connection="ServiceBus")
def take_bitter(message: func.ServiceBusMessage) -> None:
    record("delivered", message.message_id, message.sequence_number, time.time())
    raise ValueError("poison")
