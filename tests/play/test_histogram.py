"""Counts of diaries, against NumPy on all values at once; and kept on disk."""

import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.play.cast import solo
from sim.play.histogram import Histograms, Track
from sim.play.player import simpy_player

from .conftest import TRACKS, tracks_of

PERCENTS = (1, 5, 25, 50, 75, 95, 100)
ROWS = 2 * (2 + 1) + 5 + 1 + 2 + 2 + 1
"""Those of the small scenario's diary: the first three count troops, in bins of 1, 1 and 2 soldiers."""
LEVELS = st.integers(0, 1900)
VALUES = st.integers(1, 8).flatmap(lambda n: arrays(np.int32, (n, 3, 200), elements=LEVELS, fill=st.just(7)))
MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def diaries(values):
    """Write the diaries of replications with such troops, shape (replications, 3, 200), and nothing else."""
    entries = []
    for replication in values:
        for time in range(200):
            for row in range(ROWS):
                level = replication[row, time] if row < 3 else 0
                if time == 0 or (row < 3 and level != replication[row, time - 1]):
                    entries.append((row, time, level))
    return np.array(entries, np.int32).T


def sorted_quantile(values, percent):
    """The smallest value that at least so many percent do not exceed, by counting."""
    return sorted(values)[-(-percent * len(values) // 100) - 1]


@given(VALUES, st.integers(1, 4))
@MANY
def test_quantiles_and_means_are_those_of_the_values(model, values, chunks):
    histograms = Histograms(model)
    for part in np.array_split(values, chunks):
        if len(part):
            histograms.add(diaries(part), len(part))
    troops = histograms.track("troops")
    assert np.array_equal(troops.mean(), values.mean(axis=0))
    counted = troops.quantiles(PERCENTS)
    for row, width in enumerate((1, 1, 2)):
        for time in (0, 1, 50, 199):
            expected = [sorted_quantile(values[:, row, time].tolist(), percent) for percent in PERCENTS]
            assert np.abs(counted[row, :, time] - expected).max() <= width / 2


def test_every_track_of_played_replications(model):
    chunk = simpy_player(solo(model, 4, diaries=True))(0, 0, 30)
    histograms, tracks = Histograms(model), tracks_of(model, chunk)
    histograms.add(chunk.entries, 30)
    for name in TRACKS:
        track = histograms.track(name)
        assert np.array_equal(track.mean(), tracks[name].mean(axis=0))
        exact = np.quantile(tracks[name], [0.05, 0.5, 0.95], axis=0, method="inverted_cdf").transpose(1, 0, 2)
        assert np.abs(track.quantiles((5, 50, 95)) - exact).max() <= (1 if name == "troops" else 0)
        for value in (0, 1, 3, 9999, -9999):
            if name != "troops":
                assert np.array_equal(track.share(value), (tracks[name] == value).mean(axis=0))


def test_kept_counts_go_on_where_they_were(model):
    play = simpy_player(solo(model, 4, diaries=True))
    at_once, first = Histograms(model), Histograms(model)
    for chunk in (play(0, 0, 12), play(0, 12, 8)):
        at_once.add(chunk.entries, len(chunk.outcomes))
    chunk = play(0, 0, 12)
    first.add(chunk.entries, 12)
    file = io.BytesIO()
    np.savez(file, **first.packed())
    file.seek(0)
    second = Histograms(model)
    with np.load(file) as kept:
        second.unpack(kept)
    second.add(play(0, 12, 8).entries, 8)
    assert second.replications == 20
    for name in TRACKS:
        assert np.array_equal(second.track(name).quantiles(PERCENTS), at_once.track(name).quantiles(PERCENTS))
        assert np.array_equal(second.track(name).mean(), at_once.track(name).mean())


@pytest.mark.parametrize("rows", [0, 1])
def test_no_series_is_no_trouble(rows):
    track = Track(lambda: [np.ones((5, 1), np.int64)] * rows, np.zeros(rows, int), np.ones(rows, int),
                  np.zeros((rows, 5), np.int64), 1)
    assert track.quantiles((50,)).shape == (rows, 1, 5)
    assert track.share(1).shape == (rows, 5)
