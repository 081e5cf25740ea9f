"""Simulators of Hawkes processes, asked line by line; run in their own environment by rivals.py.

Here only the standard library and the rivals themselves may be imported.
"""

import json
import sys
import time
from collections.abc import Callable

BACKGROUND = 1.5  # events per day
BRANCHING_RATIO = 0.4
DECAY_DAYS = 7.0
HORIZON = 1418.0
WARM_UP = 20


def hawkespylib() -> Callable[[int], int]:
    """Return a function that simulates with a seed and returns the number of events."""
    from HawkesPyLib.simulation import ExpHawkesProcessSimulation

    process = ExpHawkesProcessSimulation(BACKGROUND, BRANCHING_RATIO, DECAY_DAYS)
    return lambda seed: len(process.simulate(HORIZON, seed=seed))


def tick() -> Callable[[int], int]:
    """The same for tick; one object is used again and again, which is its fastest way."""
    from tick.hawkes import SimuHawkesExpKernels

    process = SimuHawkesExpKernels([[BRANCHING_RATIO]], 1.0 / DECAY_DAYS, baseline=[BACKGROUND], end_time=HORIZON,
                                   verbose=False)

    def simulate(seed: int) -> int:
        process.reset()
        process.seed = seed
        process.simulate()
        return process.n_total_jumps

    return simulate


RIVALS = {"HawkesPyLib": hawkespylib, "tick": tick}


def serve(name: str) -> None:
    """Answer each line, a number of replications, with seconds and numbers of events."""
    simulate = RIVALS[name]()
    for seed in range(1, WARM_UP + 1):
        simulate(seed)
    for line in sys.stdin:
        seeds = range(1, int(line) + 1)
        started = time.perf_counter()
        events = [simulate(seed) for seed in seeds]
        print(json.dumps([time.perf_counter() - started, events]), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
