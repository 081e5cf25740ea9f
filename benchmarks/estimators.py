"""How far estimates of studies and explanations can be trusted: bias and coverage where the truth is known.

python benchmarks/estimators.py [--studies N] [--page]

Many studies are made of cases whose truth is known, and their 95 % intervals contain it or do not: the value of knowing
a parameter (EVPPI), shares of Shapley, first-order indices of parameters with few values, and the part of a variance
that is due to uncertain inputs. Beside each estimator stands a simpler one. `--page` writes docs/estimators.md.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine
from measure import ROOT, Table, show, text_of, wrapped
from numpy.typing import NDArray

sys.path.insert(0, str(ROOT / "tests"))
from comparison.games import GAMES
from study.known import CASES, FUTURES, switch_study

from sim.estimate.intervals import mean_interval, wilson
from sim.estimate.shapley import by_block, split
from sim.estimate.variance import correlation
from sim.study import evpi, indices
from sim.study.pick import Interval
from sim.study.voi import Part

PAGE = ROOT / "docs" / "estimators.md"
GAME_REPLICATIONS = (200, 1000)
RIDGE_RESAMPLES, WAVE_RESAMPLES = 20, 100
Array = NDArray[np.float64]
Found = tuple[float, float, float]
"""An estimate and the ends of its interval."""


def ridge(theta: Array, gains: Array, rng: np.random.Generator) -> Interval:
    """The value of knowing a parameter by a spline with a penalty from cross-validation; percentile bootstrap."""
    from sklearn.linear_model import RidgeCV
    from sklearn.preprocessing import SplineTransformer

    knots = np.unique(np.quantile(theta, np.linspace(0, 1, 6)))[:, np.newaxis]
    values, which = np.unique(theta, return_inverse=True)
    basis = np.eye(len(values))[which] if len(values) <= 12 else (
        SplineTransformer(knots=knots).fit_transform(theta[:, np.newaxis]))

    def gained(rows: Any) -> float:
        fitted = RidgeCV(np.logspace(-5, 5, 21)).fit(basis[rows], gains[rows]).predict(basis[rows])
        return evpi.gained(fitted.reshape(gains[rows].shape))

    n = len(theta)
    drawn = [gained(rng.integers(n, size=n)) for _ in range(RIDGE_RESAMPLES)]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Interval(gained(slice(None)), float(low), float(high))


def information(number: int, seed: int) -> tuple[Found, Found, bool]:
    case = CASES[number]
    theta, gains, others = case.draw(seed)
    now, by_chance = evpi.partial(theta, gains, np.random.default_rng(seed), others)
    told = Part("", now, by_chance).is_seen
    return _found(now), _found(ridge(theta, gains, np.random.default_rng(seed))), told


def shapley(number: int, replications: int, seed: int) -> list[tuple[Found, Found]]:
    game = GAMES[number]
    played = split(game.players, replications, game.value(seed, replications), seed)
    found = []
    for player in range(game.players):
        values = played.shares[player, :, 0]
        mean, ends = float(values.mean()), played.interval(player, 0)
        plain = mean_interval(by_block(values, played.blocks) if played.blocks else values)
        found.append(((mean, *(ends or ())), (mean, *(plain or ()))))
    return found


def switch(truth: float, levels: int, seed: int) -> tuple[Found, Found]:
    x, y = switch_study(truth, levels, seed)
    kept = indices.FEW_VALUES, indices.RESAMPLES
    indices.FEW_VALUES, indices.RESAMPLES = 0, WAVE_RESAMPLES
    try:
        by_waves = indices.first_order(x, y, ["a", "b", "c"], seed)[0].first
    finally:
        indices.FEW_VALUES, indices.RESAMPLES = kept
    assert by_waves is not None
    return _found(indices.group_share(x[:, 0], y)), _found(by_waves)


def inputs(truth: float, seed: int) -> tuple[Found, Found]:
    rng = np.random.default_rng([19, seed])
    known, *chance = rng.standard_normal((3, 2000))
    first, second = (np.sqrt(truth) * known + np.sqrt(1 - truth) * own for own in chance)
    share, low, high = np.corrcoef(np.concatenate([first, second]), np.concatenate([second, first]))[0, 1], 0.0, 0.0
    reach = 1.96 * (1 - share**2) / np.sqrt(2000)
    low, high = (float(np.clip(end, 0, 1)) for end in (share - reach, share + reach))
    return correlation(first, second), (float(np.clip(share, 0, 1)), low, high)


def _found(interval: Interval) -> Found:
    return interval.estimate, interval.low, interval.high


def coverage(truth: float, found: Sequence[Found]) -> str:
    held = sum(low - 1e-12 <= truth <= high + 1e-12 for _, low, high in found)
    low, high = wilson(held, len(found)) or (0.0, 1.0)
    return f"{100 * held / len(found):.1f} ({100 * low:.1f}–{100 * high:.1f})"


def bias(truth: float, found: Sequence[Found], digits: int = 3) -> str:
    off = np.array([estimate for estimate, _, _ in found]) - truth
    return f"{off.mean():+.{digits}f} ± {1.96 * off.std() / np.sqrt(len(off)):.{digits}f}"


def spread(truth: float, found: Sequence[Found], digits: int = 3) -> str:
    """The root of the mean squared error."""
    return f"{np.sqrt(np.mean([(estimate - truth) ** 2 for estimate, _, _ in found])):.{digits}f}"


Run = Callable[[Callable[..., Any], Iterable[int]], Iterable[Any]]


def tables(studies: int, run: Run) -> Iterator[Table]:
    for measure in (_inputs, _shapley, _switches, _information):
        yield measure(studies, run)


def _information(studies: int, run: Run) -> Table:
    rows = []
    for number, case in enumerate(CASES):
        truth = case.evppi
        now, former, seen = zip(*run(partial(information, number), range(studies)), strict=True)
        rows.append((case.label, f"{truth:.3f}", bias(truth, now), spread(truth, now), coverage(truth, now),
                     f"{100 * np.mean(seen):.0f}", bias(truth, former), spread(truth, former), coverage(truth, former)))
    note = (f"{studies:,} studies of {FUTURES} futures for each case. Bias is the mean error of the estimate, with the "
            "95 % interval of that mean; error is the root of the mean squared error; coverage is the share of 95 % "
            "intervals that contain the truth. *Told* is the share of studies in which the parameter is named as worth "
            "knowing. The last three columns are for a spline whose ridge penalty is chosen by cross-validation, with "
            "a percentile bootstrap. A value is never negative, so what is worth nothing has a small estimate on "
            "average.")
    return Table("What it is worth to know a parameter (EVPPI)", note,
                 ("case", "truth", "bias", "error", "coverage, %", "told, %", "ridge: bias", "ridge: error",
                  "ridge: coverage, %"), rows)


def _shapley(studies: int, run: Run) -> Table:
    rows = []
    for (number, game), replications in product(enumerate(GAMES), GAME_REPLICATIONS):
        played = list(run(partial(shapley, number, replications), range(studies)))
        moving = [i for i in range(game.players) if any(one[i][0][2] > one[i][0][1] for one in played)]
        by_player = [[coverage_of(game.shares[i], [one[i][k] for one in played]) for i in moving] for k in (0, 1)]
        off = [np.mean([one[i][0][0] for one in played]) - game.shares[i] for i in moving]
        rows.append((game.label, f"{replications:,}", f"{max(map(abs, off)):.3f}", f"{100 * np.mean(by_player[0]):.1f}",
                     f"{100 * min(by_player[0]):.1f}", f"{100 * np.mean(by_player[1]):.1f}",
                     f"{100 * min(by_player[1]):.1f}"))
    note = (f"{studies:,} explanations for each line. Coverage is the share of 95 "
            "% intervals that contain the true share, on average over the players and for the player with the lowest. "
            "The last two columns are for plain t-intervals. Players whose share is the same in every order and every "
            "replication are left out.")
    return Table("Shares of a difference (Shapley values)", note,
                 ("game", "replications", "largest bias", "coverage, %", "lowest, %", "plain t: coverage, %",
                  "lowest, %"), rows)


def coverage_of(truth: float, found: Sequence[Found]) -> float:
    return float(np.mean([low - 1e-12 <= truth <= high + 1e-12 for _, low, high in found]))


def _switches(studies: int, run: Run) -> Table:
    rows = []
    for levels in (2, 5):
        for truth in (0.0, 0.05, 0.3, 0.79, 0.99):
            now, waves = zip(*run(partial(switch, truth, levels), range(studies)), strict=True)
            rows.append((str(levels), f"{100 * truth:.0f}", bias(100 * truth, _percent(now), 1), coverage(truth, now),
                         bias(100 * truth, _percent(waves), 1), coverage(truth, waves)))
    note = (f"{studies:,} studies of {FUTURES} futures for each line; shares of the variance in percent. The last two "
            "columns are for RBD-FAST, which is used for parameters with many values.")
    return Table("First-order indices of parameters with few values", note,
                 ("values", "truth, %", "bias", "coverage, %", "RBD-FAST: bias", "RBD-FAST: coverage, %"), rows)


def _inputs(studies: int, run: Run) -> Table:
    rows = []
    for truth in (0.0, 0.01, 0.05, 0.3, 0.9):
        now, plain = zip(*run(partial(inputs, truth), range(studies)), strict=True)
        rows.append((f"{100 * truth:.0f}", bias(100 * truth, _percent(now), 2), coverage(truth, now),
                     *(f"{100 * np.mean([low == high for _, low, high in found]):.1f}" for found in (now, plain)),
                     coverage(truth, plain)))
    note = (f"{studies:,} runs of 2,000 replications and their repetitions for each line. *No width* is the share of "
            "intervals from 0 to 0 percent; where they are only cut off at 0, as in the last two columns, one in forty "
            "is.")
    return Table("Shares due to uncertain inputs", note,
                 ("truth, %", "bias, points", "coverage, %", "no width, %", "cut off: no width, %",
                  "cut off: coverage, %"), rows)


def _percent(found: Sequence[Found]) -> list[Found]:
    return [(100 * one[0], 100 * one[1], 100 * one[2]) for one in found]


def page_of(measured: list[Table], about: str) -> str:
    said = ("What studies and explanations estimate has intervals, and this page measures how often these contain the "
            "truth, in made-up cases whose truth is known. `python benchmarks/estimators.py --page` writes it anew. "
            "The numbers do not depend on the machine. How far intervals of differences can be trusted is in "
            "[differences](differences.md), for those of a run in [performance](performance.md).")
    return "\n".join(["# Estimators", "", wrapped(said), "", about, "",
                      *(text_of(table).replace("###", "##", 1) for table in measured)])


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--studies", type=int, default=120)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--page", type=Path, nargs="?", const=PAGE, metavar="FILE")
    options = asked.parse_args()
    about = machine()
    with ProcessPoolExecutor(options.workers) as pool:
        measured = []
        for table in tables(options.studies, lambda work, seeds: pool.map(work, seeds, chunksize=5)):
            show([table])
            measured.append(table)
    if options.page:
        options.page.write_text(page_of(measured, about), encoding="utf-8")
        print(options.page, file=sys.stderr)
