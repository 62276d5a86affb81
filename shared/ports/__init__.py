"""All that TheoGen asks of the outside, as protocols: `outside` are services, the others are the database."""

from shared.ports.bundle import Limits, Ports
from shared.ports.fleet import Activity, Count, Fleet
from shared.ports.limits import ModelBudget, Quotas
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
    RecordReader,
    SignIn,
    StructuredRecord,
    Taxonomy,
    VectorIndex,
    VectorRecord,
)
from shared.ports.records import Records
from shared.ports.stores import Codebook, Corpus, Documents, Projects, Runs, Store, Theories, Transaction

__all__ = [
    "Activity",
    "Analyst",
    "Blobs",
    "Codebook",
    "Corpus",
    "Count",
    "DocumentReader",
    "Documents",
    "Embedder",
    "Fleet",
    "Graph",
    "LanguageDetector",
    "Ledger",
    "Limits",
    "Match",
    "ModelBudget",
    "ModelClient",
    "OcrEngine",
    "PageImage",
    "Ports",
    "Projects",
    "Quotas",
    "RecordReader",
    "Records",
    "Runs",
    "SignIn",
    "Store",
    "StructuredRecord",
    "Taxonomy",
    "Theories",
    "Transaction",
    "VectorIndex",
    "VectorRecord",
]
