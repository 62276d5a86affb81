"""What the tests of the Postgres adapter share."""

from tests.support.database import database, migrated_url, study

__all__ = ["database", "migrated_url", "study"]
