"""How often 95 % intervals contain the true value, when a run stops at a precision and when its length is fixed.

python benchmarks/interval_coverage.py [STUDIES]

Many studies are made of outcomes whose truth is known. Each adds replications until the rule of
sim/estimate/precision.py stops it; its interval then holds the truth or does not. Beside it stand the same intervals at
a fixed number of replications (the look nearest to the mean at which studies stopped), and at the first look at which
the target was met, which is what the rule would do without its two further looks.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import log

import numpy as np
from measure import Table, show
from numpy.typing import NDArray

from sim.estimate.intervals import wilson
from sim.estimate.precision import Watch, looks, reach
from sim.estimate.sample import Sample
from sim.estimate.targets import Target, targets_of
from sim.model.catalogue import Catalogue, expand
from sim.model.setup import set_up
from sim.scenario.load import from_dict

Columns = dict[str, NDArray[np.float64]]
AT_MOST = 13_700
HORIZON = 1000.0
FILE = from_dict({
    "start": date(2024, 1, 1), "end": date(2026, 9, 26), "theatres": {"one": {"troops": 1000}},
    "phases": {"out": {"theatre": "one", "start": date(2024, 6, 1), "target": 0, "over_days": 300}}})


@dataclass(frozen=True)
class Case:
    """An outcome with known truth: what is asked of it, and what draws ``n`` replications."""

    label: str
    asked: str
    truth: float
    draw: Callable[[np.random.Generator, int], Columns]


def named(name: str, draw: Callable[[np.random.Generator, int], NDArray[np.float64]]) -> Callable[..., Columns]:
    return lambda rng, n: {name: draw(rng, n).astype(float)}


def deaths(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Nobody killed in half of the replications, else k with chance ~ k^-2.5, up to 300."""
    return np.where(rng.random(n) < 0.5, 0, np.searchsorted(UPTO, rng.random(n), side="right") + 1)


SIZES = np.arange(1, 301)
UPTO = np.cumsum(SIZES**-2.5) / np.sum(SIZES**-2.5)
MEAN_DEATHS = 0.5 * float(np.sum(SIZES**-1.5) / np.sum(SIZES**-2.5))


def exposure(rng: np.random.Generator, n: int) -> Columns:
    """Troop-days, and attacks that come in proportion to them, unevenly."""
    days = rng.uniform(1e6, 3e6, n)
    return {"troop_days": days, "attacks_total": rng.poisson(days * 1e-4 * rng.gamma(2, 0.5, n)).astype(float)}


