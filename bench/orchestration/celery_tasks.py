"""The job as Celery tasks; the worker process imports this module."""

import os

from celery import Celery

app = Celery("bench", broker=os.environ["BENCH_REDIS"], backend=os.environ["BENCH_REDIS"])
app.conf.update(
    task_acks_late=True,  # at least once, as activities are
    task_reject_on_worker_lost=True,
    broker_connection_retry_on_startup=True,
)


@app.task
def stage(done: int) -> int:
    """Does nothing."""
    return done + 1


@app.task
def add_up(done: list[int]) -> int:
    """Ends a fan."""
    return sum(done)
