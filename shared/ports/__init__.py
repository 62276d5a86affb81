"""All that TheoGen asks of the outside, as protocols.

`outside`, `models`, `embeddings` and `queues` are services, the others the database.
"""

from shared.ports.batches import Batches, DeadLetters
from shared.ports.bundle import Limits, Ports
from shared.ports.embeddings import Embedder, EmbeddingLedger, Owner
from shared.ports.fleet import Activity, Count, Fleet
from shared.ports.limits import ModelBudget, Quotas
from shared.ports.models import Analyst, CallLines, Clerk, Ledger, ModelClient
from shared.ports.outside import (
    Blobs,
    DocumentReader,
    Graph,
    LanguageDetector,
    Match,
    OcrEngine,
    PageImage,
    RecordReader,
    Scanner,
    SignIn,
    StructuredRecord,
    Taxonomy,
    VectorIndex,
    VectorRecord,
)
from shared.ports.queues import TRACE, Archives, Member, WorkMessage, WorkQueue
from shared.ports.records import Records
from shared.ports.stores import (
    Documents,
    Members,
    Projects,
    Runs,
    Stages,
    Store,
    Transaction,
)
from shared.ports.studies import Codebook, Corpus, Theories

__all__ = [
    "TRACE",
    "Activity",
    "Analyst",
    "Archives",
    "Batches",
    "Blobs",
    "CallLines",
    "Clerk",
    "Codebook",
    "Corpus",
    "Count",
    "DeadLetters",
    "DocumentReader",
    "Documents",
    "Embedder",
    "EmbeddingLedger",
    "Fleet",
    "Graph",
    "LanguageDetector",
    "Ledger",
    "Limits",
    "Match",
    "Member",
    "Members",
    "ModelBudget",
    "ModelClient",
    "OcrEngine",
    "Owner",
    "PageImage",
    "Ports",
    "Projects",
    "Quotas",
    "RecordReader",
    "Records",
    "Runs",
    "Scanner",
    "SignIn",
    "Stages",
    "Store",
    "StructuredRecord",
    "Taxonomy",
    "Theories",
    "Transaction",
    "VectorIndex",
    "VectorRecord",
    "WorkMessage",
    "WorkQueue",
]