def never(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Days that are exponential with mean 500, infinite beyond the horizon."""
    days = rng.exponential(500, n)
    return np.where(days < HORIZON, days, np.inf)


CASES = (
    Case("normal, mean", "attacks_total=2", 200, named("attacks_total", lambda rng, n: rng.normal(200, 60, n))),
    Case("skewed count, mean", "attacks_total=8", 220,
         named("attacks_total", lambda rng, n: rng.negative_binomial(1, 1 / 221, n))),
    Case("very skewed count, mean", "attacks_total=5%", 220,
         named("attacks_total", lambda rng, n: rng.negative_binomial(0.4, 0.4 / 220.4, n))),
    Case("heavy tail (deaths), mean", "killed=0.1", MEAN_DEATHS, named("killed", deaths)),
    Case("chance of 2 %", "any_fatal=0.005", 0.02, named("any_fatal", lambda rng, n: rng.random(n) < 0.02)),
    Case("chance of 60 %", "any_fatal=0.02", 0.6, named("any_fatal", lambda rng, n: rng.random(n) < 0.6)),
    Case("date, restricted mean", "completion_day=15", 500 * (1 - np.exp(-2)), named("completion_day", never)),
    Case("date, median", "completion_day:q50=22", 500 * log(2), named("completion_day", never)),
    Case("skewed count, 95 % quantile", "attacks_total:q95=40", np.ceil(log(0.05) / log(220 / 221) - 1),
         named("attacks_total", lambda rng, n: rng.negative_binomial(1, 1 / 221, n))),
    Case("rate, ratio of means", "attack_rate=2.5%", 1000 * 365.25 / 12 * 1e-4, exposure),
)


@dataclass
class Study:
    """Where a study stopped and first met its target, and whether its interval held the truth at either."""

    replications: int
    held: bool
    first: int
    first_held: bool
    enough: bool


def holds(interval: list[float] | None, truth: float) -> bool:
    return interval is not None and interval[0] <= truth <= interval[1]


def study(target: Target, catalogue: Catalogue, columns: Columns, truth: float) -> Study:
    watch = Watch((target,), AT_MOST)
    first, first_held = 0, False
    for n in looks(AT_MOST):
        enough = watch.look(Sample(catalogue, HORIZON, lambda name, n=n: columns[name][:n]))
        if not first and watch.reached[0].met:
            first, first_held = n, holds(watch.reached[0].interval, truth)
        if enough:
            break
    return Study(n, holds(watch.reached[0].interval, truth), first or n, first_held, watch.enough)


def share(held: int, of: int) -> str:
    low, high = wilson(held, of) or (0.0, 1.0)
    return f"{100 * held / of:.1f} ({100 * low:.1f}–{100 * high:.1f})"


def row(case: Case, number: int, studies: int, catalogue: Catalogue) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return a line of the table, and how many intervals held: at a fixed number, at the first look, by the rule."""
    (target,) = targets_of(FILE, [case.asked], catalogue)

    def columns(i: int) -> Columns:  # the same each time, so that they need not be kept
        return case.draw(np.random.default_rng([1, number, i]), AT_MOST)

    done = [study(target, catalogue, columns(i), case.truth) for i in range(studies)]
    mean = sum(one.replications for one in done) / studies
    fixed = min(looks(AT_MOST), key=lambda n: abs(n - mean))
    fixed_held = 0
    for i in range(studies):
        drawn = {name: values[:fixed] for name, values in columns(i).items()}
        fixed_held += holds(reach(target, Sample(catalogue, HORIZON, drawn.__getitem__)).interval, case.truth)
    first = sum(one.first for one in done) / studies
    first_held, held = sum(one.first_held for one in done), sum(one.held for one in done)
    unheld = sum(not one.enough for one in done)
    cells = (case.label, f"`{case.asked}`", f"{fixed:,}", share(fixed_held, studies), f"{first:,.0f}",
             share(first_held, studies), f"{mean:,.0f}", share(held, studies), f"{100 * unheld / studies:.1f}")
    return cells, (fixed_held, first_held, held)


def tables(studies: int = 2000) -> list[Table]:
    catalogue, rows = expand(set_up(FILE.scenario)), []
    started = time.perf_counter()
    for number, case in enumerate(CASES):
        rows.append(row(case, number, studies, catalogue))
        print(f"{time.perf_counter() - started:5.0f} s: {case.label}", file=sys.stderr, flush=True)
    each = zip(*(held for _, held in rows), strict=True)
    fixed, first, rule = (100 * sum(held) / studies / len(CASES) for held in each)
    worst = min(rows, key=lambda of: of[1][2])
    today = date.today()
    note = (f"95 % intervals contain the true value in {rule:.1f} % of studies if a run stops at a precision by the "
            f"rule (two further looks after the target is first met), in {first:.1f} % if it stopped at the first "
            f"look, and in {fixed:.1f} % if the number of replications is fixed beforehand; these are means over the "
            f"outcomes. By the rule, coverage is lowest for {worst[0][0]}: {100 * worst[1][2] / studies:.1f} %. There "
            f"are {studies:,} studies of each outcome, of at most {AT_MOST:,} replications; the 95 % interval of the "
            "share is in brackets. The last column has the percentage of studies whose target was still not met after "
            f"the largest number of replications. Measured on {today.day} {today:%B %Y}; it does not depend on the "
            "machine.")
    return [Table("Intervals when a run stops at a precision", note,
                  ("outcome", "asked for", "fixed number", "coverage, %", "first look met, mean number", "coverage, %",
                   "the rule, mean number", "coverage, %", "not met, %"), [cells for cells, _ in rows])]


if __name__ == "__main__":
    show(tables(*map(int, sys.argv[1:])))
