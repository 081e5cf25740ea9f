"""The two clocks side by side on every shipped scenario, and one thread against two.

python benchmarks/clock_speed.py [REPLICATIONS] [RUNS]
"""

import statistics
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial

import numpy as np
from measure import MICRO, SCENARIOS, SEED, Ratio, Table, Times, alternate, over, scaled, seconds_of, show, spread

from sim.clocks.compiled import CompiledClock
from sim.clocks.reference import ReferenceClock
from sim.model.catalogue import expand
from sim.model.setup import Model, set_up
from sim.play.cast import solo
from sim.play.player import compiled_player, places_of, simpy_player
from sim.play.run import Means, Size, play_ensemble
from sim.play.twins import twins_in
from sim.scenario.load import load

SHIPPED = sorted(path.stem for path in SCENARIOS.glob("*.toml"))
AGAIN = 10  # the compiled clock plays the same replications so often, for its time to be long enough to be measured
THREADED = 100  # one thread against two: so many times the replications


@cache
def model_of(name: str, *overrides: str) -> Model:
    return set_up(load(SCENARIOS / f"{name}.toml", overrides).scenario)


def events_of(model: Model, replications: int) -> float:
    """Mean number of events of the first replications."""
    events = 0
    for replication in range(replications):
        clock = ReferenceClock(model, SEED, replication)
        clock.play()
        events += clock.steps
    return events / replications


def compiled_seconds(model: Model, replications: int) -> Callable[[], float]:
    """Return what times the compiled clock: seconds a replication with its records, on one thread."""
    player = compiled_player(solo(model, SEED, diaries=True))
    player(0, 0, 1)
    return lambda: seconds_of(lambda: [player(0, 0, replications) for _ in range(AGAIN)]) / (replications * AGAIN)


def one_scenario(name: str, replications: int, runs: int) -> tuple[tuple[str, ...], Times]:
    """Time both clocks on the same replications, with all they record."""
    model = model_of(name)
    cast = solo(model, SEED, diaries=True)
    simpy, compiled = simpy_player(cast), compiled_player(cast)
    expected, got = simpy(0, 0, min(replications, 5)), compiled(0, 0, min(replications, 5))
    assert expected.outcomes.tobytes() == got.outcomes.tobytes(), "both clocks do the same work"
    assert np.array_equal(expected.entries, got.entries), "both clocks do the same work"
    times = alternate({
        "simpy": lambda: seconds_of(lambda: simpy(0, 0, replications)) / replications,
        "compiled": compiled_seconds(model, replications),
    }, runs)
    events, ratios = events_of(model, replications), over(times["simpy"], times["compiled"])
    a_second = [f"{events / statistics.median(seconds):,.0f}" for seconds in times.values()]
    micro = [spread(scaled(seconds, MICRO)) for seconds in times.values()]
    return (name, f"{events:,.0f}", *micro, *a_second, spread(ratios)), ratios


def clocks(replications: int, runs: int) -> Table:
    measured = [one_scenario(name, replications, runs) for name in SHIPPED]
    middle = [statistics.median(ratios) for _, ratios in measured]
    last = ("**median over scenarios**", *[""] * 5, f"**{spread(middle)}**")
    note = (f"The compiled clock plays a scenario {statistics.median(middle):.0f} times as fast as SimPy (from "
            f"{min(middle):.0f} to {max(middle):.0f} times) and gives the same bits. One thread, the first "
            f"{replications} replications; both record all outcomes and the diary; {runs} runs.")
    return Table("Compiled against SimPy, on every shipped scenario", note,
                 ("scenario", "events a replication", "SimPy, µs a replication", "compiled, µs a replication",
                  "SimPy, events/s", "compiled, events/s", "times as fast"), [*(row for row, _ in measured), last],
                 [Ratio("compiled clock over SimPy clock, one thread, over shipped scenarios", middle, least=80)])


def play_clock(clock: CompiledClock, first: int, replications: int) -> None:
    results = np.empty((replications, len(clock.world.measured)))
    played = 0
    while played < replications:
        played += clock.play(first + played, results[played:])[0]


def threads(replications: int, runs: int) -> Table:
    """One thread against two: the compiled clock alone, and an ensemble, where diaries are counted one by one."""
    model, half = model_of("gradual"), replications // 2
    clocks = [CompiledClock(model, SEED, places_of(expand(model))) for _ in range(2)]

    def together(number: int) -> None:
        with ThreadPoolExecutor(number) as executor:
            each = 2 * half // number
            list(executor.map(lambda i: play_clock(clocks[i], i * each, each), range(number)))

    def ensemble(workers: int) -> None:
        play_ensemble(model, SEED, Size(2 * half), Means(workers=workers, clock="compiled"))

    twins = twins_in(model, 2 * half)
    works = {"the clock alone": (together, 2 * half),
             "an ensemble, with days counted": (ensemble, 2 * half + twins)}
    rows, ratios = [], []
    for name, (work, played) in works.items():
        work(2)
        times = alternate({f"{n}": partial(seconds_of, partial(work, n)) for n in (1, 2)}, runs)
        gain = over(times["1"], times["2"])
        rows.append((name, *(spread(scaled(times[n], MICRO / played)) for n in ("1", "2")), spread(gain)))
        ratios.append(Ratio(f"two threads over one, {name}", gain, least=1.9 if work is together else 1.85))
    alone, whole = (statistics.median(ratio.values) for ratio in ratios)
    note = (f"With a second thread, playing is {alone:.2f} times as fast, and a whole ensemble {whole:.2f} times, "
            f"in which diaries are counted by one thread at a time. {2 * half:,} replications of `gradual`, "
            f"{twins:,} of which an ensemble plays twice; {runs} runs.")
    return Table("One thread against two", note,
                 ("compiled clock", "one thread, µs a replication", "two threads, µs a replication", "times as fast"),
                 rows, ratios)


def tables(replications: int = 100, runs: int = 9) -> list[Table]:
    return [clocks(replications, runs), threads(replications * THREADED, runs)]


if __name__ == "__main__":
    show(tables(*map(int, sys.argv[1:])))
