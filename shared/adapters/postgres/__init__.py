"""The database on PostgreSQL through asyncpg."""

from shared.adapters.postgres.budget import PostgresBudget
from shared.adapters.postgres.database import Database
from shared.adapters.postgres.ledger import PostgresLedger

__all__ = ["Database", "PostgresBudget", "PostgresLedger"]
