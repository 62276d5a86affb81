"""The budget of a run: tokens, as the ledger counts them."""

from __future__ import annotations

from shared.domain.errors import BudgetUsedUp
from shared.domain.runs import Run
from shared.ports import Transaction


async def check_budget(run: Run, tx: Transaction) -> None:
    """Raises BudgetUsedUp when the run has spent what it may. Asked before each activity: it may overshoot by one."""
    budget = run.request.get("budget_tokens")
    if budget is not None and await tx.runs.tokens_spent(run) >= budget:
        raise BudgetUsedUp
