"""Known parameters are found again, and 90 % intervals hold them: `benchmarks/recovery.py` in small.

Data are of fixed seeds. How many of so many intervals hold the truth is asserted within what has a chance of 1e-3
outside, if nine in ten do. Records are shorter than in the study, but large enough for intervals to be right in theory.
"""

import math
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
import recovery
from scipy import stats

from sim.estimate.intervals import wilson

SETS = {"events": (30, partial(recovery.events, days=500.0)), "counts": (6, partial(recovery.counts, days=150)),
        "cumulative": (10, partial(recovery.cumulative, reports=12))}


@pytest.fixture(scope="module", params=SETS)
def found(request: pytest.FixtureRequest) -> list[recovery.Found]:
    sets, make = SETS[request.param]
    return [recovery.study_one(make, [3, list(SETS).index(request.param), i]) for i in range(sets)]


@pytest.mark.exhaustive
def test_intervals_hold_the_truth(found: list[recovery.Found]) -> None:
    for name in recovery.TRUTH:
        of = recovery.recovered(found, name)
        assert of.held >= stats.binom(of.sets, 0.9).ppf(1e-3), name


@pytest.mark.exhaustive
def test_the_search_finds_no_less_than_the_truth(found: list[recovery.Found]) -> None:
    """Twice the log-likelihood over that at the truth is chi-square with 3 degrees of freedom: sum, alpha 1e-3."""
    gain = 2 * np.array([one.log_likelihood - one.of_truth for one in found])
    assert gain.min() > -0.01
    assert gain.sum() < stats.chi2(3 * len(found)).ppf(1 - 1e-3)


@pytest.mark.exhaustive
def test_branching_is_without_gross_bias(found: list[recovery.Found]) -> None:
    """Within 3.3 standard errors (alpha 1e-3), and the bias of small records (-0.05 with 500 attacks)."""
    of = recovery.recovered(found, "branching_ratio")
    assert abs(of.mean_bias) < 3.3 * of.error + 0.05


@pytest.mark.exhaustive
def test_overdispersion_is_recovered() -> None:
    """Of 30 records of a hundred weeks; within 3.3 standard errors and what 100 weeks leave of bias, alpha 1e-3."""
    done = [recovery.study_one(recovery.scattered, [3, 9, i]) for i in range(30)]
    for name in recovery.SCATTERED_TRUTH:
        of = recovery.recovered(done, name)
        assert of.held >= stats.binom(of.sets, 0.9).ppf(1e-3), name
        assert abs(of.mean_bias) < 3.3 * of.error + 0.02, name
    gain = 2 * np.array([one.log_likelihood - one.of_truth for one in done])
    assert gain.min() > -0.01
    assert gain.sum() < stats.chi2(2 * len(done)).ppf(1 - 1e-3)


@pytest.mark.exhaustive
def test_clusters_have_the_mean_and_variance_of_theory() -> None:
    """Of the study's own generator: counts over 200 days long after the beginning; alpha 1e-4 each."""
    rng, days, runs = np.random.default_rng(1), 200.0, 1500
    sample = np.array([len(recovery.attacks(rng, days)) for _ in range(runs)])
    assert abs(sample.mean() - days) < 3.9 * sample.std() / math.sqrt(runs)
    # Variance of a stationary count: mean / (1 - n)^2, less what clusters that are cut off have not spread.
    speed = 0.6 / 5
    variance = days / 0.36 - (1 - 0.36) / 0.36 * (1 - math.exp(-speed * days)) / speed
    assert abs(sample.var(ddof=1) / variance - 1) < 3.9 * math.sqrt(2 / runs) * 1.2


def test_what_the_table_says() -> None:
    """Three records by hand: two intervals hold the truth, one ends at the bound."""
    of = {name: recovery.FittedValue(1.0, 0.0, 5.0) for name in recovery.TRUTH}
    rows = [(0.3, 0.1, 0.5), (0.5, 0.3, 0.95), (0.7, 0.5, 0.8)]
    done = [recovery.Found(10, {**of, "branching_ratio": recovery.FittedValue(*row)}, -5.0, -6.0, 1.0) for row in rows]
    got = recovery.recovered(done, "branching_ratio")
    assert (got.held, got.sets, got.at_bound) == (2, 3, 1)
    assert got.mean_bias == pytest.approx(0.1)
    assert got.error == pytest.approx(0.2 / math.sqrt(3))
    assert got.median_bias == pytest.approx(0.1)
    assert got.median_width == pytest.approx(0.4)
    low, high = wilson(2, 3) or (0, 0)
    line = recovery.table("events", done).rows[1]
    assert line == ("`branching_ratio`", "0.4", f"66.7 ({100 * low:.1f}–{100 * high:.1f})", "+0.100 ± 0.115", "+0.100",
                    "0.400", "33")


def test_records_of_the_study() -> None:
    rng = np.random.default_rng(2)
    at_times, daily, reports = recovery.events(rng), recovery.counts(rng), recovery.cumulative(rng)
    assert 1700 < at_times.attacks < 2300
    assert at_times.times[0] >= 0
    assert (np.diff(at_times.times) >= 0).all()
    assert (len(daily.counts), daily.end) == (1000, 1000)
    assert (len(reports.counts), reports.starts[0], reports.ends[-1]) == (25, 0, 100)
    assert all(a < b for a, b in pairwise([*reports.starts, 100]))
    assert len(set(reports.ends - reports.starts)) > 3
