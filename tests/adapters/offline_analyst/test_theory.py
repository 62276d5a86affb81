"""From codebook to theory: bounded, in existing ids only, and the same every time."""

import asyncio
import os
import subprocess
import sys

import pytest

from bench.analyst_walk import Walk, walk
from shared.adapters.offline_analyst import OfflineAnalyst
from shared.adapters.offline_analyst.labels import denies
from shared.domain.analysis import AxialCoding, Brief, CodeInContext, CoreChoice, Evidence
from tests.adapters.offline_analyst.texts import brief, corpus

DIGEST = """
import asyncio, hashlib
from bench.analyst_walk import walk
from tests.adapters.offline_analyst.texts import brief, corpus
walked = asyncio.run(walk(corpus(), brief("es")))
outcome = repr((walked.proposals, walked.consolidation, walked.axial, walked.core, walked.theory))
print(hashlib.sha256(outcome.encode()).hexdigest())
"""


@pytest.fixture(scope="module", params=["en", "es"])
def walked(request: pytest.FixtureRequest) -> Walk:
    return asyncio.run(walk(corpus(), brief(str(request.param))))


def made_codes(count: int) -> list[CodeInContext]:
    topics = ("losing trust", "feeling watched", "asking for help", "being alone", "sharing meals", "perder la casa")
    found = []
    for number in range(count):
        label = f"{topics[number % 6]} {'abcdefghij'[number // 6 % 10]}"
        quote = f"I was {label} because of the pressure, so that we decided to change number {number}."
        piece = Evidence(f"a{number}", f"c{number}", f"d{number % 4}", f"d{number % 4}", f"p{number}", quote)
        found.append(CodeInContext(f"c{number}", label, "", (piece,), ()))
    return found


@pytest.mark.parametrize("count", [5, 12, 40])
async def test_no_category_holds_more_than_two_fifths_of_the_codes(analyst: OfflineAnalyst, count: int) -> None:
    axial = await analyst.categorise(brief(), made_codes(count))
    assert len(axial.categories) <= 9
    assert max(len(category.code_ids) for category in axial.categories) <= max(1, 0.4 * count)
    placed = [code_id for category in axial.categories for code_id in category.code_ids]
    assert sorted(placed) == sorted(code.code_id for code in made_codes(count))
    assert len({category.label for category in axial.categories}) == len(axial.categories)


def test_merges_and_what_is_set_aside_name_existing_codes_once(walked: Walk) -> None:
    known = {code.code_id for code in walked.raw}
    gone = [code_id for merge in walked.consolidation.merges for code_id in merge.merged]
    gone += walked.consolidation.set_aside
    assert len(gone) == len(set(gone))
    assert set(gone) | {merge.kept for merge in walked.consolidation.merges} <= known
    assert not set(gone) & {
        merge.kept for merge in walked.consolidation.merges if merge.kept not in walked.consolidation.set_aside
    }


def test_a_statement_and_its_denial_are_not_merged(walked: Walk) -> None:
    label = {code.code_id: code.label for code in walked.raw}
    for merge in walked.consolidation.merges:
        assert {denies(label[code_id]) for code_id in merge.merged} == {denies(label[merge.kept])}


def test_relations_and_propositions_cite_only_what_exists(walked: Walk) -> None:
    applications = {piece.application_id for code in walked.codebook for piece in code.evidence}
    labels = {category.label for category in walked.axial.categories}
    for relation in walked.axial.relations:
        assert {relation.source, relation.target} <= labels
        assert relation.application_ids
        assert set(relation.application_ids) <= applications
    assert 1 <= len(walked.theory.propositions) <= 7
    for proposition in walked.theory.propositions:
        assert set(proposition.categories) <= labels
        assert 0 < len(proposition.supporting) <= 6
        assert len(proposition.contradicting) <= 4
        assert set(proposition.supporting) | set(proposition.contradicting) <= applications
        assert not set(proposition.supporting) & set(proposition.contradicting)
    assert walked.core.category in labels


def test_everything_is_phrased_as_a_suggestion(walked: Walk) -> None:
    statements = [relation.statement for relation in walked.axial.relations]
    statements += [proposition.statement for proposition in walked.theory.propositions]
    assert all("(to confirm)" in said or "(por confirmar)" in said for said in statements)
    assert "language model" in walked.theory.memo or "modelo de lenguaje" in walked.theory.memo


async def test_nothing_in_gives_nothing_out(analyst: OfflineAnalyst) -> None:
    assert (await analyst.consolidate(brief(), [])).merges == ()
    axial = await analyst.categorise(brief(), [])
    assert axial == AxialCoding(())
    core = await analyst.choose_core(brief("es"), axial, [])
    assert core.category == ""
    assert (await analyst.theorise(brief(), axial, CoreChoice("", ""), [])).propositions == ()


async def test_one_code_makes_one_category(analyst: OfflineAnalyst) -> None:
    axial = await analyst.categorise(brief(), made_codes(1))
    assert len(axial.categories) == 1
    core = await analyst.choose_core(brief(), axial, made_codes(1))
    theory = await analyst.theorise(brief(), axial, core, made_codes(1))
    assert [len(p.supporting) for p in theory.propositions] == [1]


async def test_the_order_in_which_codes_arrive_changes_nothing(analyst: OfflineAnalyst) -> None:
    codes = made_codes(14)
    assert await analyst.consolidate(brief(), codes) == await analyst.consolidate(brief(), codes[::-1])
    assert await analyst.categorise(brief(), codes) == await analyst.categorise(brief(), codes[::-1])


def test_another_process_with_another_hash_seed_gives_the_same(tmp_path: object) -> None:
    digests = set()
    for seed in ("0", "4242"):
        run = subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.getcwd()},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(run.stdout.strip())
    assert len(digests) == 1


async def test_a_document_is_described_from_its_own_words(analyst: OfflineAnalyst) -> None:
    text = (
        "Entrevista con Rosa Gil\n\n4 de junio de 2024\n\nEntrevistadora: ¿Qué pasó?\n\nRosa: Sentí "
        "mucha rabia por el cierre. "
        "Mis vecinas me ayudaron a encontrar trabajo. Perdí la confianza en la empresa."
    )
    found = await analyst.describe(Brief("t", "p", "es"), text, "es")
    assert found.title == "Entrevista con Rosa Gil"
    assert found.date == "2024-06-04"
    assert found.people == ("Rosa",)
    assert found.organisations == ()
    assert found.topics
    assert all(part in " ".join(text.split()) for part in found.summary.split(". ")[:1])


@pytest.mark.parametrize("text", ["", "?", "\n\n\n", "Only one line without an end"])
async def test_a_text_without_content_is_described_all_the_same(analyst: OfflineAnalyst, text: str) -> None:
    found = await analyst.describe(brief(), text, "en")
    assert len(found.title) <= 80
    assert found.date is None
