"""A whole study by the model, through the real SDK, from fragments to a theory."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.adapters.model_analyst import ModelAnalyst
from shared.adapters.openai import CompatibleEndpoint, OpenAIClient, OpenAIEmbedder
from shared.domain import ids
from shared.domain.analysis import Brief, CodeInContext, Evidence, Fragment, ProposedTheory
from tests.support.ledger import MemoryLedger
from tests.support.model_server import ModelServer

THINGS = ["telephone", "deadline", "children", "manager", "overtime", "weekend", "sleeping", "guilty feelings"]
WAYS = [
    "Nobody ever asked me about {} before this interview started",
    "We learned to live with {} by talking about it in the kitchen",
    "In the beginning {} was something that other people had",
    "Today I would say that {} decides how my evenings look",
]


def fragments() -> list[Fragment]:
    found = []
    for interview in range(6):
        for at in range(5):
            things = [THINGS[(interview * 3 + at * 2 + n) % 8] for n in range(3)]
            sentences = [WAYS[(interview + at + n) % 4].format(thing) for n, thing in enumerate(things)]
            text = f"{'. '.join(sentences)}. That was in {2010 + interview}, in month {at}."
            found.append(Fragment(f"passage-{interview}-{at}", f"document-{interview}", text, "en"))
    return found


async def study(analyst: ModelAnalyst, embedder: OpenAIEmbedder, brief: Brief) -> tuple[ProposedTheory, set[str]]:
    """What the steps do, in short: verify quotes, repair once, drop; then consolidate and theorise."""
    evidence: dict[str, list[Evidence]] = {}
    parts = fragments()
    coded = await asyncio.gather(*(analyst.code(brief, part) for part in parts))
    for part, codes in zip(parts, coded, strict=True):
        for code in codes:
            quote = code.quote if code.quote in part.text else await analyst.repair_quote(brief, part, code)
            if quote is None or quote not in part.text:
                continue
            piece = ids.derived(code.label, part.passage_id, quote)
            found = Evidence(piece, code.label, part.document_id, "name", part.passage_id, quote)
            evidence.setdefault(code.label, []).append(found)
    vectors = await embedder.embed(list(evidence))
    codes_ = [
        CodeInContext(label, label, "d", tuple(evidence[label]), tuple(vector))
        for label, vector in zip(evidence, vectors, strict=True)
    ]
    consolidation = await analyst.consolidate(brief, codes_)
    gone = {label for merge in consolidation.merges for label in merge.merged}
    left = [code for code in codes_ if code.code_id not in gone]
    axial = await analyst.categorise(brief, left)
    core = await analyst.choose_core(brief, axial, left)
    assert core.category in {category.label for category in axial.categories}
    theory = await analyst.theorise(brief, axial, core, left)
    return theory, {piece.application_id for code in left for piece in code.evidence}


async def test_every_proposition_leads_back_to_verified_quotes_and_a_second_run_asks_nobody(
    server: ModelServer, new_analyst: Callable[[], ModelAnalyst], brief: Brief
) -> None:
    server.coder.invent = 0.4
    embedder = OpenAIEmbedder("embed", 64, CompatibleEndpoint(server.base_url))
    theory, known = await study(new_analyst(), embedder, brief)
    assert theory.propositions
    for proposition in theory.propositions:
        assert proposition.supporting
        assert known >= {*proposition.supporting, *proposition.contradicting}
    assert {"open_coding", "quote_repair", "axial_coding", "axial_relations", "theory"} <= set(server.purposes())
    completions = [asked for asked in server.asked if asked.purpose != "embedding"]
    assert len({asked.key for asked in completions}) == len(completions)
    assert (await study(new_analyst(), embedder, brief))[0] == theory
    assert len([asked for asked in server.asked if asked.purpose != "embedding"]) == len(completions)
    await embedder.close()


async def test_the_server_alone_logs_what_was_asked_and_answered(tmp_path: Path, brief: Brief) -> None:
    log = tmp_path / "calls.jsonl"
    command = [sys.executable, "-m", "tests.support.model_server", "--port", "0", "--log", str(log), "--delay", "0.2"]
    root = Path(__file__).parents[3]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=root, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(root)}
    )
    try:
        assert process.stdout is not None
        base_url = (await process.stdout.readline()).decode().strip()
        client, ledger = OpenAIClient("gpt-test", CompatibleEndpoint(base_url)), MemoryLedger()
        await ModelAnalyst(client, ledger).code(brief, fragments()[0])
        interrupted = asyncio.create_task(ModelAnalyst(client, ledger).code(brief, fragments()[1]))
        while len(log.read_text().splitlines()) < 3:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.01)
        interrupted.cancel()
        with pytest.raises(asyncio.CancelledError):
            await interrupted
        await ModelAnalyst(client, ledger).code(brief, fragments()[0])
        await client.close()
    finally:
        process.kill()
        await process.wait()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    asked = [line["input_sha256"] for line in lines if line["event"] == "asked"]
    first = next(call.input_sha256 for call in ledger.calls.values() if ("tenant", call.key) in ledger.answers)
    assert asked.count(first) == 1
    assert len(asked) == len(set(asked)) == 2
    assert {line["purpose"] for line in lines} == {"open_coding"}
