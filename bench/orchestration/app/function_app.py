"""The job as a Durable Functions app: a document goes through six stages; a fan has all its stages at once."""

from collections.abc import Generator
from typing import Any

import azure.durable_functions as df

app = df.DFApp()


@app.orchestration_trigger(context_name="context", orchestration="document")
def document(context: df.DurableOrchestrationContext) -> Generator[Any, Any, int]:
    """Input: `stages`. Output: how many ran, counted by the stages themselves."""
    done = 0
    for _ in range(context.get_input()["stages"]):
        done = yield context.call_activity("stage", done)
    return done


@app.orchestration_trigger(context_name="context", orchestration="fan")
def fan(context: df.DurableOrchestrationContext) -> Generator[Any, Any, int]:
    """Input: `width`. Output: the sum over its stages."""
    done = yield context.task_all([context.call_activity("stage", 0) for _ in range(context.get_input()["width"])])
    return sum(done)


@app.activity_trigger(input_name="done", activity="stage")
async def stage(done: int) -> int:
    """Does nothing, as all engines' stages do here; async as the activities of TheoGen are."""
    return done + 1
