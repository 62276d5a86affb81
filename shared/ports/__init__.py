"""All that TheoGen asks of the outside, as protocols: `outside` and `queues` are services, `stores` the database."""

from shared.ports.batches import Batches, DeadLetters
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
from shared.ports.queues import Archives, Member, WorkMessage, WorkQueue
from shared.ports.stores import Codebook, Corpus, Documents, Projects, Records, Runs, Store, Theories, Transaction

__all__ = [
    "Analyst",
    "Archives",
    "Batches",
    "Blobs",
    "Codebook",
    "Corpus",
    "DeadLetters",
    "DocumentReader",
    "Documents",
    "Embedder",
    "Graph",
    "LanguageDetector",
    "Ledger",
    "Limits",
    "Match",
    "Member",
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
    "WorkMessage",
    "WorkQueue",
]
