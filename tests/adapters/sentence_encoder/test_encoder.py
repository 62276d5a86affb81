"""What everything downstream trusts the encoder for."""

import math

import pytest

from shared.adapters.sentence_encoder import SentenceEncoder

TEXTS = [
    "I stopped telling them things.",
    "Perdí la confianza en la oficina.",
    "",
    "no",
    "I stopped telling them things.",
    "?" * 400,
]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


async def test_every_text_gets_a_unit_vector_in_order(encoder: SentenceEncoder) -> None:
    vectors = await encoder.embed(TEXTS)
    assert [len(vector) for vector in vectors] == [encoder.dimensions] * len(TEXTS)
    for vector in vectors:
        assert math.isclose(math.sqrt(sum(value * value for value in vector)), 1.0, abs_tol=1e-4)
    assert vectors[0] == vectors[4]


async def test_a_text_has_the_same_vector_alone_and_beside_others(encoder: SentenceEncoder) -> None:
    together = await encoder.embed(TEXTS)
    alone = [(await encoder.embed([text]))[0] for text in TEXTS]
    assert together == alone


async def test_another_encoder_gives_the_same_vectors(encoder: SentenceEncoder) -> None:
    assert await SentenceEncoder().embed(TEXTS[:2]) == await encoder.embed(TEXTS[:2])


async def test_no_texts_give_no_vectors(encoder: SentenceEncoder) -> None:
    assert await encoder.embed([]) == []


async def test_the_same_idea_in_two_languages_lies_closer_than_another_idea(encoder: SentenceEncoder) -> None:
    english, spanish, other = await encoder.embed(["asking for help", "pedir ayuda", "tener miedo"])
    assert sum(a * b for a, b in zip(english, spanish, strict=True)) > 0.7
    assert sum(a * b for a, b in zip(english, other, strict=True)) < 0.4
