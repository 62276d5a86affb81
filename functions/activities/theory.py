"""The steps of a theory run after open coding, and its failure."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df

from functions.activities.perform import perform
from shared.domain.runs import RunFailureJob, RunJob
from shared.steps import runs, theory

bp = df.Blueprint()


@bp.activity_trigger(input_name="job")
async def plan_theory(job: dict[str, Any]) -> dict[str, Any]:
    """Fixes the documents; a second time finds the same."""
    return await perform(theory.plan_theory, RunJob(**job))


@bp.activity_trigger(input_name="job")
async def consolidate_codebook(job: dict[str, Any]) -> dict[str, Any]:
    """Merges on record; states are set anew each time."""
    return await perform(theory.consolidate_codebook, RunJob(**job))


@bp.activity_trigger(input_name="job")
async def sync_taxonomy(job: dict[str, Any]) -> dict[str, Any]:
    """Makes index and graph equal to the tables."""
    return await perform(theory.sync_taxonomy, RunJob(**job))


@bp.activity_trigger(input_name="job")
async def relate_categories(job: dict[str, Any]) -> dict[str, Any]:
    """Replaces the run's categories and relations."""
    return await perform(theory.relate_categories, RunJob(**job))


@bp.activity_trigger(input_name="job")
async def choose_core(job: dict[str, Any]) -> dict[str, Any]:
    """Sets the core category."""
    return await perform(theory.choose_core, RunJob(**job))


@bp.activity_trigger(input_name="job")
async def write_theory(job: dict[str, Any]) -> dict[str, Any]:
    """Replaces the run's theory."""
    return await perform(theory.write_theory, RunJob(**job))


@bp.activity_trigger(input_name="job")
async def publish_theory(job: dict[str, Any]) -> dict[str, Any]:
    """Ends the run with its theory."""
    return await perform(theory.publish_theory, RunJob(**job))


@bp.activity_trigger(input_name="job")
async def pause_run(job: dict[str, Any]) -> dict[str, Any]:
    """The run waits for a person; a second time changes nothing."""
    return await perform(runs.pause_run, RunJob(**job))


@bp.activity_trigger(input_name="job")
async def fail_run(job: dict[str, Any]) -> dict[str, Any]:
    """Ends the run with its error; one that has ended stays as it is."""
    return await perform(theory.fail_run, RunFailureJob(**job))
