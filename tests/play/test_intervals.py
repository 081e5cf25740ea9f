"""Intervals against SciPy, published values and exact chances."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.estimate.estimate import Estimate, estimate
from sim.estimate.intervals import (
    half_width,
    mean_interval,
    quantile_interval,
    quantile_rank,
    quantile_ranks,
    wilson,
)
from sim.estimate.sample import Sample
from sim.model.catalogue import Catalogue, Rate
from sim.rules.outcomes import Ratio

INF = math.inf
RATE = Rate("rate", Ratio("rate", "Rate", "above", "below", 1.0, "", "low", "", "", True, ""), "above", "below")


def ratio_of_means(above, below) -> Estimate:
    columns = {"above": above, "below": below}
    return estimate(Sample(Catalogue((), (RATE,)), 100.0, lambda name: columns[name]), "rate")


@given(st.lists(st.integers(-10**6, 10**6), min_size=2, max_size=60).filter(lambda values: len(set(values)) > 1))
def test_the_interval_of_a_mean_is_that_of_scipy(values):
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    scale = max(map(abs, expected))  # an end near zero loses digits in either
    assert mean_interval(np.array(values, float)) == pytest.approx(list(expected), rel=1e-12, abs=1e-12 * scale)


def test_equal_values_have_an_interval_of_no_length():
    assert mean_interval(np.full(7, 2.5)) == [2.5, 2.5]


@given(st.integers(2, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_is_that_of_scipy(case):
    expected = stats.binomtest(*case).proportion_ci(0.95, method="wilson")
    assert wilson(*case) == pytest.approx([expected.low, expected.high], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("successes", "n", "low", "high"), [
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3 (Wilson without continuity correction)
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
])
def test_wilson_interval_has_its_published_values(successes, n, low, high):
    assert wilson(successes, n) == pytest.approx([low, high], abs=5e-5)


def test_what_never_and_what_always_happened_have_an_end_exactly_there():
    for n in range(2, 200):
        assert wilson(0, n)[0] == 0.0 < wilson(0, n)[1]
        assert wilson(n, n)[1] == 1.0 > wilson(n, n)[0]


def test_a_single_value_has_no_interval():
    assert mean_interval(np.array([3.0])) is None
    assert wilson(1, 1) is None
    assert quantile_interval(np.array([3.0]), 50) == [-INF, INF]


def test_jackknife_of_a_plain_mean_is_its_t_interval():
    values = np.random.default_rng(1).normal(5, 2, 50)
    found = ratio_of_means(values, np.ones(50))
    assert found.value == pytest.approx(values.mean())
    assert found.interval == pytest.approx(mean_interval(values))


def test_jackknife_interval_of_many_is_that_of_the_delta_method():
    rng = np.random.default_rng(2)
    below = rng.uniform(1, 3, 4000)
    above = 2 * below + rng.normal(0, 1, 4000)
    found = ratio_of_means(above, below)
    ratio, (low, high) = found.value, found.interval
    error = np.std(above - ratio * below, ddof=1) / math.sqrt(4000) / below.mean()
    assert (high - low) / 2 == pytest.approx(1.9606 * error, rel=1e-3)


def test_a_ratio_to_nothing_is_left_open():
    nothing = ratio_of_means(np.array([1.0, 2.0]), np.zeros(2))
    assert math.isnan(nothing.value)
    assert nothing.interval is None
    once = ratio_of_means(np.array([1.0, 2.0]), np.array([0.0, 4.0]))
    assert (once.value, once.interval) == (0.75, None)


@pytest.mark.parametrize("n", [*range(1, 60), 99, 100, 1000, 1300, 9999, 1_000_000])
@pytest.mark.parametrize("percent", [1, 5, 25, 50, 75, 95, 99])
def test_ranks_are_the_closest_that_leave_at_most_a_fortieth_on_either_side(n, percent):
    count = stats.binom(n, percent / 100)  # of values at or below the quantile
    low, high = quantile_ranks(percent, n)
    assert count.cdf(low - 1) <= 0.025 < count.cdf(low)
    assert count.sf(high - 1) <= 0.025 < count.sf(high - 2)
    assert count.cdf(high - 1) - count.cdf(low - 1) >= 0.95


def test_ranks_of_a_median_are_those_of_tossed_coins():
    # 16 coins: P(B <= 3) = (1 + 16 + 120 + 560) / 2^16 = 0.011, and 1820 / 2^16 more for 4 would be too much
    assert quantile_ranks(50, 16) == (4, 13)
    assert quantile_ranks(50, 5) == (0, 6)  # too few: 0.5^5 > 0.025
    assert quantile_ranks(50, 6) == (1, 6)


@given(st.lists(st.integers(0, 30).map(float), min_size=100, max_size=300), st.sampled_from([5, 25, 50, 75, 95]))
def test_the_interval_of_a_quantile_is_that_of_scipy(values, percent):
    test = stats.quantile_test(values, p=percent / 100)
    expected = test.confidence_interval(0.95)
    low, high = quantile_interval(np.array(values), percent)
    assert low == (-INF if math.isnan(expected.low) else expected.low)
    assert high == (INF if math.isnan(expected.high) else expected.high)


@given(st.lists(st.integers(0, 50).map(float) | st.just(INF), min_size=1, max_size=300), st.integers(1, 99))
def test_a_quantile_lies_in_its_interval(values, percent):
    ordered = sorted(values)
    low, high = quantile_interval(np.array(values), percent)
    assert low <= ordered[quantile_rank(percent, len(values)) - 1] <= high


def test_the_interval_of_a_quantile_covers_it_at_least_as_often_as_said_also_with_ties():
    """2,000 studies of a geometric count; at a true 95 % one of the three falls below 93.2 % once in 1,300."""
    draws = np.random.default_rng(3).geometric(0.2, (2000, 200)).astype(float)
    for percent in (25, 50, 90):
        true = stats.geom.ppf(percent / 100, 0.2)
        held = sum(low <= true <= high for low, high in (quantile_interval(study, percent) for study in draws))
        assert held / 2000 > 0.932


def test_what_had_not_happened_ranks_last_and_makes_the_half_width_infinite():
    days = np.array([10.0 * i for i in range(1, 61)] + [INF] * 40)
    assert quantile_ranks(50, 100) == (40, 61)
    assert quantile_interval(days, 50) == [400.0, INF]
    assert quantile_interval(days, 25) == [170.0, 350.0]
    assert quantile_interval(days, 95) == [INF, INF]
    assert [half_width(quantile_interval(days, percent)) for percent in (25, 50, 95)] == [90.0, INF, INF]


def test_half_of_no_interval_is_infinite():
    assert half_width(None) == INF
    assert half_width([2.0, 5.0]) == 1.5
    assert half_width([-INF, 3.0]) == INF


def test_intervals_do_not_load_the_slow_part_of_scipy():
    code = ("import sys, numpy as np; from sim.estimate import intervals as i; v = np.arange(9.0);"
            "i.mean_interval(v), i.wilson(1, 9), i.quantile_interval(v, 50), i.left_out(v, v + 1);"
            "assert 'scipy.special' in sys.modules; assert 'scipy.stats' not in sys.modules")
    subprocess.run([sys.executable, "-c", code], check=True)
