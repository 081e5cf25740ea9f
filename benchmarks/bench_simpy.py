"""How fast the SimPy clock is: the inner loop alone, an ensemble in one process, and the whole command.

python benchmarks/bench_simpy.py [SCENARIO] [RUNS]
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sim.clocks.reference import ReferenceClock
from sim.ensemble.run import play_ensemble, processors
from sim.rules.setup import set_up
from sim.scenario.load import load

REPLICATIONS = 100
WHOLE = 1000


def timed(work: Callable[[], None], runs: int) -> list[float]:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return times


def report(what: str, times: list[float], replications: int, events: float) -> None:
    middle, low, high = statistics.median(times), min(times), max(times)
    print(f"{what}: {middle:.2f} s ({low:.2f}-{high:.2f}) for {replications} replications, "
          f"{1000 * middle / replications:.2f} ms and {replications / middle:,.0f} replications/s, "
          f"{events * replications / middle:,.0f} events/s")


def main(scenario: str = "scenarios/gradual.toml", runs: str = "5") -> None:
    model = set_up(load(scenario).scenario)
    steps = []

    def inner() -> None:
        for replication in range(REPLICATIONS):
            clock = ReferenceClock(model, 1, replication)
            clock.play()
            steps.append(clock.steps)

    def ensemble() -> None:
        play_ensemble(model, REPLICATIONS, 1, workers=1)

    def command() -> None:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-m", "sim", "run", scenario, "--replications", str(WHOLE), "--quiet",
                            "--out", str(Path(folder, "out"))], check=True, stdout=subprocess.DEVNULL)

    inner()
    events = statistics.mean(steps)
    print(f"{scenario}: {events:,.0f} events a replication; median of {runs} runs (fastest-slowest)")
    report("inner loop", timed(inner, int(runs)), REPLICATIONS, events)
    report("ensemble, one process", timed(ensemble, int(runs)), REPLICATIONS, events)
    whole = timed(command, int(runs))
    report(f"whole command with figures, {processors()} processors", whole, WHOLE, events)


if __name__ == "__main__":
    main(*sys.argv[1:])
