"""An app that uses each part of the host once; tests run it unmodified in a process of its own."""

import asyncio
import json
import os
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
TRACE = Path(os.environ.get("TRIAL_TRACE", os.devnull))


def trace(line: str) -> None:
    with TRACE.open("a") as file:
        file.write(f"{line}\n")


@app.warm_up_trigger(arg_name="warm")
def warm_up(warm: Any) -> None:
    trace("warm")


@app.route(route="greet/{name}", methods=["GET"])
def greet(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    body = {
        "greeting": f"{os.environ['GREETING']} {req.route_params['name']}",
        "query": dict(req.params),
        "function": context.function_name,
    }
    return func.HttpResponse(json.dumps(body), mimetype="application/json", headers={"X-Trial": "1"})


@app.route(route="echo", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
async def echo(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(req.get_body(), status_code=201, mimetype="application/octet-stream")


@app.route(route="fail")
def fail(req: func.HttpRequest) -> func.HttpResponse:
    raise ValueError("no")


@app.route(route="wrapped")
def wrapped(req: func.HttpRequest) -> str:
    return json.dumps({"statusCode": 418, "headers": {"X-Wrapped": "yes"}, "body": "tea"})


@app.route(route="text")
def text(req: func.HttpRequest) -> str:
    return "plain"


@app.route(route="slow")
async def slow(req: func.HttpRequest) -> str:
    await asyncio.sleep(60)
    return "late"


@app.route(route="blocked")
def blocked(req: func.HttpRequest) -> str:
    time.sleep(float(os.environ.get("TRIAL_BLOCK_SECONDS", "4")))
    return "late"


@app.route(route="start/{name}/{id}", methods=["POST"])
@app.durable_client_input(client_name="client")
async def start(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    payload = req.get_json() if req.get_body() else None
    instance = await client.start_new(req.route_params["name"], req.route_params["id"], payload)
    response: func.HttpResponse = client.create_check_status_response(req, instance)
    return response


@app.route(route="tell/{id}/{event}", methods=["POST"])
@app.durable_client_input(client_name="client")
async def tell(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    await client.raise_event(req.route_params["id"], req.route_params["event"], req.get_json())
    return func.HttpResponse(status_code=202)


@app.orchestration_trigger(context_name="context")
def steps(context: df.DurableOrchestrationContext) -> Any:
    count = context.get_input() or 3
    done = []
    for number in range(count):
        done.append((yield context.call_activity("work", number)))
        context.set_custom_status({"done": number + 1})
    return done


@app.orchestration_trigger(context_name="context")
def fan(context: df.DurableOrchestrationContext) -> Any:
    results = yield context.task_all([context.call_activity("nothing", n) for n in range(context.get_input())])
    return len(results)


@app.orchestration_trigger(context_name="context")
def listen(context: df.DurableOrchestrationContext) -> Any:
    heard = yield context.wait_for_external_event("news")
    return [type(heard).__name__, heard]


@app.orchestration_trigger(context_name="context")
def reader_of_times(context: df.DurableOrchestrationContext) -> str:
    sdk = import_module("azure.durable_functions.models.history.HistoryEvent")
    return str(sdk.dt_parse.__module__)


@app.orchestration_trigger(context_name="context")
def read_input(context: df.DurableOrchestrationContext) -> Any:
    return context.get_input()


@app.orchestration_trigger(context_name="context")
def patience(context: df.DurableOrchestrationContext) -> Any:
    try:
        yield context.call_activity("sleep_long", None)
    except Exception as error:
        return str(error)


@app.activity_trigger(input_name="number")
async def work(number: int) -> int:
    trace(f"begin {number}")
    await asyncio.sleep(float(os.environ.get("TRIAL_WORK_SECONDS", "0.01")))
    trace(f"end {number}")
    return number * 2


@app.orchestration_trigger(context_name="context")
def call(context: df.DurableOrchestrationContext) -> Any:
    wanted = context.get_input()
    try:
        result = yield context.call_activity(wanted["activity"], wanted.get("input"))
    except Exception as error:
        return {"failed": str(error)}
    return {"returned": result}


@app.activity_trigger(input_name="given")
async def give_back(given: Any) -> Any:
    return given


@app.activity_trigger(input_name="unused")
async def half_of_a_pair(unused: None) -> str:
    return "\ud83d"


@app.activity_trigger(input_name="text")
async def fail_with(text: str) -> None:
    raise LookupError(text)


@app.activity_trigger(input_name="unused")
async def give_up(unused: None) -> None:
    raise SystemExit("Setting X cannot be used.")


@app.activity_trigger(input_name="unused")
async def return_a_set(unused: None) -> Any:
    return {1}


@app.activity_trigger(input_name="text")
async def say(text: str) -> int:
    print(text, flush=True)
    os.write(1, text.encode())
    return os.system("cat; echo of a program")  # noqa: ASYNC221


@app.activity_trigger(input_name="unused")
async def die_once(unused: None) -> str:
    if "died" in TRACE.read_text():
        return "alive"
    trace("died")
    os._exit(9)


@app.activity_trigger(input_name="unused")
async def die_always(unused: None) -> None:
    trace("died")
    os._exit(9)


@app.activity_trigger(input_name="unused")
async def block_the_loop(unused: None) -> None:
    time.sleep(60)  # noqa: ASYNC251 - to block the loop is what it is for


@app.activity_trigger(input_name="unused")
def block_a_thread(unused: None) -> None:
    trace("blocked")
    time.sleep(float(os.environ.get("TRIAL_BLOCK_SECONDS", "4")))


@app.activity_trigger(input_name="unused")
async def linger(unused: None) -> None:
    trace("lingers")
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        trace("cancelled")
        raise


@app.activity_trigger(input_name="unused")
async def process(unused: None) -> int:
    await asyncio.sleep(0.3)
    return os.getpid()


@app.activity_trigger(input_name="name")
@app.durable_client_input(client_name="client")
async def start_other(name: str, client: df.DurableOrchestrationClient) -> Any:
    return await client.start_new("read_input", name, {"from": "an activity"})


@app.orchestration_trigger(context_name="context")
def processes(context: df.DurableOrchestrationContext) -> Any:
    found = yield context.task_all([context.call_activity("process", None) for _ in range(context.get_input())])
    return sorted(set(found))


@app.activity_trigger(input_name="number")
async def nothing(number: int) -> int:
    return number


@app.activity_trigger(input_name="unused")
async def sleep_long(unused: None) -> None:
    await asyncio.sleep(60)


@app.timer_trigger(arg_name="timer", schedule="%SCHEDULE%", run_on_startup=True)
def nightly(timer: func.TimerRequest) -> None:
    trace(f"timer {timer.past_due}")


@app.timer_trigger(arg_name="timer", schedule="%MISSING%")
def unresolved(timer: func.TimerRequest) -> None:
    trace("never")


@app.service_bus_queue_trigger(arg_name="message", queue_name="q", connection="ServiceBus")
def from_queue(message: func.ServiceBusMessage) -> None:
    trace("never")


@app.entity_trigger(context_name="context")
def counter(context: Any) -> None:
    trace("never")
