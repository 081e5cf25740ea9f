"""What common random numbers save, and how often the 95 % intervals of differences contain the true value.

python benchmarks/differences.py [--page]

The replications needed for a given half-width of a difference are proportional to its variance. With common random
numbers that is the variance of paired differences; with separate seeds it is the sum of the two variances. For
coverage, `fast` is compared with `gradual` 3,000 times over 200 replications each, none used twice. The true value is
taken from 400,000 others. With `--page`, docs/differences.md is written.
"""

import argparse
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from machine import machine
from measure import ROOT, SCENARIOS, Table, number, show, text_of, wrapped
from numpy.typing import NDArray

from sim.estimate.difference import bonett_price, skewed_interval
from sim.estimate.intervals import mean_interval, wilson
from sim.model.setup import set_up
from sim.play.run import Means, Size, play_ensemble
from sim.scenario.load import load

BASE = "gradual"
OTHERS = ("fast", "slow", "conditions_based", "announced_2024", "truce", "demand_to_leave", "status_quo")
OUTCOMES = ("completion_day", "attacks_total", "killed_expected", "any_fatal", "forced_exit", "resurgence",
            "cost_total")
REPLICATIONS, SEED = 10_000, 1
COMPARISONS, EACH, TRUTH = 3000, 200, 400_000
PAGE = ROOT / "docs" / "differences.md"
Columns = dict[str, NDArray[np.float64]]


def columns(name: str, replications: int, seed: int, wanted: tuple[str, ...]) -> Columns:
    """Play a shipped scenario and return outcomes by replication, days cut off at the horizon."""
    model = set_up(load(SCENARIOS / f"{name}.toml").scenario)
    with TemporaryDirectory() as folder:
        work = play_ensemble(model, seed, Size(replications), Means(), Path(folder), twins=False).work
        kinds = {item.name: item.outcome.kind for item in work.catalogue.outcomes}
        return {outcome: np.minimum(work.columns.column(outcome), model.parameters.horizon)
                if kinds[outcome] == "day" else work.columns.column(outcome) for outcome in wanted if outcome in kinds}


def saved() -> Table:
    """Return how many times as many replications separate seeds would take, by scenario and outcome."""
    base = columns(BASE, REPLICATIONS, SEED, OUTCOMES)
    rows, factors = [], []
    for name in OTHERS:
        other = columns(name, REPLICATIONS, SEED, OUTCOMES)
        cells = []
        for outcome in OUTCOMES:
            paired = float((other[outcome] - base[outcome]).var(ddof=1))
            apart = float(other[outcome].var(ddof=1) + base[outcome].var(ddof=1))
            cells.append(number(apart / paired) if paired > 0 else "the same")
            factors += [apart / paired] if paired > 0 else []
        rows.append((f"`{name}`", *cells))
    note = (f"The cells say how many times as many replications are needed to know the difference from `{BASE}` to the "
            f"same half-width if each scenario has its own seed; {REPLICATIONS:,} replications, seed {SEED}. The "
            f"median is {number(statistics.median(factors))}. The less a scenario changes, the more is saved. Where "
            "nothing changes, chance plays no part in the difference.")
    head = (f"against `{BASE}`", *(f"`{name}`" for name in OUTCOMES))
    return Table("What common random numbers save", note, head, rows)


def covered() -> Table:
    """Return how often intervals of differences contain the true value."""
    wanted = (*OUTCOMES, "killed", "troop_days", "wounded_final")
    a, b = (columns(name, COMPARISONS * EACH + TRUTH, SEED, wanted) for name in (BASE, "fast"))
    rows = []
    for outcome in wanted:
        differences = b[outcome] - a[outcome]
        if not differences.any():
            continue
        truth = float(differences[COMPARISONS * EACH:].mean())
        blocks = differences[: COMPARISONS * EACH].reshape(COMPARISONS, EACH)
        held, by_t = (sum(low <= truth <= high for low, high in map(make, blocks))
                      for make in (interval_of(outcome), mean_interval))
        low, high = wilson(held, COMPARISONS) or (0.0, 1.0)
        rows.append((f"`{outcome}`", number(truth), f"{100 * held / COMPARISONS:.1f}",
                     f"{100 * low:.1f}–{100 * high:.1f}", f"{100 * by_t / COMPARISONS:.1f}"))
    note = (f"`fast` against `{BASE}`: {COMPARISONS:,} comparisons of {EACH} replications. Coverage is the share of 95 "
            f"% intervals that contain the difference found in {TRUTH:,} other replications, followed by the interval "
            "of that share. The row `killed` shows how an interval from sampled deaths would do; the program uses the "
            "interval of `killed_expected` for both outcomes. Chances (`any_fatal`, `forced_exit`, `resurgence`) have "
            "the adjusted interval of Bonett and Price (2012), the others the t-interval corrected for skewness (Hall "
            "1992). The last column is for the plain t-interval.")
    return Table("How often intervals of differences contain the true value", note,
                 ("outcome", "difference", "coverage, %", "95 % interval", "plain t, %"), rows)


def interval_of(outcome: str) -> Callable[[Any], Any]:
    """Return what makes the interval of a block of differences, as `sim.estimate.difference` does."""
    if outcome in ("any_fatal", "forced_exit", "resurgence"):
        return lambda block: bonett_price(int((block > 0).sum()), int((block < 0).sum()), len(block))
    return skewed_interval


def page_of(tables: list[Table], about: str) -> str:
    said = ("Scenarios that are compared are played with common random numbers: replication 17 has the same talks, the "
            "same tension and the same candidate attacks in each. This page measures what that saves, and whether the "
            "intervals of differences can be trusted. `python benchmarks/differences.py --page` writes it anew. The "
            "numbers do not depend on the machine.")
    return "\n".join(["# Differences", "", wrapped(said), "", about, "",
                      *(text_of(table).replace("###", "##", 1) for table in tables)])


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--page", type=Path, nargs="?", const=PAGE, metavar="FILE")
    options = asked.parse_args()
    about, tables = machine(), [saved(), covered()]
    show(tables)
    if options.page:
        options.page.write_text(page_of(tables, about), encoding="utf-8")
        print(options.page, file=sys.stderr)
