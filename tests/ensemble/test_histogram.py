"""Counts against NumPy on all values at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.ensemble.histogram import Histogram

PERCENTS = (1, 5, 25, 50, 75, 95, 100)
VALUES = st.integers(1, 12).flatmap(lambda n: arrays(np.int32, (n, 2, 3), elements=st.integers(-400, 900)))


def sorted_quantile(values, percent):
    """The smallest value that at least so many percent do not exceed, by counting."""
    return min(v for v in values if 100 * sum(w <= v for w in values) >= percent * len(values))


@given(VALUES, st.integers(1, 5))
def test_quantiles_and_means_are_those_of_the_values(values, chunks):
    histogram = Histogram(2, 3)
    for part in np.array_split(values, chunks):
        histogram.add(part)
    assert np.array_equal(histogram.mean(), values.mean(axis=0))
    found = histogram.quantiles(PERCENTS)
    for row in range(2):
        for time in range(3):
            expected = [sorted_quantile(values[:, row, time].tolist(), percent) for percent in PERCENTS]
            assert found[row, :, time].tolist() == expected


@given(VALUES, st.integers(2, 50))
def test_wide_bins_err_by_half_a_bin_at_most_and_leave_the_mean_exact(values, width):
    exact, coarse = Histogram(2, 3), Histogram(2, 3, np.array([1, width]))
    exact.add(values)
    coarse.add(values)
    difference = np.abs(exact.quantiles(PERCENTS) - coarse.quantiles(PERCENTS))
    assert not difference[0].any()
    assert difference[1].max() <= width / 2
    assert np.array_equal(exact.mean(), coarse.mean())


@given(VALUES)
def test_share_is_the_share_of_replications(values):
    histogram = Histogram(2, 3)
    histogram.add(values)
    for value in (int(values[0, 0, 0]), 10_000, -10_000):
        assert np.array_equal(histogram.share(value), (values == value).mean(axis=0))


def test_no_series_is_no_trouble():
    histogram = Histogram(0, 5)
    histogram.add(np.zeros((3, 0, 5), np.int32))
    assert histogram.quantiles((50,)).shape == (0, 1, 5)
    assert histogram.share(1).shape == (0, 5)
