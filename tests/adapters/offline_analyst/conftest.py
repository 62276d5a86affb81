"""One encoder for all tests here: loading it takes a second."""

import pytest

from shared.adapters.offline_analyst import OfflineAnalyst
from shared.adapters.sentence_encoder import SentenceEncoder


@pytest.fixture(scope="session")
def analyst() -> OfflineAnalyst:
    return OfflineAnalyst(SentenceEncoder())
