"""The picture of a front: which timelines it names, and what its axes say."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from matplotlib.dates import date2num

from sim.estimate.estimate import Estimate
from sim.estimate.intervals import REACH
from sim.figures.front import draw, landmarks, setting_text
from sim.study.candidates import Axis
from sim.study.front import Candidate, Front
from sim.study.study import Goal

from .drawn import beyond

KILLED = Goal("killed_expected", "low", "mean", None, "number", "persons")
TROOP_DAYS = Goal("troop_days", "low", "mean", None, "number", "troop-days")
DONE = Goal("completion_day", "low", "q95", None, "day", "days after the start")
AGREED = Goal("agreed", "high", "mean", None, "yes_no", "chance")
PACE = Axis("pace", ("phases.iraq.over_days",), 50.0, 500.0, 0, (), "days")
SHAPE = Axis("shape", ("phases.iraq.shape",), 0.0, 0.0, 0, ("linear", "stepped"), "0 = linear, 1 = stepped")
START, END = date(2024, 2, 12), date(2027, 12, 31)


def candidate(pace, values, status="front", drift=0.0):
    return Candidate(f"plan, pace={pace}", {"pace": pace, "shape": "linear"},
                     tuple(Estimate(value + drift, 0.1, None, 100) for value in values),
                     tuple(Estimate(value, 0.1, None, 100) for value in values), status)


def front_of(goals, rows, dropped=()):
    base = Candidate("plan", {}, *(tuple(Estimate(value, 0.2, None, 100) for value in rows[0]),) * 2, "")
    return Front("plan", "A plan", "", START, END, 1, 500, 1000, goals, len(goals), (PACE, SHAPE),
                 tuple(candidate(100.0 + i, row) for i, row in enumerate(rows)),
                 tuple(candidate(400.0, row, "dominated") for row in dropped), (base,), (), 40, 0, (), 1.0)


def test_the_ends_and_the_knee_are_named():
    front = front_of((KILLED, DONE), [(1.0, 900.0), (1.5, 450.0), (2.0, 420.0), (4.0, 400.0)])
    assert {letter: (one.setting["pace"], why) for letter, (one, why) in landmarks(front).items()} == {
        "A": (100.0, "Best in Expected deaths"), "B": (101.0, "Nearest to the best in everything (knee)"),
        "C": (103.0, "Best in Date of completion")}


def test_one_timeline_may_be_named_for_several_reasons():
    front = front_of((KILLED, AGREED), [(1.0, 0.9), (0.5, 0.1)])
    assert {letter: why for letter, (_, why) in landmarks(front).items()} == {
        "A": "Best in Timeline agreed, and nearest to the best in everything (knee)", "B": "Best in Expected deaths"}
    assert landmarks(front_of((KILLED, AGREED), [(1.0, 0.9)]))["A"][1].startswith(
        "Best in Expected deaths and in Timeline agreed")


def test_what_all_come_to_the_same_in_has_no_best():
    front = front_of((KILLED, AGREED), [(1.0, 0.9), (1.0, 0.5)])
    assert {why for _, why in landmarks(front).values()} == {
        "Best in Timeline agreed, and nearest to the best in everything (knee)"}
    same = front_of((KILLED, AGREED), [(1.0, 1.0), (1.0, 1.0)])
    assert landmarks(same) == {}
    texts = [text.get_text() for part in draw(same).subfigs for row in [part, *part.subfigs] for text in row.texts]
    assert "All 2 timelines here come to the same: none is better." in texts


def test_axes_have_numbers_in_full_and_no_share_above_all():
    front = front_of((TROOP_DAYS, AGREED), [(2.1e6, 1.0), (1.4e6, 0.97)])
    figure = draw(front)
    figure.canvas.draw()
    (ax,) = figure.axes
    shown = [text.get_text() for text in ax.get_xticklabels()]
    assert {"1,400,000", "2,000,000"} <= set(shown)
    assert ax.xaxis.get_offset_text().get_text() == ""
    shares = [float(text.get_text().removesuffix(" %")) for text in ax.get_yticklabels()]
    assert len(shares) > 1
    assert max(shares) == 100


def test_numbers_have_units_and_words_none():
    front = front_of((KILLED, DONE), [(1.0, 900.0)])
    assert setting_text(front, front.front[0]) == "pace 100 days, shape linear"


@pytest.mark.parametrize(("goals", "panels"), [((KILLED, DONE), 1), ((KILLED, DONE, AGREED), 3)])
def test_there_is_a_panel_for_each_pair_with_axes_in_words(goals, panels):
    rows = [(1.0, 900.0, 0.5)[: len(goals)], (2.0, 400.0, 0.4)[: len(goals)]]
    figure = draw(front_of(goals, rows, [(3.0, 950.0, 0.3)[: len(goals)]]))
    assert len(figure.axes) == panels
    ax = figure.axes[0]
    assert ax.get_xlabel() == "Expected deaths\nmean, persons; lower is better"
    assert ax.get_ylabel() == "Date of completion\n95 % quantile, date; lower is better"
    assert ax.get_ylim()[0] > date2num(START) + 300
    if panels == 3:
        assert figure.axes[1].get_ylabel() == "Timeline agreed\nmean, chance; higher is better"


def test_points_and_bars_are_the_estimates():
    """Each timeline of the front, as confirmed and as it looked in the search, what was dropped, and the base."""
    front = front_of((KILLED, DONE), [(1.0, 700.0), (2.0, 500.0), (3.0, 450.0)], dropped=[(4.0, 650.0)])
    (ax,) = draw(front).axes
    start = date2num(START)
    points = {(marker, fill): [tuple(float(v[0]) for v in line.get_data()) for line in ax.lines
                               if line.get_marker() == marker and (line.get_markerfacecolor() == "white") == fill]
              for marker, fill in (("o", False), ("o", True), ("D", False), ("x", False))}

    def at(estimates):
        return (estimates[0].value, start + estimates[1].value)

    assert points["o", False] == [at(one.confirmed) for one in front.front]
    assert points["o", True] == [at(one.search) for one in front.front]
    assert points["D", False] == [at(one.confirmed) for one in front.base]
    assert points["x", False] == [at(one.confirmed) for one in front.dropped]
    reach = {round(float(np.ptp(path.vertices[:, i])) / 2, 6) for bars in ax.collections
             for path in bars.get_paths() for i in (0, 1)} - {0.0}
    assert reach == {round(REACH * se, 6) for se in (0.1, 0.2)}
    assert beyond(ax) == []


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("days", [0.0, 20.0, 200.0, 650.0, 900.0, 9000.0])
def test_dates_stand_along_an_axis_whatever_it_spans(days):
    figure = draw(front_of((KILLED, DONE, AGREED), [(1.0, 900.0 + days, 0.5), (2.0, 900.0, 0.4)]))
    figure.draw_without_rendering()
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert 2 <= len(labels) <= 7
    assert any("202" in text or "203" in text or "204" in text for text in labels)


def test_a_lever_at_the_end_of_its_range_has_a_mark_and_a_line():
    wide = front_of((KILLED, DONE), [(1.0, 900.0), (1.5, 450.0)])
    narrow = replace(wide, axes=(replace(PACE, low=100.0), SHAPE))
    assert "lies at the end" not in " ".join(texts_of(wide))
    assert setting_text(narrow, narrow.front[0]) == "pace 100 days *, shape linear"
    assert "pace lies at the end of its range (100 days); a wider range might find better." in texts_of(narrow)


def texts_of(front):
    return [text.get_text() for part in draw(front).subfigs for row in [part, *part.subfigs] for text in row.texts]
