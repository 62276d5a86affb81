"""`python -m bench.orchestration`: lets the engines take turns for some rounds and prints medians side by side."""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path

from bench.orchestration.job import STAGES, Result

_ROOT = Path(__file__).parents[2]
_ENGINES = {
    "this host": "bench.orchestration.this_host",
    "Celery + Redis": "bench.orchestration.celery_redis",
    "DBOS + SQLite": "bench.orchestration.dbos_sqlite",
}
_OURS = "this host"
_ROW = "| {:<14} | {:>12} | {:>12} | {:>9} | {:>11} | {:>11} |"


def main() -> int:
    """Run all rounds; 1 if this host itself could not be measured."""
    options = _options()
    results: dict[str, list[Result]] = defaultdict(list)
    failures: dict[str, str] = {}
    for number in range(options.rounds):
        # Who goes first changes, so that none has the quiet machine always.
        for name in sorted(_ENGINES, reverse=bool(number % 2)):
            if name not in failures:
                _round(name, options, results, failures)
    _print_table(results, failures, options)
    return int(_OURS in failures)


def _round(name: str, options: argparse.Namespace, results: dict[str, list[Result]], failures: dict[str, str]) -> None:
    python = sys.executable if name == _OURS else str(options.peers)
    if name == "Celery + Redis" and not shutil.which("redis-server"):
        failures[name] = "redis-server is not installed (Debian: apt-get install redis-server)"
    elif not Path(python).exists():
        failures[name] = "its packages could not be installed (bench/requirements-peers.txt)"
    else:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            command = [python, "-m", _ENGINES[name], "--count", str(options.count), "--folder", folder]
            ended = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
        if ended.returncode:
            failures[name] = (ended.stderr.strip().splitlines() or ["it failed without a word"])[-1]
        else:
            result = Result(**json.loads(ended.stdout.splitlines()[-1]))
            results[name].append(result)
            print(f"{name}: {result.chain_per_second:.0f} stages/s in chains", file=sys.stderr, flush=True)


def _print_table(results: dict[str, list[Result]], failures: dict[str, str], options: argparse.Namespace) -> None:
    print(f"\n{options.count} documents of {STAGES} no-op stages each, then a fan of {options.count} no-op stages.")
    print(
        f"Medians of {options.rounds} rounds, {date.today()}. CPU and peak memory are of all processes, clients too.\n"
    )
    head = _ROW.format("engine", "chain, st./s", "fan, st./s", "CPU, s", "memory, MB", "this : it")
    print(head, "|" + "|".join("-" * len(cell) for cell in head.split("|")[1:-1]) + "|", sep="\n")
    ours = _median(results[_OURS], "chain_per_second") if results[_OURS] else None
    for name in _ENGINES:
        if name in failures:
            print(f"| {name:<14} | not measured: {failures[name]}")
            continue
        figures = [
            _median(results[name], key) for key in ("chain_per_second", "fan_per_second", "cpu_seconds", "peak_mb")
        ]
        ratio = f"{ours / figures[0]:.2f}" if ours else ""
        print(
            _ROW.format(
                name, *(f"{figure:.0f}" for figure in figures[:2]), f"{figures[2]:.1f}", f"{figures[3]:.0f}", ratio
            )
        )
    print()
    for name, found in results.items():
        if found:
            print(f"{name}: {found[0].setting}.")


def _median(found: list[Result], key: str) -> float:
    return float(statistics.median(getattr(result, key) for result in found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.orchestration", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=1000, help="documents, and stages in the fan")
    parser.add_argument(
        "--peers", type=Path, default=Path(".localhost/bench-venv/bin/python"), help="the peers' Python"
    )
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
