"""`python -m tests.localhost.crash [--seeds N | --seed S]`: runs seeds side by side and says how to repeat one."""

import argparse
import asyncio
import sys
import time

from tests.localhost.crash.run import CrashError, run_seed

SEEDS = 200
SIDE_BY_SIDE = 4


async def run_all(seeds: list[int], side_by_side: int = SIDE_BY_SIDE) -> list[str]:
    """Run all and return what failed; a line after each ten."""
    places, began, failures, kills = asyncio.Semaphore(side_by_side), time.monotonic(), [], []

    async def one(seed: int) -> None:
        async with places:
            try:
                kills.append(await run_seed(seed))
            except CrashError as error:
                kills.append(0)
                failures.append(f"seed {seed}: {error}")
                print(failures[-1], flush=True)
        if len(kills) % 10 == 0 or len(kills) == len(seeds):
            took = time.monotonic() - began
            print(f"{len(kills)} runs, {sum(kills)} kills, {len(failures)} failed, {took:.0f} s", flush=True)

    await asyncio.gather(*map(one, seeds))
    return failures


def main() -> int:
    """0 if every run was green."""
    parser = argparse.ArgumentParser(prog="python -m tests.localhost.crash", description=__doc__)
    parser.add_argument("--seed", type=int, action="append", help="only this one (may be given again)")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many, from 0 on")
    parser.add_argument("--side-by-side", type=int, default=SIDE_BY_SIDE)
    options = parser.parse_args()
    failures = asyncio.run(run_all(options.seed or [*range(options.seeds)], options.side_by_side))
    print("all green" if not failures else f"{len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
