"""What the parts of a replication cost: an event, a uniform, a jump in a stream, a stream, the records.

python benchmarks/costs.py [REPLICATIONS] [RUNS]
"""

import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FunctionType
from typing import Any

import numpy as np
from clock_speed import SHIPPED, compiled_seconds, events_of, model_of, play_clock
from measure import MICRO, NANO, SEED, Table, Times, alternate, median, over, scaled, seconds_of, show, spread
from numba import njit

from sim.clocks import compiled, loop
from sim.clocks.compiled import CompiledClock
from sim.clocks.generator import open_stream, seek, uniform
from sim.clocks.layout import KEY, PLAY, rows_of
from sim.clocks.parts import part
from sim.clocks.program import Program
from sim.model.catalogue import expand
from sim.play.cast import solo
from sim.play.choice import choose
from sim.play.player import compiled_player, places_of
from sim.play.work import Work
from sim.rules.rain import CELL_UNIFORMS, STRIP_STRIDE

LOOPS, REOPENED = 100_000, 100  # so many times as often as replications are played, small things are done
NO_OUTCOMES = np.zeros((0, 3), np.int64)


@njit(nogil=True)
def _uniforms(rows: Any, times: int) -> float:
    total = 0.0
    for _ in range(times):
        total += uniform(rows, 0)
    return total


@njit(nogil=True)
def _jumps(rows: Any, times: int) -> None:
    for i in range(times):  # to the cells of the lowest strips, as attacks do
        seek(rows, 0, ((i & 7) * STRIP_STRIDE + (i & 63)) * CELL_UNIFORMS)


@njit(nogil=True)
def _openings(rows: Any, opened: Any, times: int) -> None:
    for _ in range(times):
        for row in opened:
            open_stream(rows[row], rows[0])


def streams(replications: int, runs: int) -> Table:
    """Time uniforms, jumps and openings of streams in loops of their own."""
    clock = CompiledClock(model_of("gradual"), SEED, NO_OUTCOMES)
    clock.play(0, np.zeros((1, 0)))
    rows = rows_of(clock.world.streams)
    opened = np.flatnonzero((rows[:, KEY] > 0) & (rows[:, PLAY] > 0))
    times, replayed = replications * LOOPS, replications * REOPENED
    works: dict[str, tuple[Callable[[int], Any], int, int]] = {
        "a uniform": (partial(_uniforms, rows), times, 1),
        "a jump to a place in a stream": (partial(_jumps, rows), times, 1),
        "opening a stream": (partial(_openings, rows, opened), replayed, len(opened))}
    for work, _, _ in works.values():
        work(1)
    took = alternate({name: partial(lambda work, n, each: seconds_of(lambda: work(n)) / (n * each), *what)
                      for name, what in works.items()}, runs)
    note = (f"Compared with the rules, chance is cheap: a uniform takes {median(scaled(took['a uniform'], NANO))} ns. "
            f"A replication of `gradual` opens {len(opened)} streams, which takes "
            f"{median(scaled(took['opening a stream'], MICRO * len(opened)))} µs.")
    return Table("What a stream costs", note, ("compiled", "ns"),
                 [(name, spread(scaled(seconds, NANO))) for name, seconds in took.items()])


def events(replications: int, runs: int) -> Table:
    """Fit time against events over the shipped scenarios: what an event adds, and what there is without any."""
    counts = [events_of(model_of(name), replications) for name in SHIPPED]
    times = alternate({name: compiled_seconds(model_of(name), replications) for name in SHIPPED}, runs)
    fits = [statistics.linear_regression(counts, [times[name][run] for name in SHIPPED]) for run in range(runs)]
    slopes, starts = [fit.slope for fit in fits], [fit.intercept for fit in fits]
    each = scaled([statistics.median(times[name]) / count for name, count in zip(SHIPPED, counts, strict=True)], NANO)
    rows = [("each further event, by a line through all scenarios", spread(scaled(slopes, NANO))),
            ("a replication without events, by the same line", spread(scaled(starts, NANO))),
            ("a replication divided by its events, over scenarios", spread(each))]
    note = (f"With everything that is recorded, an event costs {median(scaled(slopes, NANO))} ns. Compiled clock, one "
            f"thread, {replications} replications of each shipped scenario, {min(counts):,.0f} to {max(counts):,.0f} "
            f"events a replication; {runs} runs.")
    return Table("What an event costs", note, ("compiled", "ns"), rows)


