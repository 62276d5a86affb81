"""Looking at everything that the app needs, side by side, each with its time."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from shared.domain.errors import NotReady, TheoGenError
from shared.domain.readiness import Check, Result

LEAST_FREE_MB = 200
_PROBE = b"\0" * 1024 * 1024


async def look_at(checks: Sequence[Check], patience: float) -> list[Result]:
    """All results, in the order of the checks; one that takes longer than `patience` seconds has failed."""
    return list(await asyncio.gather(*(_one(check, patience) for check in checks)))


async def _one(check: Check, patience: float) -> Result:
    begun = time.monotonic()

    def result(ok: bool, detail: str, remedy: str = "") -> Result:
        return Result(check.name, ok, round((time.monotonic() - begun) * 1000), detail, remedy)

    try:
        async with asyncio.timeout(patience):
            return result(True, await check.look())
    except NotReady as error:
        return result(False, str(error), error.remedy)
    except TimeoutError:
        return result(False, f"No answer within {patience:.0f} seconds.", "See whether it runs and can be reached.")
    except TheoGenError as error:
        return result(False, str(error), "See docs/operating.md, “When something is wrong”.")
    except Exception as error:  # a check must not end the others
        return result(False, f"{type(error).__name__} while looking.", "See the log for the whole error.")


async def check_disk() -> str:
    """Room for temporary files, and whether they can be written."""
    return await asyncio.to_thread(_check_disk)


def _check_disk() -> str:
    folder = tempfile.gettempdir()
    remedy = f"Free space in {folder}, or set TMPDIR to a folder with room."
    free = shutil.disk_usage(folder).free // (1024 * 1024)
    if free < LEAST_FREE_MB:
        raise NotReady(f"Only {free} MB are free for temporary files in {folder}.", remedy)
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix="theogen-ready-") as probe:
            probe.write(_PROBE)
            probe.flush()
            size = Path(probe.name).stat().st_size
    except OSError as error:
        raise NotReady(f"Temporary files cannot be written in {folder} ({error.strerror}).", remedy) from error
    if size != len(_PROBE):
        raise NotReady(f"Temporary files are cut off in {folder}.", remedy)
    return f"{free:,} MB free"
