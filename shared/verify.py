"""Checks every setting, connection, table and function, and says what to do: `python -m shared.verify`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from shared.domain.readiness import Result

TIMEOUT = 60.0  # seconds for each check; all run side by side


async def verified() -> list[Result]:
    """All results. Raises SystemExit where a setting cannot be used."""
    from shared import checks, services
    from shared.steps.readiness import look_at

    results = await look_at([*checks.all_checks()], TIMEOUT)
    await services.close()
    return [Result("settings", True, 0, "every value can be used"), *results]


def shown(results: Sequence[Result]) -> str:
    """A table, and under it what to do about each failure."""
    width = max(len(result.name) for result in results)
    lines = [
        f"  {'✓' if result.ok else '✗'} {result.name:<{width}}  {result.latency_ms:>6} ms  {result.detail}"
        for result in results
    ]
    failed = [result for result in results if not result.ok]
    for result in failed:
        lines += ["", f"{result.name}: {result.remedy}"]
    count = len(results)
    end = f"{len(failed)} of {count} checks failed." if failed else f"All {count} checks passed."
    return "\n".join([*lines, "", end])


def main(argv: Sequence[str] | None = None) -> int:
    """Print the results; 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m shared.verify", description=__doc__)
    parser.add_argument("--json", action="store_true", help="the results as JSON")
    options = parser.parse_args(argv)
    results = asyncio.run(verified())
    print(json.dumps([asdict(result) for result in results], indent=2) if options.json else shown(results))
    return 0 if all(result.ok for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
