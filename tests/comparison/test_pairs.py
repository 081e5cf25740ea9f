"""Paired differences, their intervals and tests, against formulas and enumerations of others."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.estimate.difference import (
    bonett_price,
    difference,
    mcnemar,
    mean_test,
    skewed_interval,
)
from sim.estimate.holm import adjusted
from sim.estimate.intervals import mean_interval
from sim.estimate.sample import Sample
from sim.model.catalogue import Catalogue, Measured, Rate
from sim.rules.outcomes import OUTCOMES, RATIOS

INF = math.inf
HORIZON = 100.0
OUTCOME = {outcome.name: outcome for outcome in OUTCOMES}
RATE = {ratio.name: ratio for ratio in RATIOS}


def compared(name, base, other, **more):
    """Compare columns of an outcome; ``more`` gives others as pairs."""
    columns = {name: (base, other), **more}
    first, second = ({key: np.array(pair[side], float) for key, pair in columns.items()} for side in (0, 1))
    measured = tuple(Measured(key, OUTCOME[key.partition(".")[0]], (0,)) for key in columns)
    return difference(*(Sample(Catalogue(measured, ()), HORIZON, side.__getitem__) for side in (first, second)), name)


def test_holm_multiplies_step_by_step():
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert adjusted([0.6, 0.7]) == [1.0, 1.0]
    assert adjusted([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_rejects_what_the_definition_rejects(p_values):
    order = np.argsort(p_values, kind="stable")
    m = len(p_values)
    rejected = set()
    for rank, i in enumerate(order):
        if p_values[i] * (m - rank) > 0.05:
            break
        rejected.add(int(i))
    assert {i for i, p in enumerate(adjusted(p_values)) if p <= 0.05} == rejected


def test_a_number_without_skewness_is_compared_by_the_t_interval_of_its_differences():
    rng = np.random.default_rng(1)
    base, steps = rng.gamma(2, 50, 40), rng.normal(0, 10, 20)
    other = base + np.concatenate([steps, -steps]) - 3  # symmetric, so it has no skewness
    result = compared("attacks_total", base, other)
    reference = stats.ttest_rel(other, base)
    assert result.difference == pytest.approx((other - base).mean())
    assert result.ci95 == pytest.approx(list(reference.confidence_interval(0.95)))
    assert result.p_value == pytest.approx(reference.pvalue)
    assert result.spreads == pytest.approx((other - base).mean() / base.std(ddof=1))
    assert (result.p_higher, result.p_lower) == (np.mean(other > base), np.mean(other < base))
    assert (result.p_worse, result.p_better) == (result.p_higher, result.p_lower)


@given(st.lists(st.floats(-5, 5).map(lambda x: round(x, 3)), min_size=5, max_size=30))
def test_the_ends_of_the_interval_are_where_the_test_gives_five_percent(values):
    differences = np.array(values) ** 3  # skewed
    if differences.std() < 1e-3:
        return
    for end in skewed_interval(differences):
        assert mean_test(differences - end) == pytest.approx(0.05, rel=1e-6)


@pytest.mark.exhaustive
def test_skewed_differences_are_covered_better_than_by_the_t_interval():
    """Gamma differences of shape 0.3, 40 at a time: the t-interval holds their mean in 90.1 % of cases."""
    samples = np.random.default_rng(3).gamma(0.3, 1 / 0.3, (4000, 40))
    by_t, corrected = (np.mean([low <= 1.0 <= high for low, high in map(make, samples)])
                       for make in (mean_interval, skewed_interval))
    assert by_t < 0.91
    assert 0.94 < corrected < 0.96


def test_the_share_in_which_the_scenario_is_higher_has_wilsons_interval():
    result = compared("attacks_total", np.zeros(20), np.array([1.0] * 6 + [-1.0] * 3 + [0.0] * 11))
    expected = stats.binomtest(6, 20).proportion_ci(0.95, method="wilson")
    assert (result.p_higher, result.p_lower) == (0.3, 0.15)
    assert result.ci95_higher == pytest.approx([expected.low, expected.high])


def test_what_had_not_happened_counts_as_the_horizon_and_as_later_than_anything():
    result = compared("completion_day", [50, 90, INF, INF], [40, INF, 80, INF])
    assert result.difference == pytest.approx((-10 + 10 - 20 + 0) / 4)
    assert (result.p_worse, result.p_better) == (0.25, 0.5)


def test_more_is_worse_or_better_as_the_catalogue_says():
    lower = compared("deadline_met", [1, 1, 0, 1], [0, 1, 0, 1])
    assert (lower.difference, lower.p_worse, lower.p_better, lower.is_better) == (-0.25, 0.25, 0.0, False)
    neither = compared("us_strikes", [1, 2], [2, 4])
    assert (neither.p_worse, neither.p_better, neither.p_higher) == (None, None, 1.0)


def test_deaths_are_compared_by_those_expected_of_each_attack():
    result = compared("killed.iraq", [0, 3, 0, 1], [0, 0, 1, 0],
                     **{"killed_expected.iraq": ([1, 2, 0.5, 1], [0.5, 1.5, 0.5, 1])})
    assert (result.base, result.value, result.difference) == (1.125, 0.875, -0.25)
    assert (result.p_worse, result.p_better) == (0.25, 0.5)  # as they fell out


def test_columns_that_agree_differ_by_exactly_zero_for_sure():
    for name, values in (("attacks_total", [3, 1, 7]), ("any_fatal", [0, 1, 1]), ("completion_day", [3, INF, 5])):
        result = compared(name, values, values)
        assert (result.difference, result.ci95, result.p_value, result.is_same) == (0.0, [0.0, 0.0], None, True)


def test_a_difference_that_is_the_same_in_every_future_is_certain():
    result = compared("cost_total", [1, 2, 3], [3, 4, 5])
    assert (result.difference, result.ci95, result.p_value) == (2.0, [2.0, 2.0], 0.0)


def test_one_replication_shows_nothing():
    result = compared("attacks_total", [3], [5])
    assert (result.difference, result.ci95, result.p_value) == (2.0, None, 1.0)


@pytest.mark.parametrize(("higher", "lower"), [(9, 1), (0, 6), (5, 5), (120, 80)])
def test_pairs_up_and_down_are_tested_exactly(higher, lower):
    assert mcnemar(higher, lower) == pytest.approx(stats.binomtest(higher, higher + lower).pvalue)


def test_the_interval_of_a_difference_of_chances_counts_one_pair_more_up_and_one_down():
    low, high = bonett_price(9, 1, 50)  # 10 and 2 of 52: 8 / 52, and 1.96 standard errors of 0.06309 either way
    assert (low, high) == pytest.approx((0.15385 - 0.12366, 0.15385 + 0.12366), abs=1e-4)
    assert bonett_price(1, 9, 50) == pytest.approx([-high, -low])
    assert bonett_price(50, 0, 50)[1] == 1.0


@pytest.mark.parametrize(("n", "up", "down"), [
    (50, 0.1, 0.05), (50, 0.02, 0.02), pytest.param(200, 0.3, 0.1, marks=pytest.mark.exhaustive),
    pytest.param(200, 0.01, 0.0, marks=pytest.mark.exhaustive)])
def test_the_interval_of_a_difference_of_chances_covers_it_by_enumeration(n, up, down):
    covered = 0.0
    for higher in range(n + 1):
        for lower in range(n + 1 - higher):
            chance = stats.multinomial.pmf([higher, lower, n - higher - lower], n, [up, down, 1 - up - down])
            low, high = bonett_price(higher, lower, n)
            covered += chance * (low <= up - down <= high)
    assert 0.93 <= covered <= 1.0


def rates(a, b):
    columns = [dict(zip(("killed_expected", "troop_days"), np.array(pair, float), strict=True)) for pair in (a, b)]
    ratio = RATE["death_rate"]
    rate = Rate("death_rate", ratio, "killed_expected", "troop_days")
    samples = [Sample(Catalogue((), (rate,)), HORIZON, column.__getitem__) for column in columns]
    return difference(*samples, "death_rate"), ratio.scale


def test_rates_are_compared_by_the_jackknife_over_both_at_once():
    rng = np.random.default_rng(2)
    days = rng.gamma(5, 100, (2, 30))
    deaths = days * rng.gamma(2, 0.01, 30) * [[1.0], [0.8]]
    result, scale = rates((deaths[0], days[0]), (deaths[1], days[1]))
    ratio = [scale * deaths[i].sum() / days[i].sum() for i in (0, 1)]
    left_out = np.array([[scale * np.delete(deaths[i], j).sum() / np.delete(days[i], j).sum() for j in range(30)]
                         for i in (0, 1)])
    difference = left_out[1] - left_out[0]
    pseudo = ratio[1] - ratio[0] - 29 * (difference - difference.mean())
    assert result.difference == pytest.approx(ratio[1] - ratio[0])
    assert result.ci95 == pytest.approx(skewed_interval(pseudo))
    error = math.sqrt(29 / 30 * ((difference - difference.mean()) ** 2).sum())
    assert (result.ci95[1] - result.ci95[0]) / 2 == pytest.approx(2.045 * error, rel=0.1)  # not very skewed here


def test_a_rate_without_a_denominator_is_not_compared():
    result, _ = rates(([1, 2], [0, 0]), ([1, 2], [3, 4]))
    assert (result.base, result.difference, result.ci95, result.p_value) == (None, None, None, None)
