"""Whether all engines give the same bits: SimPy, compiled, and WebAssembly, over many more scenarios than in tests.

python benchmarks/identity.py [SCENARIOS=5000] [SEED]

SEED, by default another one each time, is what Hypothesis makes the scenarios from; the same seed and number make the
same scenarios again. At the first difference the smallest scenario found that shows one is printed, and the exit code
is 1.
"""

import secrets
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from clocks import web
from clocks.many import Tally, compare_many

from sim.clocks.shipped import BUILD

EVERY = 250  # scenarios between two lines of progress


def line(tally: Tally) -> str:
    given_up = ", ".join(f"{count:,} {why!r}" for why, count in sorted(tally.given_up.items())) or "none"
    played = ", ".join(f"{count:,} by {name}" for name, count in tally.engines.items())
    return (f"{tally.scenarios:,} scenarios ({played}), {tally.replications:,} replications, {tally.records:,} records "
            f"of events compared; given up by all alike: {given_up}")


def main(scenarios: str = "5000", seed: str = "") -> int:
    if not web.is_fresh():
        print(f"The WebAssembly module is not of these sources. Run: {BUILD}")
        return 2
    made_from = int(seed) if seed else secrets.randbits(32)
    print(f"{int(scenarios):,} scenarios made from seed {made_from}", flush=True)
    started = time.perf_counter()

    def watch(tally: Tally) -> None:
        if tally.scenarios % EVERY == 0:
            print(f"{time.perf_counter() - started:5.0f} s: {line(tally)}", flush=True)

    try:
        tally = compare_many(int(scenarios), made_from, watch)
    except AssertionError as error:
        print("".join(traceback.format_exception_only(error)))
        print(f"The engines differ. Again: python benchmarks/identity.py {scenarios} {made_from}")
        return 1
    print(f"{line(tally)}; differences: 0; {time.perf_counter() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
