"""Known-item search: how soon the passage that a query was made from is found by meaning, by words, and by both."""

from __future__ import annotations

import asyncio
import random
import re
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bench.evaluation.search_questions import QUESTIONS
from localhost.stack import Stack
from localhost.stack.place import default_folder
from shared.adapters.languages import LangidDetector
from shared.adapters.postgres import Database
from shared.adapters.qdrant import QdrantVectors
from shared.adapters.sentence_encoder import SentenceEncoder
from shared.domain import ids
from shared.domain.codebook import Passage
from shared.domain.document import Document
from shared.domain.fusion import fuse, fused
from shared.domain.runs import Project
from shared.domain.searching import query_of
from shared.domain.sentences import sentences
from shared.migrate import upgrade
from shared.ports import Limits, Ports
from shared.steps.corpus import cut_passages, embed_passages
from shared.steps.search import passages_collection, rank_by_each

TITLE = "Search: known items"
SAMPLE = Path(__file__).parents[2] / "sample" / "texts"
TENANT = str(uuid.UUID(int=1))
SEED = 11  # the constants of the fusion were chosen with queries of another one
QUERIES = 200
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Item:
    """A query, and the passage that is to be found."""

    kind: str
    query: str
    passage: str


@dataclass
class Corpus:
    """A project that has been cut, embedded and made searchable."""

    project_id: str
    passages: list[Passage]

    def frequencies(self) -> Counter[str]:
        """In how many passages each word is."""
        return Counter(word for passage in self.passages for word in set(_words(passage.text)))


def evaluate(data: Path) -> str:
    """Recall at 10 and mean reciprocal rank for each kind of query over interviews of others and the sample study."""
    with tempfile.TemporaryDirectory(prefix="theogen-search-") as name:
        Path(name).chmod(0o711)
        with Stack(Path(name), (), tools=default_folder() / "tools", durable=False) as stack:
            settings = stack.start({"postgres", "vectors"}).settings
            upgrade(settings["MIGRATION_DATABASE_URL"])
            return asyncio.run(_evaluate(data, settings))


async def _evaluate(data: Path, settings: Mapping[str, str]) -> str:
    database = Database(settings["DATABASE_URL"], size=4, overflow=0, timeout=30, recycle=300)
    embedder, vectors = SentenceEncoder(), QdrantVectors(settings["QDRANT_URL"])
    nothing = cast(Any, None)
    ports = Ports(
        store=database, blobs=nothing, reader=nothing, structured=nothing, languages=LangidDetector(),
        embedder=embedder, vectors=vectors, graph=nothing, analyst=nothing, limits=Limits(), work=nothing,
        archives=nothing,
    )  # fmt: skip
    interviews = {path.name: path.read_text("utf-8") for path in sorted((data / "interviews/changelog").glob("f*.md"))}
    answers = data / "interviews/llmcode/segments/bopp_test_augmented_1/bopp_test_augmented_1.txt"
    interviews[answers.name] = answers.read_text("utf-8")
    sample = {path.name: path.read_text("utf-8") for path in sorted(SAMPLE.glob("*.txt"))}
    rows: list[list[str]] = []
    try:
        english, study = await _filled(interviews, ports), await _filled(sample, ports)
        rows += await _measured("interviews of others (en)", english, _made(english, random.Random(SEED)), ports)
        items = [*_made(study, random.Random(SEED)), *_asked(study)]
        rows += await _measured("sample study (es, en)", study, items, ports)
    finally:
        await vectors.close()
        await database.close()
    return _table(rows, len(english.passages), len(study.passages))


