"""What a run was given: its question, and its budget in tokens, as the ledger counts them."""

from __future__ import annotations

from shared.domain.analysis import Brief
from shared.domain.errors import BudgetUsedUp
from shared.domain.runs import Project, Run
from shared.ports import Transaction


async def check_budget(run: Run, tx: Transaction) -> None:
    """Raises BudgetUsedUp when the run has spent what it may. Asked before each activity: it may overshoot by one."""
    budget = run.request.get("budget_tokens")
    if budget is not None and await tx.runs.tokens_spent(run) >= budget:
        raise BudgetUsedUp


def brief_of(run: Run, project: Project) -> Brief:
    """What the run's analyst is told: the run's question, else the project's; the project's language."""
    question = str(run.request.get("research_question") or project.research_question)
    return Brief(project.tenant_id, project.project_id, project.language, question)
