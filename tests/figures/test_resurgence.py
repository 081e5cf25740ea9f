"""Threat against capability."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sim.figures import threat
from sim.figures.page import BLUE, ORANGE

from .drawn import band_of, key_of, panel


def line(ax, colour):
    return next(each for each in ax.lines if each.get_color() == colour)


def test_indices_and_ratio_are_those_of_the_results(rich):
    figure, data = threat(rich), rich.dataset
    indices = panel(figure, "Threat and capability")
    assert np.array_equal(line(indices, ORANGE).get_ydata(), data.threat.values[2])
    assert np.array_equal(line(indices, BLUE).get_ydata(), data.capability.values[2])
    assert [to_rgb(each.get_facecolor()[0]) for each in indices.collections] == [
        *[to_rgb(ORANGE)] * 2, *[to_rgb(BLUE)] * 2]
    _, low, high = band_of(panel(figure, "Threat over capability").collections[0])
    assert np.array_equal(low, data.threat_ratio.values[0])
    assert np.array_equal(high, data.threat_ratio.values[4])
    assert indices.get_ylabel() == "Index (1 at the start)"
    assert data.threat.values[:, 0] == pytest.approx(1, abs=0.0025)


def test_the_threshold_is_marked(rich, result_of):
    ax = panel(threat(rich), "Threat over capability")
    assert list(line(ax, "#000000").get_ydata()) == [2.0, 2.0]
    assert [text.get_text() for text in ax.texts] == ["resurgence from 2"]
    assert ax.get_ylim()[1] > 2.0
    ax = panel(threat(result_of("eight")), "Threat over capability")
    assert [text.get_text() for text in ax.texts] == ["resurgence from 2 (drawn between 1.5 and 2.5)"]
    assert "Threshold of a resurgence" in key_of(threat(rich))


def test_the_chance_grows_to_that_of_the_summary(rich):
    ax = panel(threat(rich), "Chance that a resurgence has come")
    assert np.array_equal(ax.lines[0].get_ydata(), rich.dataset.resurgence_share.values)
    assert np.all(np.diff(ax.lines[0].get_ydata()) >= 0)
    entry = rich.summary["outcomes"]["resurgence"]
    low, high = (100 * bound for bound in entry["ci95"])
    assert ax.texts[0].get_text() == (
        f"{100 * entry['mean']:.1f} % (95 % interval {low:.0f}–{high:.0f} %) by 31 Dec 2027")
