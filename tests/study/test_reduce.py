"""What is kept of the replications of a point, against calculations of its own."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.estimate.sample import Sample
from sim.model.catalogue import Catalogue, Measured, Rate
from sim.rules.outcomes import OUTCOMES, Ratio
from sim.study.reduce import reduce, row_of, row_type
from sim.study.study import Goal

RNG = np.random.default_rng(3)
X = RNG.gamma(2.0, 3.0, 400)
BASE = X + RNG.normal(1.0, 0.5, 400)
TROOPS = RNG.uniform(50, 150, 400)


KILLED = next(outcome for outcome in OUTCOMES if outcome.name == "killed")
RATE = Rate("rate", Ratio("rate", "Rate", "killed", "troops", 1000.0, "", "low", "", "", True, ""), "killed", "troops")


def goal(better="low", statistic="mean", threshold=None, kind="number"):
    return Goal("rate" if kind == "ratio" else "killed", better, statistic, threshold, kind, "persons")


def sample(values, troops=TROOPS):
    columns = {"killed": values, "troops": troops}
    return Sample(Catalogue((Measured("killed", KILLED, (0,)),), (RATE,)), math.inf, columns.__getitem__)


def test_means_and_paired_differences():
    found = reduce(goal(), sample(X), sample(BASE))
    assert (found["value"], found["mean"]) == (X.mean(), X.mean())
    assert found["value_se"] == pytest.approx(stats.sem(X), rel=1e-12)
    assert found["variance"] == pytest.approx(np.var(X, ddof=1), rel=1e-12)
    assert found["difference"] == pytest.approx((X - BASE).mean(), rel=1e-12)
    assert found["difference_se"] == pytest.approx(stats.sem(X - BASE), rel=1e-12)
    assert found["half_value"].tolist() == [X[::2].mean(), X[1::2].mean()]
    assert math.isnan(found["breach"])


def test_the_first_policy_differs_from_itself_by_nothing():
    found = reduce(goal(), sample(X), None)
    assert (found["difference"], found["difference_se"]) == (0.0, 0.0)


@pytest.mark.parametrize(("better", "beyond"), [("low", X > 6.0), ("high", X < 6.0)])
def test_breaches_are_counted_on_the_worse_side(better, beyond):
    found = reduce(goal(better, threshold=6.0), sample(X), sample(BASE))
    assert found["breach"] == beyond.mean()
    assert found["breach_se"] == pytest.approx(math.sqrt(beyond.mean() * (1 - beyond.mean()) / 400))


def test_quantiles_are_order_statistics_with_binomial_intervals():
    found = reduce(goal(statistic="q75"), sample(X), sample(BASE))
    ordered = np.sort(X)
    assert found["quantiles"].tolist() == [ordered[i - 1] for i in (20, 100, 200, 300, 380)]
    low, high = stats.binom.ppf([0.025, 0.975], 400, 0.75).astype(int)
    assert (found["quantile_low"][3], found["quantile_high"][3]) == (ordered[low - 1], ordered[high])
    assert found["value"] == ordered[299]
    assert found["value_se"] == pytest.approx((ordered[high] - ordered[low - 1]) / (2 * 1.959964), rel=1e-6)
    assert found["half_value"].tolist() == [np.sort(X[::2])[149], np.sort(X[1::2])[149]]
    for_few = reduce(goal(), sample(X[:20]), sample(BASE[:20]))
    assert (for_few["quantile_low"][0], for_few["quantile_high"][4]) == (-math.inf, math.inf)


def test_rates_are_ratios_of_means_with_the_jackknife():
    found = reduce(goal(kind="ratio"), sample(X), sample(BASE))
    without = np.array([1000 * np.delete(X, i).sum() / np.delete(TROOPS, i).sum() for i in range(400)])
    apart = without - [1000 * np.delete(BASE, i).sum() / np.delete(TROOPS, i).sum() for i in range(400)]
    assert found["value"] == pytest.approx(1000 * X.sum() / TROOPS.sum(), rel=1e-14)
    assert found["value_se"] == pytest.approx(math.sqrt(399 / 400 * ((without - without.mean()) ** 2).sum()), rel=1e-9)
    assert found["variance"] == pytest.approx(400 * found["value_se"] ** 2)
    assert found["difference"] == pytest.approx(1000 * (X.sum() - BASE.sum()) / TROOPS.sum(), rel=1e-12)
    assert found["difference_se"] == pytest.approx(math.sqrt(399 / 400 * ((apart - apart.mean()) ** 2).sum()), rel=1e-6)
    assert found["half_value"][1] == pytest.approx(1000 * X[1::2].sum() / TROOPS[1::2].sum())
    assert math.isnan(found["quantiles"])
    assert math.isnan(reduce(goal(kind="ratio"), sample(X, np.zeros(400)), sample(BASE))["value"])


def test_a_record_holds_each_goal_in_its_place():
    reduced = [reduce(goal(), sample(values), sample(BASE)) for values in (X, BASE)]
    row = row_of(2, 7, reduced, {"completed": 0.75, "followed_up": 0.25})
    assert (row["completed"][0], row["followed_up"][0]) == (0.75, 0.25)
    assert (row.dtype, int(row["policy"][0]), int(row["future"][0])) == (row_type(2), 2, 7)
    assert row["mean"][0].tolist() == [X.mean(), BASE.mean()]
    assert row["quantiles"][0, 1].tolist() == reduced[1]["quantiles"].tolist()
