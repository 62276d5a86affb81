"""Records histories of the orchestrators as they are now: `python -m tests.orchestrators.record`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.orchestrators.stage_play import BROKEN, BUSY, DONE, IMPORT, SLOW, THEORY, Part, Play, play

FOLDER = Path(__file__).parent / "histories"

_IMPORT_PARTS: dict[str, Part] = {
    "plan_import": [{"status": "done", "ranges": [[1, 10], [11, 12]]}],
    "read_pages": [BUSY, {**BUSY, "after": 20}, DONE],
    "classify_document": [SLOW, ZeroDivisionError("a bug"), DONE],
}
_THEORY_PARTS: dict[str, Part] = {
    "plan_theory": [{"status": "done", "documents": [["d0", 7], ["d1", 6], ["d2", 1]]}],
    "code_passages": [DONE, DONE, BUSY, DONE],
    "relate_categories": [SLOW, DONE],
}

# As the activities answer since a stage of several parts is one activity.
_JOINED_PARTS: dict[str, Part] = {
    "preprocess_document": [SLOW, {"status": "done", "ranges": [[1, 10], [11, 12]]}],
    "read_pages": [BUSY, {**DONE, "left": 3}, DONE, {**DONE, "assembled": True}],
    "index_document": [{**BUSY, "after": 20}, DONE],
}

TRACE = f"00-{'a' * 32}-{'b' * 16}-01"

# Name of the file: (orchestrator, input, parts, instance whose history is kept).
SCENES: dict[str, tuple[str, dict[str, Any], dict[str, Part], str]] = {
    "import_document": ("import_document", IMPORT, _IMPORT_PARTS, "i"),
    "import_document_rejected": (
        "import_document",
        IMPORT,
        {"preprocess_document": [{"status": "ended", "reason": "encrypted"}]},
        "i",
    ),
    "import_document_resumed": (
        "import_document",
        {**IMPORT, "resume": "validate"},
        {"publish_document": [SLOW, DONE]},
        "i",
    ),
    "import_document_failed": ("import_document", IMPORT, {**_IMPORT_PARTS, "extract_record": [SLOW]}, "i"),
    "import_archive": (
        "import_document",
        IMPORT,
        {
            "plan_import": [{"status": "done", "ranges": [], "members": 5, "batch": 2}],
            "import_members": [{**DONE, "next": 3}, SLOW, {**DONE, "next": 4}, {**DONE, "next": 6}],
        },
        "i",
    ),
    "import_document_joined": ("import_document", {**IMPORT, "joined": True}, _JOINED_PARTS, "i"),
    "import_document_traced": ("import_document", {**IMPORT, "traceparent": TRACE}, _IMPORT_PARTS, "i"),
    "code_document_traced": ("generate_theory", {**THEORY, "traceparent": TRACE}, _THEORY_PARTS, "code-r-d0"),
    "generate_theory": ("generate_theory", THEORY, _THEORY_PARTS, "i"),
    "generate_theory_failed": ("generate_theory", THEORY, {**_THEORY_PARTS, "write_theory": [BROKEN]}, "i"),
    "code_interviews": (
        "code_interviews",
        {**THEORY, "documents": [["d0", 7], ["d1", 6], ["d2", 1]]},
        {"code_passages": [DONE, BUSY, DONE]},
        "i",
    ),
    "code_document": ("generate_theory", THEORY, _THEORY_PARTS, "code-r-d0"),
}


async def scene(name: str) -> tuple[str, list[tuple[str, str]]]:
    """Play a scene: the orchestrator whose history is kept, and what it was given and answered, in order."""
    orchestrator, job, parts, instance = SCENES[name]
    with play(**parts) as stage:
        await stage.run(orchestrator, job)
        return _orchestrator_of(stage, instance), stage.documents[instance]


def _orchestrator_of(stage: Play, instance: str) -> str:
    document = json.loads(stage.documents[instance][0][0])
    return str(next(event["Name"] for event in document["history"] if event["EventType"] == 0))


def _without_tracebacks(document: dict[str, Any]) -> dict[str, Any]:
    """Paths of one machine do not belong into a recording."""
    history = [{**event, "Details": ""} if event.get("Details") else event for event in document["history"]]
    return {**document, "history": history}


def record() -> None:
    """Write every scene's last document, and the answers to it and to all before it."""
    for name in SCENES:
        orchestrator, episodes = asyncio.run(scene(name))
        answers = [json.loads(answer) for _, answer in episodes]
        kept = {
            "orchestrator": orchestrator,
            "episodes": [
                {"events": len(json.loads(document)["history"]), "actions": len(answer["actions"][0])}
                for (document, _), answer in zip(episodes, answers, strict=True)
            ],
            "answer": answers[-1],
            "document": _without_tracebacks(json.loads(episodes[-1][0])),
        }
        (FOLDER / f"{name}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    record()
