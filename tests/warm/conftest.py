"""What the tests of warm-up share."""

from tests.support.database import database, migrated_url

__all__ = ["database", "migrated_url"]
