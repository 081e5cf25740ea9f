"""The portable logarithm and exponential: how far from the truth, and what they cost beside those of the C library.

python benchmarks/portable.py [ARGUMENTS] [RUNS]

The truth is mpmath's, for so many random arguments of each function (10,000,000 take some five minutes).
"""

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

import mpmath
import numpy as np
from clock_speed import compiled_seconds, model_of
from measure import MICRO, NANO, ROOT, SEED, Ratio, Table, alternate, median, over, scaled, seconds_of, show, spread
from mpmath import libmp
from numba import njit

from sim.clocks.compiled import CompiledClock, play_rows
from sim.clocks.program import SOURCES, Program
from sim.play.cast import solo
from sim.play.player import compiled_player
from sim.rules import portable

BITS = 90  # of the truth
BLOCK = 50_000
REPLICATIONS = 200
NAMES = ("log", "exp")
TRUTH: dict[str, Any] = {"log": libmp.mpf_log, "exp": libmp.mpf_exp}
OURS, THEIRS = "portable", "library"
LIBRARY = {"log": math.log, "exp": math.exp}


class Errors(NamedTuple):
    """The largest error, in units in the last place; where; and how many are beyond half a unit."""

    most: float
    at: float
    not_nearest: int


def arguments(name: str, block: int, count: int) -> np.ndarray:
    """Return random arguments: of all sizes, near the middle, and where rules use them."""
    generator = np.random.default_rng([block, NAMES.index(name)])
    u, kind = generator.random(count), generator.integers(3, size=count)
    if name == "log":
        return np.choose(kind, [np.ldexp(0.5 + u / 2, generator.integers(-1073, 1025, count)),
                                1 + np.ldexp(u - 0.5, generator.integers(-52, 1, count)), 1 - u])
    return np.choose(kind, [1454.8 * u - 745.1, np.ldexp(u - 0.5, generator.integers(-60, 1, count)), 20 * u - 10])


def errors(task: tuple[str, int, int]) -> Errors:
    """Compare one block with the truth."""
    name, block, count = task
    xs, truth = arguments(name, block, count).tolist(), TRUTH[name]
    function = getattr(portable, name)
    most, at, not_nearest = 0.0, 0.0, 0
    for x in xs:
        found = function(x)
        _, off, exponent, _ = libmp.mpf_sub(libmp.from_float(found), truth(libmp.from_float(x), BITS), BITS)
        error = math.ldexp(off, exponent - math.frexp(math.ulp(found))[1] + 1)
        not_nearest += error > 0.5
        if error > most:
            most, at = error, x
    return Errors(most, at, not_nearest)


def accuracy(count: int) -> Table:
    rows, ratios = [], []
    for name in NAMES:
        tasks = [(name, block, min(BLOCK, count - block * BLOCK)) for block in range(math.ceil(count / BLOCK))]
        with ProcessPoolExecutor() as executor:
            found = list(executor.map(errors, tasks))
        worst, beyond = max(found), sum(each.not_nearest for each in found)
        rows.append((name, f"{worst.most:.3f}", repr(worst.at), f"{100 * (1 - beyond / count):.1f} %"))
        ratios.append(Ratio(f"portable {name}: largest error in units in the last place", [worst.most], most=1.0))
    note = (f"{count:,} random arguments of each, of all sizes and where rules use them, against mpmath "
            f"{mpmath.__version__}, to {BITS} bits.")
    return Table("Errors of the portable functions", note,
                 ("function", "largest error, units in the last place", "at", "correctly rounded"), rows, ratios)


def looped(function: Callable[[float], float], xs: np.ndarray) -> Callable[[], float]:
    """Return what times one call after another."""

    @njit
    def total(xs: np.ndarray) -> float:
        found = 0.0
        for x in xs:
            found += function(x)
        return found

    total(xs)
    return lambda: seconds_of(lambda: total(xs)) / len(xs)


def calls(runs: int) -> Table:
    """Time single functions over arguments like those that rules give them."""
    from sim.clocks.compiled_rules import compiled_rule

    u = np.random.default_rng(1).random(1_000_000)
    xs = {"log": 1 - u, "exp": -8 * u}
    works = {(name, whose): looped(function, xs[name]) for name in NAMES for whose, function in (
        ("portable", compiled_rule(getattr(portable, name))), ("library", LIBRARY[name]))}
    times = alternate({" ".join(key): work for key, work in works.items()}, runs)
    rows = [(name, *(spread(scaled(times[f"{name} {whose}"], NANO)) for whose in ("portable", "library")))
            for name in NAMES]
    return Table("What a call costs", f"Compiled; one call after another; {runs} runs.",
                 ("function", "portable, ns", "C library, ns"), rows)


def with_library() -> None:
    """Have the rules use the C library; for this, none may have been compiled or copied yet."""
    assert "sim.clocks.compiled_rules" not in sys.modules
    for name in NAMES:
        made: dict[str, Any] = {"math": math}
        exec(f"def {name}(x: float) -> float:\n    return math.{name}(x)", made)
        getattr(portable, name).__code__ = made[name].__code__


def replication(functions: str) -> tuple[float, str]:
    """Time a replication with the rules compiled here; return a hash of the outcomes too."""
    if functions == THEIRS:
        with_library()
    from sim.clocks.loop import play_some

    CompiledClock.program = Program(f"{functions}-functions", lambda: play_some, play_rows.example, SOURCES)
    model = model_of("gradual")
    outcomes = compiled_player(solo(model, SEED))(0, 0, REPLICATIONS).outcomes
    return compiled_seconds(model, REPLICATIONS)(), sha256(outcomes.tobytes()).hexdigest()


def in_a_process(functions: str, cache: str) -> tuple[float, str]:
    """Do so in a process of its own."""
    run = subprocess.run([sys.executable, __file__, "--replication", functions], cwd=ROOT, check=True,
                         env={**os.environ, "DRAWDOWN_SIM_CACHE": cache}, capture_output=True, text=True)
    seconds, outcomes = json.loads(run.stdout)
    return seconds, outcomes


def replications(runs: int) -> Table:
    with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as theirs:
        plays = {name: partial(in_a_process, name, cache) for name, cache in ((OURS, ours), (THEIRS, theirs))}
        assert len({play()[1] for play in plays.values()}) == 2, "other functions give other bits"
        times = alternate({name: lambda play=play: play()[0] for name, play in plays.items()}, runs)
    cost = over(times[OURS], times[THEIRS])
    note = (f"A replication of `gradual` with portable functions takes {median(cost)} times as long as with those of "
            f"the C library. One thread, {REPLICATIONS} replications; {runs} runs, each in a process of its own.")
    return Table("What the promise of the same bits costs", note, ("functions", "µs a replication"),
                 [(name, spread(scaled(seconds, MICRO))) for name, seconds in times.items()],
                 [Ratio("a replication with portable functions over the C library's", cost, most=1.15)])


def tables(count: int = 10_000_000, runs: int = 9) -> list[Table]:
    return [accuracy(count), calls(runs), replications(runs)]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--replication"]:
        print(json.dumps(replication(sys.argv[2])))
    else:
        show(tables(*map(int, sys.argv[1:])))
