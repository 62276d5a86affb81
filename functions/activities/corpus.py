"""The index stage, as a whole, and by its parts for instances from before."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df

from functions.activities.perform import perform
from shared.domain.runs import ImportJob
from shared.steps import corpus

bp = df.Blueprint()


@bp.activity_trigger(input_name="job")
async def index_document(job: dict[str, Any]) -> dict[str, Any]:
    """The whole stage; what was done of it is not paid for again."""
    return await perform(corpus.index_document, ImportJob(**job))


@bp.activity_trigger(input_name="job")
async def chunk_document(job: dict[str, Any]) -> dict[str, Any]:
    """Passages with derived ids: a second time writes the same ones."""
    return await perform(corpus.chunk_document, ImportJob(**job))


@bp.activity_trigger(input_name="job")
async def describe_document(job: dict[str, Any]) -> dict[str, Any]:
    """Metadata; a model is asked once, the ledger knows the answer."""
    return await perform(corpus.describe_document, ImportJob(**job))


@bp.activity_trigger(input_name="job")
async def embed_document(job: dict[str, Any]) -> dict[str, Any]:
    """Embeds what is not embedded yet."""
    return await perform(corpus.embed_document, ImportJob(**job))
