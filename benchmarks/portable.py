"""The portable logarithm and exponential: how far from the truth, and what they cost beside those of the C library.

python benchmarks/portable.py [ARGUMENTS] [RUNS]

The truth is mpmath's, for so many random arguments of each function (10,000,000 take some ten minutes).
"""

import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import mpmath
import numpy as np
from clock_speed import compiled_seconds, model_of
from measure import MICRO, NANO, ROOT, Ratio, Table, alternate, median, over, scaled, seconds_of, show, spread
from mpmath import libmp
from numba import njit

from sim.clocks.compiled_rules import compiled_rule
from sim.rules import portable

BITS = 90  # of the truth
BLOCK = 50_000
REPLICATIONS = 200
NAMES = ("log", "exp")
TRUTH: dict[str, Any] = {"log": libmp.mpf_log, "exp": libmp.mpf_exp}
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
        off = libmp.mpf_sub(libmp.from_float(found), truth(libmp.from_float(x), BITS), BITS)
        error = abs(libmp.to_float(libmp.mpf_div(off, libmp.from_float(math.ulp(found)), BITS)))
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
    """Have the rules use the C library, before they are compiled."""
    for name in NAMES:
        made: dict[str, Any] = {"math": math}
        exec(f"def {name}(x: float) -> float:\n    return math.{name}(x)", made)
        getattr(portable, name).__code__ = made[name].__code__


def replication_seconds(functions: str, cache: str) -> float:
    """Time a replication in a process of its own."""
    run = subprocess.run([sys.executable, __file__, "--replication", functions], cwd=ROOT, check=True,
                         env={**os.environ, "DRAWDOWN_SIM_CACHE": cache}, capture_output=True, text=True)
    return float(run.stdout)


def replications(runs: int) -> Table:
    with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as theirs:
        works = {name: partial(replication_seconds, name, cache)
                 for name, cache in (("portable", ours), ("library", theirs))}
        for work in works.values():
            work()
        times = alternate(works, runs)
    cost = over(times["portable"], times["library"])
    note = (f"A replication of `gradual` with portable functions takes {median(cost)} times as long as with those of "
            f"the C library. One thread, {REPLICATIONS} replications; {runs} runs, each in a process of its own.")
    return Table("What the promise of the same bits costs", note, ("functions", "µs a replication"),
                 [(name, spread(scaled(seconds, MICRO))) for name, seconds in times.items()],
                 [Ratio("a replication with portable functions over the C library's", cost, most=1.15)])


def tables(count: int = 10_000_000, runs: int = 9) -> list[Table]:
    return [accuracy(count), calls(runs), replications(runs)]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--replication"]:
        if sys.argv[2] == "library":
            with_library()
        print(compiled_seconds(model_of("gradual"), REPLICATIONS)())
    else:
        show(tables(*map(int, sys.argv[1:])))