async def _filled(texts: Mapping[str, str], ports: Ports) -> Corpus:
    # Derived ids: equally good passages stand in the order of their ids, and so in the same one in every run.
    project = Project(ids.derived("search evaluation", *texts), TENANT, "eval", "Search", "en")
    async with ports.store.tenant(TENANT) as tx:
        await tx.projects.create(project, None)
    await ports.vectors.ensure(passages_collection(ports.embedder.name), ports.embedder.dimensions)
    passages: list[Passage] = []
    for name, text in texts.items():
        sha256 = ids.content_hash(text.encode())
        document = Document(
            ids.document_id(project.project_id, sha256), TENANT, project.project_id, name, sha256, len(text), "pending",
            "registered", 0, 0, type="interview", language=await ports.languages.detect(text),
        )  # fmt: skip
        cut = cut_passages(document, text)
        async with ports.store.tenant(TENANT) as tx:
            await tx.documents.register(document)
            await tx.corpus.replace_passages(document, cut)
        await embed_passages(document, cut, ports)
        passages += cut
    return Corpus(project.project_id, passages)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _made(corpus: Corpus, chance: random.Random) -> list[Item]:
    """Queries from a sentence of a passage: its three rarest words, any five, its commonest five, all of it."""
    frequency = corpus.frequencies()
    makers: dict[str, Callable[[list[str], str], str]] = {
        "three rarest words": lambda words, _: " ".join(sorted(words, key=lambda w: (frequency[w], w))[:3]),
        "five words": lambda words, _: " ".join(chance.sample(words, 5)),
        "five commonest words over five letters": lambda words, _: " ".join(
            sorted((w for w in words if len(w) > 5), key=lambda w: (-frequency[w], w))[:5]
        ),
        "a whole sentence": lambda _, sentence: sentence,
    }
    items = []
    for kind, make in makers.items():
        for passage in chance.sample(corpus.passages, min(QUERIES, len(corpus.passages))):
            found = [passage.text[start:end] for start, end in sentences(passage.text)]
            found = [text for text in found if len(set(_words(text))) >= 6 and '"' not in text]
            if found:
                sentence = chance.choice(found)
                items.append(Item(kind, make(sorted(set(_words(sentence))), sentence), passage.passage_id))
    return [item for item in items if item.query]


def _asked(corpus: Corpus) -> list[Item]:
    """Questions that people wrote in words of their own."""
    items = []
    for question, answer in QUESTIONS.items():
        [passage] = [p for p in corpus.passages if answer in " ".join(p.text.split())]
        items.append(Item("questions in other words", question, passage.passage_id))
    return items


async def _measured(corpus_name: str, corpus: Corpus, items: Sequence[Item], ports: Ports) -> list[list[str]]:
    ranks: dict[str, dict[str, list[int | None]]] = {}
    for item in items:
        rankings = await rank_by_each(TENANT, corpus.project_id, query_of(item.query), ports)
        both = {"vectors": rankings.vectors, "text": rankings.text}
        plain = fuse(both, {"vectors": 1, "text": 1}, 60)
        lists = {**both, "plain": [one.id for one in plain], "ours": [one.id for one in fused(rankings)]}
        for name, found in lists.items():
            place = found.index(item.passage) + 1 if item.passage in found else None
            ranks.setdefault(item.kind, {}).setdefault(name, []).append(place)
    return [[corpus_name, kind, str(len(by["text"])), *map(_figures, by.values())] for kind, by in ranks.items()]


def _figures(places: Sequence[int | None]) -> str:
    recall = sum(place is not None and place <= 10 for place in places) / len(places)
    reciprocal = sum(1 / place for place in places if place) / len(places)
    return f"{recall:.3f} / {reciprocal:.3f}"


def _table(rows: list[list[str]], many: int, few: int) -> str:
    head = [
        "passages of",
        "query",
        "queries",
        "vectors alone",
        "words alone",
        "plain fusion, k = 60",
        "fused as searched",
    ]
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
    note = (
        f"Recall at 10 / mean reciprocal rank of the one passage that a query was made from, among {many} passages "
        f"(12 interviews and 174 answers of others) and {few} (sample study). Offline embedder; the words of a query "
        "stand in the passage but for the questions in other words, which were written by hand before the first run; "
        "the fusion was tuned with them and with generated queries of another seed."
    )
    return "\n".join([*lines, "", note])
