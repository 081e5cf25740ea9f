"""Whether both clocks give the same bits, over many more scenarios than the tests play.

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
from clocks.many import Tally, compare_many

EVERY = 250  # scenarios between two lines of progress


def line(tally: Tally) -> str:
    given_up = ", ".join(f"{count:,} {why!r}" for why, count in sorted(tally.given_up.items())) or "none"
    return (f"{tally.scenarios:,} scenarios, {tally.replications:,} replications, {tally.records:,} records of events "
            f"compared; given up by both clocks alike: {given_up}")


def main(scenarios: str = "5000", seed: str = "") -> int:
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
        print(f"The clocks differ. Again: python benchmarks/identity.py {scenarios} {made_from}")
        return 1
    print(f"{line(tally)}; differences: 0; {time.perf_counter() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
