"""All that TheoGen asks of the outside, as protocols: `outside` are services, the others are the database."""

from shared.ports.bundle import Limits, Ports
from shared.ports.outside import (
    Analyst,
    Blobs,
    DocumentReader,
    Embedder,
    Graph,
    LanguageDetector,
    Ledger,
    Match,
    ModelClient,
    OcrEngine,
    PageImage,
    Taxonomy,
    VectorIndex,
    VectorRecord,
)
from shared.ports.records import Records
from shared.ports.stores import Codebook, Corpus, Documents, Projects, Runs, Store, Theories, Transaction

__all__ = [
    "Analyst",
    "Blobs",
    "Codebook",
    "Corpus",
    "DocumentReader",
    "Documents",
    "Embedder",
    "Graph",
    "LanguageDetector",
    "Ledger",
    "Limits",
    "Match",
    "ModelClient",
    "OcrEngine",
    "PageImage",
    "Ports",
    "Projects",
    "Records",
    "Runs",
    "Store",
    "Taxonomy",
    "Theories",
    "Transaction",
    "VectorIndex",
    "VectorRecord",
]
