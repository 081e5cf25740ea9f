"""Figures of a hindcast: every observation and rival stands where its numbers say."""

from pathlib import Path

import numpy as np
import pytest
from evidence.drawdowns_of_old import CAME, SCENARIO, pair
from matplotlib.dates import date2num

from sim.api.hindcast import hindcast
from sim.figures.hindcast import draw, draw_all, draw_case
from sim.play.choice import silent

from .drawn import band_of, beyond, key_of, panel

SLOWER = SCENARIO.replace("by = 2020-04-10", 'over_days = { dist = "uniform", low = 60, high = 160 }')


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("old")
    only_counts = "date,what,value\n2020-02-01,gone,300\n"
    return hindcast([pair(folder, CAME, SLOWER), pair(folder, only_counts, SLOWER, "counts")], replications=40,
                    say=silent).result


def points(ax):
    """Return what came, as drawn: circles and diamonds that stand alone."""
    return [(float(line.get_xdata()[0]), float(line.get_ydata()[0]), line.get_marker()) for line in ax.lines
            if line.get_marker() in ("o", "D") and line.get_markeredgecolor() == "white"]


def test_a_drawdown_shows_all_that_came(result):
    one = result.hindcasts[0]
    figure = draw_case(one)
    marks = ["o" if score.inside(0.9) >= 0.5 else "D" for score in one.scores]
    troops, sites, dates = (panel(figure, title) for title in (
        "Troops still there at the end of each day", "Sites not closed yet", "Dates"))
    days = [date2num(score.observation.day) for score in one.scores]
    assert points(troops) == [(days[1], 700, marks[1]), (days[2], 400, marks[2])]
    assert points(sites) == [(days[3], 1, marks[3])]
    assert points(dates) == [(days[0], 0, marks[0]), (days[4], 1, marks[4]), (days[5], 2, marks[5])]
    assert [text.get_text() for text in dates.get_yticklabels()] == ["First move", "Fort closed", "End"]
    assert not [found for ax in figure.axes for found in beyond(ax) if ax is not dates]


def test_bands_and_rivals_are_those_of_the_forecast(result):
    one = result.hindcasts[0]
    ax = panel(draw_case(one), "Troops still there at the end of each day")
    x, low, high = band_of(ax.collections[0])
    for score in one.scores[1:3]:
        i = int(np.flatnonzero(x == date2num(score.observation.day))[0])
        there = score.samples if score.observation.what == "there" else 1000 - score.samples
        assert (low[i], high[i]) == tuple(np.quantile(there, [0.05, 0.95], method="inverted_cdf"))
    for line, name in zip(ax.lines[1:4], ("straight_line", "plan_times_median_slip", "plan"), strict=True):
        said = {score.observation.what: score.rivals[name] for score in one.scores}
        there = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
        assert there[date2num(one.scores[1].observation.day)] == pytest.approx(1000 - said["gone"])
        assert there[date2num(one.scores[2].observation.day)] == pytest.approx(said["there"])


def test_panels_without_observations_are_left_out(result):
    assert [ax.get_title(loc="left") for ax in draw_case(result.hindcasts[1]).axes] == [
        "Troops still there at the end of each day"]


def test_all_in_one_figure(result):
    figure = draw(result)
    left, right = figure.axes
    assert [x for x, _, _ in points(left)] == pytest.approx([score.percentile / 100 for _, score in result.scores])
    assert [round(y) for _, y, _ in points(left)] == [0] * 6 + [1]
    assert [text.get_text() for text in left.get_yticklabels()] == ["Out of the north", "Out of the north", "All"]
    drawn = [(line.get_xdata()[0], line.get_ydata()[0]) for line in right.lines if line.get_linestyle() == "None"]
    assert drawn[-4:] == [(value, 2) for value in reversed(list(result.crps.values()))]
    assert "7 observations of 2 drawdowns" in " ".join(text.get_text() for text in figure.texts)
    assert key_of(figure)[-4:] == ["Model", "Plan", "Plan times the median slip", "Straight line"]


@pytest.mark.exhaustive
def test_files(result, tmp_path):
    names = [path.name for path in draw_all(result, tmp_path)]
    assert names == ["all.png", "all.svg", "north.png", "north.svg", "counts.png", "counts.svg"]
    assert all(Path(tmp_path, name).stat().st_size > 10_000 for name in names)
