"""The app of the session, with the offline analyst; a study that has been imported, and its theory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from localhost.stack import Stack
from tests.support.app import Json, RunningApp, sample


@dataclass(frozen=True)
class Study:
    """A project and its documents by name."""

    project_id: str
    documents: dict[str, Json]


@pytest.fixture(scope="session")
async def app(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningApp]:
    """The app with the offline analyst."""
    async with RunningApp(stack, tmp_path_factory.mktemp("offline-app"), watch=True) as running:
        yield running


@pytest.fixture(scope="session")
async def study(app: RunningApp) -> Study:
    """Three interviews in Spanish and English, as text, Word and PDF."""
    project_id = await app.create_project("Ronda", "es", research_question="¿Qué cambia con la aplicación?")
    files = sample("entrevista-01", "entrevista-04", "interview-06")
    documents = await app.import_files(project_id, *files)
    return Study(project_id, {document["name"]: document for document in documents})


@pytest.fixture(scope="session")
async def theory(app: RunningApp, study: Study) -> Json:
    """The theory of that study."""
    return await app.make_theory(study.project_id)
