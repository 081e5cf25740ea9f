"""Mutants of scenario, study and data files: each is refused in words, or loads and plays alike on both clocks.

python benchmarks/fuzz.py [--mutants N] [--minutes M] [--seed S] [--processes P]

SEED, by default another one each time, is what mutants are made from; the same seed and number make the same mutant
again. What is found is printed with the smallest file that shows it, and the exit code is 1.
"""

import argparse
import secrets
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from fuzz.judge import Bench, Finding, Tally, limit_memory

PORTION = 500  # mutants that a process judges at a time
EVERY = 30.0  # seconds between two lines of progress
MEMORY = 6.0  # GB of address space of each process
LISTED = 30  # different findings that are printed


def portion(seed: int, first: int, mutants: int) -> Tally:
    limit_memory(MEMORY)
    with tempfile.TemporaryDirectory() as folder:
        return Bench(Path(folder)).judge(seed, first, mutants)


def line(tally: Tally, seconds: float) -> str:
    total = tally.ends.total()
    ends = ", ".join(f"{kind} {end} {count:,}" for (kind, end), count in sorted(tally.ends.items()))
    return f"{seconds:6.0f} s: {total:,} mutants, {total / seconds:.0f} a second: {ends}"


def told(finding: Finding) -> str:
    return (f"\n{finding.kind}, mutant {finding.number}: {finding.what}\n{finding.trace[-1500:]}"
            f"smallest file that shows it: {finding.text[:1500]!r}")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--mutants", type=int, default=20_000)
    options.add_argument("--minutes", type=float, default=float("inf"))
    options.add_argument("--seed", type=int, default=secrets.randbits(32))
    options.add_argument("--first", type=int, default=0, help="number of the first mutant")
    options.add_argument("--processes", type=int, default=2)
    asked = options.parse_args()
    print(f"{asked.mutants:,} mutants from number {asked.first:,} on, made from seed {asked.seed}", flush=True)
    started = said = time.perf_counter()
    tally, known = Tally(), set()
    with ProcessPoolExecutor(asked.processes) as pool:
        firsts = iter(range(asked.first, asked.first + asked.mutants, PORTION))
        beyond = asked.first + asked.mutants
        waiting = {pool.submit(portion, asked.seed, first, min(PORTION, beyond - first))
                   for _, first in zip(range(2 * asked.processes), firsts, strict=False)}
        while waiting:
            done = next(as_completed(waiting))
            waiting.remove(done)
            more = done.result()
            tally += more
            for finding in more.findings:
                if (finding.kind, finding.what) not in known and len(known) < LISTED:
                    known.add((finding.kind, finding.what))
                    print(told(finding), flush=True)
            spent = time.perf_counter() - started
            if time.perf_counter() - said > EVERY:
                said = time.perf_counter()
                print(line(tally, spent), flush=True)
            first = next(firsts, None)
            if first is not None and spent < 60 * asked.minutes:
                waiting.add(pool.submit(portion, asked.seed, first, min(PORTION, beyond - first)))
    print(line(tally, time.perf_counter() - started))
    print(f"findings: {len(tally.findings)}, {len(known)} different")
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
