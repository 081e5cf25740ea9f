"""Attacks per week."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.dates import date2num
from matplotlib.patches import Rectangle

from sim.figures import attacks
from sim.scenario.load import from_dict
from sim.scenario.reported import reported

from .drawn import key_of, panel

START = date(2024, 2, 12)


def scenario(**series):
    """Return a scenario with reported attacks, as (days before the start, total) by theatre."""
    return from_dict({
        "start": START, "end": date(2024, 12, 31), "theatres": {name: {"troops": 100.0} for name in series},
        "history": {"attacks": {name: [{"date": START - timedelta(days=before), "total": total}
                                       for before, total in counts] for name, counts in series.items()}},
    }).scenario


def test_a_count_is_spread_evenly_between_reports():
    edges, counts = reported(scenario(here=[(21, 0), (14, 7), (7, 7), (0, 14)]), ["here"])
    assert edges.tolist() == [-21, -14, -7, 0]
    assert counts.tolist() == [7, 0, 7]


def test_weeks_are_cut_short_by_the_first_and_the_last_report():
    edges, counts = reported(scenario(here=[(10, 5), (2, 13)]), ["here"])
    assert edges.tolist() == [-10, -7, -2]
    assert counts.tolist() == [3, 5]


def test_theatres_are_added_up():
    edges, counts = reported(scenario(here=[(14, 0), (0, 28)], there=[(7, 0), (0, 1)]), ["here", "there"])
    assert edges.tolist() == [-14, -7, 0]
    assert counts.tolist() == [14, 15]


def test_without_reports_there_are_no_weeks():
    edges, counts = reported(scenario(here=[(14, 3)]), ["here"])
    assert len(edges) == len(counts) == 0


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.data())
def test_weeks_add_up_to_what_was_reported(gaps, data):
    before = np.cumsum([data.draw(st.integers(0, 40)), *gaps])[::-1].tolist()
    totals = np.cumsum(data.draw(st.lists(st.integers(0, 99), min_size=len(before), max_size=len(before)))).tolist()
    edges, counts = reported(scenario(here=list(zip(before, totals, strict=True))), ["here"])
    assert edges[0] == -before[0]
    assert edges[-1] == -before[-1]
    assert np.all((np.diff(edges) > 0) & (np.diff(edges) <= 7))
    assert counts.min() >= 0
    assert counts.sum() == pytest.approx(totals[-1] - totals[0])


def bars(ax):
    return [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_hatch() == "////"]


def test_reported_bars_stand_left_of_the_start_and_sum_to_the_count(rich):
    figure = attacks(rich)
    start = date2num(START)
    for title, count in (("All theatres", 164), ("Iraq", 66), ("Syria", 98)):
        drawn = bars(panel(figure, title))
        assert sum(bar.get_height() for bar in drawn) == pytest.approx(count)
        assert max(bar.get_x() + bar.get_width() for bar in drawn) <= start
    assert "Reported" in key_of(figure)


def test_median_and_mean_are_those_of_the_results(rich):
    data, figure = rich.dataset, attacks(rich)
    weeks = 1419 // 7  # the last week has five days only and is left out
    for title, quantiles, mean in (
        ("All theatres", data.attacks_per_week_total, data.attacks_per_week_mean.sum("theatre")),
        ("Syria", data.attacks_per_week[1], data.attacks_per_week_mean[1]),
    ):
        _, median, average = panel(figure, title).lines
        assert np.array_equal(median.get_ydata(), np.repeat(quantiles.values[2], 2))
        assert np.array_equal(average.get_ydata()[::2], mean.values)
        assert np.array_equal(average.get_xdata()[::2], date2num(START) + 7 * np.arange(weeks))
        assert np.array_equal(average.get_xdata()[1::2], date2num(START) + 7 * np.arange(1, weeks + 1))
        assert panel(figure, title).get_ylabel() == "Attacks / week"


def shaded(ax, hatch):
    start = date2num(START)
    return sorted((patch.get_x() - start, patch.get_x() + patch.get_width() - start)
                  for patch in ax.patches if patch.get_hatch() == hatch)


def test_regimes_are_shaded_while_they_hold_in_most_replications(rich):
    figure = attacks(rich)
    iraq = panel(figure, "Iraq")
    assert shaded(iraq, "....") == [(-80, -73), (-8, 0), (0, 49)]  # dated: the truce, the stop order before and after
    high = rich.dataset.tension_high_share.values >= 0.5
    days = sum(end - max(begin, 0) for begin, end in shaded(iraq, "\\\\"))
    assert days == high.sum() > 0
    assert shaded(iraq, "\\\\")[0] == (-118, 0)
    assert key_of(figure)[-2:] == ["High tension in most replications", "Truce or stop order in most"]


def test_the_share_under_each_regime_is_drawn(rich):
    ax = panel(attacks(rich), "Regimes")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["High regional tension", "Stop order"]
    assert np.array_equal(ax.lines[1].get_ydata(), rich.dataset.suppression_share.values[1])


def test_one_theatre_has_one_panel(result_of):
    assert [ax.get_title(loc="left") for ax in attacks(result_of("quiet")).axes] == ["Here"]
