"""Nearest neighbours in Qdrant."""

from shared.adapters.qdrant.vectors import QdrantVectors

__all__ = ["QdrantVectors"]