@part
def _nothing(s: Any, p: Any, d: Any, upto: Any) -> None:
    """Note nothing."""


def _without_diary() -> Callable[..., Any]:
    """Compile the loop of the compiled clock again, from the same code, but with nothing noted."""
    names = vars(loop)
    play = part(FunctionType(loop._play.py_func.__code__, names | {"_note": _nothing}))
    some = FunctionType(loop.play_some.__code__, names | {"_play": play})
    return Program("without-diary", lambda: some, compiled.play_rows.example, compiled.play_rows.sources)


@contextmanager
def _played_by(program: Callable[..., Any]) -> Iterator[None]:
    before, CompiledClock.program = CompiledClock.program, program
    try:
        yield
    finally:
        CompiledClock.program = before


def records(replications: int, runs: int) -> Table:
    """Time a replication with nothing recorded, then with its diary, its outcomes and the counting of days."""
    model = model_of("gradual")
    catalogue = expand(model)
    bare = CompiledClock(model, SEED, NO_OUTCOMES)
    full = CompiledClock(model, SEED, places_of(catalogue))
    chunk = compiled_player(solo(model, SEED, diaries=True))(0, 0, replications)
    work = Work(model, catalogue, None, choose("compiled").fold)
    with_diary, without = compiled.play_rows, _without_diary()

    def play(clock: CompiledClock, program: Callable[..., Any]) -> float:
        with _played_by(program):
            return seconds_of(lambda: play_clock(clock, 0, replications))

    works = {"nothing": lambda: play(bare, without), "diary": lambda: play(bare, with_diary),
             "outcomes": lambda: play(full, with_diary), "counting": lambda: seconds_of(lambda: work.add(chunk))}
    for one in works.values():
        one()
    assert int(bare.world.diary["entries"][0]) > 0, "the loop that came with the clock notes"
    return _records_table(alternate(works, runs), replications, runs, len(catalogue.names),
                          chunk.entries.shape[1] / replications)


def _records_table(times: dict[str, Times], replications: int, runs: int, outcomes: int, entries: float) -> Table:
    took = {name: scaled(seconds, MICRO / replications) for name, seconds in times.items()}
    added = {"the rules alone, nothing recorded": took["nothing"],
             "the diary of days and weeks": _less(took["diary"], took["nothing"]),
             f"{outcomes} outcomes": _less(took["outcomes"], took["diary"]),
             "counting the diary by day": took["counting"]}
    whole = [sum(parts) for parts in zip(*added.values(), strict=True)]
    rows = [(name, spread(micro), spread(scaled(over(micro, whole), 100))) for name, micro in added.items()]
    share = [100 - 100 * one for one in over(took["nothing"], whole)]
    note = (f"On one thread, {median(share)} % of an ensemble's time goes into recording. `gradual`, {replications:,} "
            f"replications, {runs} runs, {entries:,.0f} entries in a diary. Each line shows what it adds to the lines "
            "above it, from runs with and without it.")
    return Table("What a replication's records cost", note, ("part", "µs a replication", "% of all"),
                 [*rows, ("all", spread(whole), "100")])


def _less(times: Times, others: Times) -> Times:
    return [one - other for one, other in zip(times, others, strict=True)]


def tables(replications: int = 100, runs: int = 9) -> list[Table]:
    return [events(replications, runs), streams(replications, runs), records(replications * 10, runs)]


if __name__ == "__main__":
    show(tables(*map(int, sys.argv[1:])))
