"""Conversations as people have them: long, rambling, transcribed by others."""

from __future__ import annotations

import pytest

from tests.domain.data import data_folder
from tests.support.app import RunningApp, applications, quotes, unresolved

FILES = ("founders-talk-7.md", "founders-talk-52.md", "founders-talk-86.md")


@pytest.mark.slow
async def test_long_conversations_become_codes_that_stand_in_them(app: RunningApp) -> None:
    folder = data_folder("interviews", "changelog")
    project_id = await app.create_project("Founders", "en", research_question="How do founders speak of failure?")
    documents = await app.import_files(project_id, *((name, (folder / name).read_bytes()) for name in FILES))
    assert [(d["status"], d["type"], d["language"]) for d in documents] == [("completed", "interview", "en")] * 3
    for document in documents:
        original = (folder / document["name"]).read_text("utf-8")
        assert (await app.text(document["document_id"])).split() == original.split()
    theory = await app.make_theory(project_id)
    stored = await applications(app, project_id)
    assert {row["document_id"] for row in stored} == {document["document_id"] for document in documents}
    assert await unresolved(app, stored) == []
    assert await unresolved(app, quotes(theory)) == []
    assert theory["coverage"]["coded_passages"] > 0.9 * theory["coverage"]["passages"]
    codes = (await app.get(f"projects/{project_id}/codes"))["items"]
    assert any(code["documents"] > 1 for code in codes)
