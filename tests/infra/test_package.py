"""The package that ships: only what runs, small enough, and able to run with nothing of this project around it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from infra.package import LIBRARIES, LIMIT_MB, PYTHON, own_files, pack, runs
from tests.infra.bicep import ROOT
from tests.test_packaging import modules, normalised, pins, shipped

pytestmark = pytest.mark.slow


def distributions() -> dict[str, metadata.Distribution]:
    """What requirements.txt brings, with all that it needs, as installed here."""
    found: dict[str, metadata.Distribution] = {}
    ahead = list(pins("requirements.txt"))
    while ahead:
        name = normalised(ahead.pop())
        if name not in found:
            found[name] = metadata.distribution(name)
            needs = [Requirement(text) for text in found[name].requires or []]
            ahead += [need.name for need in needs if not need.marker or need.marker.evaluate({"extra": ""})]
    return found


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site-packages with these alone, as links, without what never runs."""
    folder = tmp_path_factory.mktemp("libraries")
    for distribution in distributions().values():
        for file in distribution.files or []:
            if ".." not in file.parts and runs(file.as_posix()) and (source := Path(str(file.locate()))).is_file():
                link = folder / file.as_posix()
                link.parent.mkdir(parents=True, exist_ok=True)
                link.unlink(missing_ok=True)
                link.symlink_to(source)
    return folder


@pytest.fixture(scope="module")
def package(libraries: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("package") / "theogen.zip"
    pack(target, libraries)
    return target


def test_the_package_s_own_files_are_those_that_funcignore_lets_through() -> None:
    assert sorted(own_files()) == shipped()


def test_the_package_holds_nothing_else_but_libraries(package: Path) -> None:
    names = zipfile.ZipFile(package).namelist()
    own = [name for name in names if not name.startswith(LIBRARIES.as_posix())]
    assert sorted(own) == shipped()
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyi", ".pyc"))]
    assert len(names) == len(set(names))


def test_the_package_is_small_enough(package: Path) -> None:
    size = package.stat().st_size / 1e6
    parts: dict[str, float] = {}
    for entry in zipfile.ZipFile(package).infolist():
        top = re.sub(rf"^{LIBRARIES.as_posix()}/", "", entry.filename).split("/")[0]
        parts[top] = parts.get(top, 0) + entry.compress_size / 1e6
    heaviest = sorted(((round(mb), name) for name, mb in parts.items()), reverse=True)[:10]
    print(f"{size:.0f} MB", heaviest)
    assert size < LIMIT_MB, heaviest


WORK = """
import asyncio, sys
sys.path[:0] = [{app!r}, {libraries!r}]
import function_app
functions = list(function_app.app.get_functions())
assert len(functions) > 30, functions
from shared.adapters.ocr.check import check_weights
from shared.adapters.offline_analyst.words import lemma_of
from shared.adapters.sentence_encoder import SentenceEncoder
import lxml.etree, neo4j, openai, pi_heif, qdrant_client, rapidocr, sqlalchemy
import numpy
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist
assert len(fcluster(linkage(pdist(numpy.eye(4)), "average"), 0.5, "distance")) == 4
asyncio.run(check_weights("accurate", 1))
assert len(asyncio.run(SentenceEncoder().embed(["La espera fue larga."]))[0]) > 100
print(lemma_of("esperaban", "es"), lemma_of("waiting", "en"))
print(sorted({{m.__file__ for m in sys.modules.values() if (getattr(m, "__file__", None) or "").startswith({root!r})}}))
"""


def test_the_app_runs_from_the_package_alone(libraries: Path, tmp_path: Path) -> None:
    pack(tmp_path / "own.zip", None)
    with zipfile.ZipFile(tmp_path / "own.zip") as archive:
        archive.extractall(tmp_path)
    work = WORK.format(app=str(tmp_path), libraries=str(libraries), root=str(ROOT))
    environ = {"BLOB_TRIGGER_SOURCE": "EventGrid", "AUTH_MODE": "azure", "AZURE_FUNCTIONS_DURABLE_STRICT_TYPING": "1"}
    # -I and -S: neither this folder, nor the environment, nor the interpreter's own site-packages.
    command = [sys.executable, "-I", "-S", "-c", work]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    lemmas, strangers = done.stdout.splitlines()[-2:]
    assert lemmas == "esperar wait"
    assert strangers == "[]"


def test_nothing_that_the_app_imports_is_left_out() -> None:
    found = {
        f"{node.module}.{alias.name}".replace(".", "/")
        for _, module in modules("functions", "shared")
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        for alias in node.names
    }
    assert any(name.startswith("scipy/cluster/") for name in found)
    assert [name for name in found if not runs(f"{name}.py") and not name.startswith("shared/")] == []


def test_the_package_s_python_is_the_one_that_runs_it() -> None:
    source = (ROOT / "infra" / "main.bicep").read_text("utf-8")
    assert f"pythonVersion: '{PYTHON[0]}.{PYTHON[1]}'" in source
    assert f'python-version: "{PYTHON[0]}.{PYTHON[1]}"' in (ROOT / ".github/workflows/deploy.yml").read_text("utf-8")


def test_the_same_sources_give_the_same_package(tmp_path: Path) -> None:
    pack(tmp_path / "one.zip", None)
    pack(tmp_path / "two.zip", None)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
