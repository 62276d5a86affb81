"""An app with blob triggers only: one that reads, one that always fails, two that cannot be started."""

import os
from pathlib import Path

import azure.functions as func

app = func.FunctionApp()
TRACE = Path(os.environ.get("TRIAL_TRACE", os.devnull))


def trace(line: str) -> None:
    with TRACE.open("a") as file:
        file.write(f"{line}\n")


@app.blob_trigger(arg_name="blob", path="%INCOMING%/{tenant}/{name}", connection="AzureWebJobsStorage")
def read(blob: func.InputStream) -> None:
    content = blob.read()
    owner = (getattr(blob, "metadata", None) or {}).get("owner", "")
    trace(f"read {blob.name} {blob.length} {len(content)} {content[:2].hex()} {owner}")


@app.blob_trigger(arg_name="blob", path="%FAILING%/{name}.{ext}", connection="AzureWebJobsStorage")
async def fails(blob: func.InputStream) -> None:
    trace(f"fails {blob.name}")
    raise ValueError("never")


@app.blob_trigger(
    arg_name="blob", path="in/{name}", connection="AzureWebJobsStorage", source=func.BlobSource.EVENT_GRID
)
def by_event_grid(blob: func.InputStream) -> None:
    trace("never")


@app.blob_trigger(arg_name="blob", path="in/{name}", connection="Absent")
def unconnected(blob: func.InputStream) -> None:
    trace("never")
