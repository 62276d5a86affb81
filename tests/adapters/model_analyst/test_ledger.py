"""No answer is paid for twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.adapters.model_analyst import ModelAnalyst
from shared.domain import errors
from shared.domain.analysis import Brief, Fragment, ModelAnswer, ModelCall
from tests.support.ledger import MemoryLedger
from tests.support.model_server import ModelServer, behaviours


async def test_a_second_call_asks_nobody(
    analyst: ModelAnalyst, brief: Brief, fragment: Fragment, server: ModelServer
) -> None:
    first = await analyst.code(brief, fragment)
    assert first == await analyst.code(brief, replace(fragment, passage_id="elsewhere"))
    assert len(server.asked) == 1


async def test_a_stored_answer_is_used_after_a_crash(
    new_analyst: Callable[[], ModelAnalyst], brief: Brief, fragment: Fragment, server: ModelServer
) -> None:
    first = await new_analyst().code(brief, fragment)
    assert first == await new_analyst().code(brief, fragment)
    assert len(server.asked) == 1


async def test_an_answer_is_stored_before_it_is_read(
    new_analyst: Callable[[], ModelAnalyst],
    brief: Brief,
    fragment: Fragment,
    server: ModelServer,
    ledger: MemoryLedger,
) -> None:
    server.script(behaviours.cut_with_stop)
    for _ in range(2):
        with pytest.raises(errors.Truncated):
            await new_analyst().code(brief, fragment)
    assert ledger.events == [("begin", "open_coding"), ("finish", "open_coding")]
    assert len(server.asked) == 1


async def test_the_same_question_at_the_same_time_is_asked_once(
    analyst: ModelAnalyst, brief: Brief, fragment: Fragment, server: ModelServer
) -> None:
    server.delay = 0.05
    answers = await asyncio.gather(*(analyst.code(brief, fragment) for _ in range(10)))
    assert len(server.asked) == 1
    assert all(answer == answers[0] for answer in answers)
    assert not analyst._asker._turns


async def test_different_questions_do_not_wait_for_each_other(
    analyst: ModelAnalyst, brief: Brief, fragment: Fragment, server: ModelServer
) -> None:
    server.delay = 0.05
    await asyncio.gather(*(analyst.code(brief, replace(fragment, text=f"{fragment.text} {n}")) for n in range(6)))
    assert server.most_in_flight > 1


async def test_a_failed_call_is_on_record_with_its_code_and_may_be_made_again(
    analyst: ModelAnalyst, brief: Brief, fragment: Fragment, server: ModelServer, ledger: MemoryLedger
) -> None:
    server.script(behaviours.throttled(retry_after="7"), behaviours.filtered, behaviours.cut_with_length)
    with pytest.raises(errors.Throttled) as caught:
        await analyst.code(brief, fragment)
    assert caught.value.after == 7
    with pytest.raises(errors.ContentFiltered):
        await analyst.code(brief, fragment)
    with pytest.raises(errors.Truncated):
        await analyst.code(brief, fragment)
    assert [code for _, code in ledger.failures] == ["rate_limit", "content_filter", "truncated"]
    assert await analyst.code(brief, fragment)


@pytest.mark.parametrize("bad", [behaviours.wrong_form, behaviours.prose, behaviours.empty], ids=lambda bad: bad.name)
async def test_a_malformed_answer_is_asked_for_once_more_and_says_what_was_wrong(
    analyst: ModelAnalyst, brief: Brief, fragment: Fragment, server: ModelServer, bad: behaviours.Behaviour
) -> None:
    server.script(bad)
    assert await analyst.code(brief, fragment)
    assert len(server.asked) == 2
    first, second = server.asked
    assert second.user.startswith(first.user)
    assert "was not valid" in second.user


async def test_a_second_malformed_answer_is_an_error_and_neither_is_paid_again(
    new_analyst: Callable[[], ModelAnalyst], brief: Brief, fragment: Fragment, server: ModelServer
) -> None:
    server.script(behaviours.wrong_form, behaviours.prose)
    for _ in range(2):
        with pytest.raises(errors.MalformedAnswer):
            await new_analyst().code(brief, fragment)
    assert len(server.asked) == 2


async def test_the_line_in_the_ledger_tells_project_purpose_and_version_and_matches_the_servers_log(
    analyst: ModelAnalyst, brief: Brief, fragment: Fragment, server: ModelServer, ledger: MemoryLedger
) -> None:
    await analyst.code(brief, fragment)
    (call,) = ledger.calls.values()
    assert (call.tenant_id, call.project_id, call.purpose) == ("tenant", "project", "open_coding")
    assert call.deployment == "gpt-test"
    assert len(call.key) == 64
    assert call.input_sha256 == server.asked[0].input_sha256


async def test_tenants_do_not_share_answers(
    analyst: ModelAnalyst, brief: Brief, fragment: Fragment, server: ModelServer
) -> None:
    await analyst.code(brief, fragment)
    await analyst.code(replace(brief, tenant_id="another"), fragment)
    assert len(server.asked) == 2


async def test_an_answer_that_came_is_stored_even_when_nobody_waits_any_more(
    server: ModelServer, brief: Brief, fragment: Fragment, new_analyst: Callable[[], ModelAnalyst], ledger: MemoryLedger
) -> None:
    storing = asyncio.Event()
    store = ledger.finish

    async def slowly(call: ModelCall, answer: ModelAnswer) -> None:
        storing.set()
        await asyncio.sleep(0.05)
        await store(call, answer)

    ledger.finish = slowly  # type: ignore[method-assign]
    waiting = asyncio.create_task(new_analyst().code(brief, fragment))
    await storing.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.sleep(0.1)
    assert len(ledger.answers) == 1
