"""Every variate against SciPy or an exact sum: as a function of its uniform, so that no sampling error comes in."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.rules import uncertain, variates

UNIFORMS = [round(u * 2**53) / 2**53 for u in
            (0.0, 1e-9, 0.001, 0.1, 0.25, 0.5, 0.7, 0.9, 0.999, 1 - 1e-9, 1 - 2**-53)]
MIDDLE = UNIFORMS[1:-1]
FIXED = settings(max_examples=200, deadline=None, derandomize=True)


@pytest.mark.parametrize("u", UNIFORMS)
def test_exponential(u: float) -> None:
    assert variates.exponential(3.5, u) == pytest.approx(stats.expon(scale=3.5).ppf(u), rel=1e-12)


@pytest.mark.parametrize("u", UNIFORMS)
@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0])
def test_a_duration_is_a_shifted_exponential_with_its_mean_and_spread(spread: float, u: float) -> None:
    if spread == 0:
        assert variates.duration(14.0, spread, u) == 14.0
        return
    theory = stats.expon(loc=14 * (1 - spread), scale=14 * spread)
    assert variates.duration(14.0, spread, u) == pytest.approx(theory.ppf(u), rel=1e-12, abs=1e-12)
    assert theory.mean() == pytest.approx(14)
    assert theory.std() / theory.mean() == pytest.approx(spread)


@pytest.mark.parametrize("mean", [0.1, 1.1, 8.0, 300.0])
def test_geometric(mean: float) -> None:
    theory = stats.geom(1 / (1 + mean), loc=-1)
    assert [variates.geometric(mean, u) for u in MIDDLE] == [theory.ppf(u) for u in MIDDLE]
    assert theory.mean() == pytest.approx(mean)
    assert variates.geometric(0.0, 0.999) == 0


@pytest.mark.parametrize("u", MIDDLE)
def test_poisson(u: float) -> None:
    assert variates.poisson(4.0, 31, u) == stats.poisson(4).ppf(u)
    assert variates.poisson(4.0, 3, u) == min(3, stats.poisson(4).ppf(u))


@pytest.mark.parametrize("u", UNIFORMS)
def test_standard_normal(u: float) -> None:
    """At 0, where the distribution has no value, it takes the middle of the first step of 2^-53."""
    assert variates.standard_normal(u) == pytest.approx(stats.norm.ppf(u or 2**-54), rel=1e-13)


@pytest.mark.parametrize(("x", "whole"), [(0.5, 1), (0.49, 0), (-0.5, 0), (-0.51, -1), (2.5, 3), (7, 7)])
def test_nearest_rounds_halves_up(x: float, whole: int) -> None:
    assert variates.nearest(x) == whole


# Power law

EXPONENTS = [0.05, 0.5, 1 - 1e-9, 1.0, 1 + 1e-13, 1 + 1e-9, 1.05, 1.5, 2 - 1e-9, 2.0, 2.5, 4.0, 10.0]


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_power_sum_is_exact_to_ten_digits(exponent: float) -> None:
    for largest in (1, 2, 23, 24, 25, 26, 100, 2500, 100_000):
        exact = math.fsum(k**-exponent for k in range(1, largest + 1))
        assert variates.power_sum(exponent, largest) == pytest.approx(exact, rel=1e-10)


@given(st.floats(1.05, 10), st.integers(1, 3000), st.floats(0, 1, exclude_max=True))
@FIXED
def test_power_law_inverts_its_distribution(exponent: float, largest: int, u: float) -> None:
    """Against a cumulative sum; within a rounding error of a step either neighbour is right."""
    weights = np.arange(1, largest + 1, dtype=float) ** -exponent
    upto = np.cumsum(weights) / weights.sum()
    k = variates.power_law(exponent, largest, u)
    assert 1 <= k <= largest
    assert u < upto[k - 1] + 1e-11
    assert k == 1 or u >= upto[k - 2] - 1e-11


@pytest.mark.parametrize("exponent", [1.05, 2.5, 4.0])
def test_power_law_steps_where_its_distribution_does(exponent: float) -> None:
    weights = np.arange(1, 351, dtype=float) ** -exponent
    steps = (np.cumsum(weights) / weights.sum()).tolist()
    for k in range(1, 40):
        assert variates.power_law(exponent, 350, steps[k - 1] - 1e-10) == k
        assert variates.power_law(exponent, 350, steps[k - 1] + 1e-10) == k + 1


@pytest.mark.parametrize("largest", [1, 30, 350, 2500])
@pytest.mark.parametrize("exponent", [1.05, 2.0, 2.5, 4.0])
def test_power_law_mean(exponent: float, largest: int) -> None:
    k = np.arange(1, largest + 1, dtype=float)
    exact = (k ** (1 - exponent)).sum() / (k**-exponent).sum()
    assert variates.power_law_mean(exponent, largest) == pytest.approx(exact, rel=1e-10)


def test_the_power_law_gives_its_exponent_back() -> None:
    """Maximum likelihood on 20,000 draws; z beyond 3.9 has a chance of 1e-4. Fixed seed."""
    exponent, largest = 2.5, 2500
    uniforms = np.random.default_rng(2).random(20_000).tolist()
    logs = np.log([variates.power_law(exponent, largest, u) for u in uniforms])
    k = np.arange(1, largest + 1, dtype=float)
    chance = k**-exponent / (k**-exponent).sum()
    mean, second = chance @ np.log(k), chance @ np.log(k) ** 2
    # The likelihood's score is the mean of log k less its expectation, its information the variance of log k.
    assert abs(logs.mean() - mean) < 3.9 * math.sqrt((second - mean**2) / logs.size)
    assert math.sqrt(1 / (second - mean**2) / logs.size) < 0.015  # so the exponent is known to 0.06


# Uncertain numbers

@pytest.mark.parametrize("u", UNIFORMS)
def test_uniform_and_triangular(u: float) -> None:
    assert uncertain.quantile(uncertain.UNIFORM, 0, 0, 2, 5, u) == pytest.approx(stats.uniform(2, 3).ppf(u), rel=1e-12)
    for mode in (2.0, 3.0, 5.0):
        theory = stats.triang((mode - 2) / 3, loc=2, scale=3).ppf(u)
        assert uncertain.quantile(uncertain.TRIANGULAR, mode, 0, 2, 5, u) == pytest.approx(theory, rel=1e-9)


@pytest.mark.parametrize(("mean", "sd", "low", "high"), [
    (0, 1, -2, 3), (0.3, 0.1, 0, 1), (5, 2, 6, 12), (-1, 1, 3.9, 6), (50, 0.5, 0, 49)])
@pytest.mark.parametrize("u", MIDDLE)
def test_truncated_normal(mean: float, sd: float, low: float, high: float, u: float) -> None:
    theory = stats.truncnorm((low - mean) / sd, (high - mean) / sd, loc=mean, scale=sd)
    value = uncertain.quantile(uncertain.NORMAL, mean, sd, low, high, u)
    assert theory.cdf(value) == pytest.approx(u, rel=1e-7, abs=1e-9)
    assert low <= value <= high


@pytest.mark.parametrize("u", UNIFORMS)
def test_truncated_lognormal(u: float) -> None:
    low, high, median, sigma = 0.5, 40.0, 3.0, 0.8
    theory = stats.truncnorm(math.log(low / median) / sigma, math.log(high / median) / sigma)
    value = uncertain.quantile(uncertain.LOGNORMAL, median, sigma, low, high, u)
    assert math.log(value / median) / sigma == pytest.approx(theory.ppf(u), rel=1e-7, abs=1e-7)
