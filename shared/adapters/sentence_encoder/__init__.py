"""Sentence vectors on this machine, with no model service: the embedded default behind the `Embedder` port."""

from shared.adapters.sentence_encoder.encoder import SentenceEncoder

__all__ = ["SentenceEncoder"]
