"""Pages that cost money: metered, kept, and not sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from azure.core.credentials import AzureKeyCredential

from shared.adapters.ocr.document_intelligence import DocumentIntelligence
from shared.adapters.ocr.paid import DEPLOYMENT, PaidOcr
from shared.domain.errors import Damaged, SpendingLimit, Throttled
from shared.ports import Owner, PageImage
from tests.support.document_intelligence import KEY, Service, answer, running
from tests.support.ledger import MemoryLedger, ScriptedBudget

OWNER = Owner("tenant", "project")
IMAGE = PageImage(400, 200, bytes(400 * 200 * 3), OWNER)
OTHER = replace(IMAGE, data=b"\xff" + IMAGE.data[1:])


@dataclass
class Paid:
    """The engine over the service, with what it keeps and asks leave of."""

    service: Service
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    budget: ScriptedBudget = field(default_factory=ScriptedBudget)

    def engine(self) -> PaidOcr:
        """As a process that has just begun has it."""
        service = DocumentIntelligence(self.service.url, AzureKeyCredential(KEY), poll_seconds=0.01)
        return PaidOcr(service, self.ledger, self.budget, region="swedencentral")


@pytest.fixture
async def paid() -> AsyncIterator[Paid]:
    async with running(Service(answer([("Total", 0.95), ("12,50", 0.9)], [("IVA", 0.8)]))) as service:
        yield Paid(service)


async def test_a_picture_that_was_read_is_not_sent_again_by_any_process(paid: Paid) -> None:
    first = await paid.engine().read(IMAGE, 1)
    again = await paid.engine().read(IMAGE, 7)
    assert again == replace(first, number=7)
    assert first.lines[0].words[1].box == again.lines[0].words[1].box
    assert len(paid.service.pictures) == 1
    assert {answer.region for answer in paid.ledger.answers.values()} == {"swedencentral"}
    assert paid.budget.events == [("reserve", "tenant", DEPLOYMENT), ("settle", DEPLOYMENT, "used")]
    await paid.engine().read(OTHER, 1)
    assert len(paid.service.pictures) == 2


async def test_the_same_picture_at_the_same_time_is_sent_once(paid: Paid) -> None:
    engine = paid.engine()
    pages = await asyncio.gather(*(engine.read(IMAGE, n) for n in range(1, 6)))
    assert [page.number for page in pages] == [1, 2, 3, 4, 5]
    assert len(paid.service.pictures) == 1


async def test_tenants_do_not_share_what_they_paid_for(paid: Paid) -> None:
    await paid.engine().read(IMAGE, 1)
    await paid.engine().read(replace(IMAGE, owner=Owner("another", "project")), 1)
    assert len(paid.service.pictures) == 2


async def test_a_page_of_nobody_is_neither_kept_nor_metered(paid: Paid) -> None:
    for _ in range(2):
        await paid.engine().read(replace(IMAGE, owner=None), 1)
    assert len(paid.service.pictures) == 2
    assert (paid.ledger.events, paid.budget.events) == ([], [])


async def test_a_busy_service_is_a_pause_for_the_fleet(paid: Paid) -> None:
    paid.service.posts = [(429, {"Retry-After": "7"}), (429, {"Retry-After": "86400"})]
    waits = []
    for _ in range(2):
        with pytest.raises(Throttled) as busy:
            await paid.engine().read(IMAGE, 1)
        waits.append(busy.value.after)
    assert waits == [7.0, 0.25]
    assert [event for event in paid.budget.events if event[0] == "hold"] == [
        ("hold", DEPLOYMENT, "7.0"),
        ("hold", DEPLOYMENT, "None"),
    ]
    assert ("settle", DEPLOYMENT, "used") not in paid.budget.events
    assert (await paid.engine().read(IMAGE, 1)).text.startswith("Total")


@pytest.mark.parametrize("refusal", [Throttled("later", after=9), SpendingLimit()])
async def test_without_leave_nothing_is_sent_nor_put_on_record(paid: Paid, refusal: Exception) -> None:
    paid.budget.refuse = refusal
    with pytest.raises(type(refusal)):
        await paid.engine().read(IMAGE, 1)
    assert paid.service.pictures == []
    assert paid.ledger.events == []


async def test_a_picture_that_cannot_be_read_is_on_record_as_failed(paid: Paid) -> None:
    paid.service.posts = [(400, {})]
    with pytest.raises(Damaged):
        await paid.engine().read(IMAGE, 1)
    assert paid.ledger.failures == [("ocr", "damaged")]
