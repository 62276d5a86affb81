"""Functions on queues, for the tests of the local host."""

import asyncio
import json
import os
from pathlib import Path

import azure.functions as func

app = func.FunctionApp()
running = 0


def trace(**values: object) -> None:
    with Path(os.environ["TRIAL_TRACE"]).open("a") as file:
        file.write(json.dumps(values, default=str) + "\n")


@app.service_bus_queue_trigger(arg_name="message", queue_name="%SEEN%", connection="ServiceBus")
def see(message: func.ServiceBusMessage) -> None:
    trace(
        body=message.get_body().decode(),
        id=message.message_id,
        delivery=message.delivery_count,
        sequence=message.sequence_number,
        subject=message.subject,
        label=message.label,
        properties=message.application_properties,
        user=message.user_properties,
        naive=message.enqueued_time_utc is not None and message.enqueued_time_utc.tzinfo is None,
        expires=message.expires_at_utc,
        state=message.state,
        reason=message.dead_letter_reason,
        metadata=sorted(message.metadata or {}),
    )


@app.service_bus_queue_trigger(arg_name="message", queue_name="%FAILING%", connection="%WHERE%")
async def fail(message: func.ServiceBusMessage) -> None:
    trace(delivery=message.delivery_count)
    raise ValueError("no")


@app.service_bus_queue_trigger(arg_name="message", queue_name="%SLOW%", connection="ServiceBus")
async def work(message: func.ServiceBusMessage) -> None:
    global running
    running += 1
    trace(began=message.message_id, running=running, delivery=message.delivery_count)
    await asyncio.sleep(float(os.environ["TRIAL_WORK_SECONDS"]))
    running -= 1
    trace(ended=message.message_id)


@app.service_bus_queue_trigger(
    arg_name="messages", queue_name="many", connection="ServiceBus", cardinality=func.Cardinality.MANY
)
def take_many(messages: list[func.ServiceBusMessage]) -> None:
    trace(never=True)


@app.service_bus_queue_trigger(
    arg_name="message", queue_name="sessions", connection="ServiceBus", is_sessions_enabled=True
)
def in_sessions(message: func.ServiceBusMessage) -> None:
    trace(never=True)


@app.service_bus_topic_trigger(
    arg_name="message", topic_name="topic", subscription_name="mine", connection="ServiceBus"
)
def of_a_topic(message: func.ServiceBusMessage) -> None:
    trace(never=True)


@app.service_bus_queue_trigger(arg_name="message", queue_name="q", connection="Unknown")
def nowhere(message: func.ServiceBusMessage) -> None:
    trace(never=True)
