"""The OCR runtime tells nobody that it is used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_the_runtime_neither_reports_nor_leaves_a_session_file(tmp_path: Path) -> None:
    program = "import shared.adapters.ocr, os, onnxruntime; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    environ = {key: value for key, value in os.environ.items() if key != "ORT_DISABLE_TELEMETRY"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environ | {"TMPDIR": str(tmp_path)}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"
    assert list(tmp_path.iterdir()) == []
