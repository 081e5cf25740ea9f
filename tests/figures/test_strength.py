"""Troops by theatre."""

import numpy as np
from matplotlib.dates import date2num

from sim.figures import troops
from sim.figures.strength import milestones
from sim.words.labels import date_of
from sim.words.phrases import date_text

from .drawn import band_of, key_of, panel


def test_bands_median_and_plan_are_those_of_the_results(rich):
    figure, data = troops(rich), rich.dataset
    for k, name in enumerate(("Iraq", "Syria")):
        ax = panel(figure, name)
        quantiles = data.troops.values[k]
        wide, narrow = (band_of(collection) for collection in ax.collections)
        days = date2num(data.date.values)
        assert np.array_equal(wide[0], days)
        assert np.array_equal(wide[1], quantiles[0])
        assert np.array_equal(wide[2], quantiles[4])
        assert np.array_equal(narrow[1], quantiles[1])
        assert np.array_equal(narrow[2], quantiles[3])
        lines = {line.get_linestyle(): line for line in ax.lines if len(line.get_xdata()) == len(days)}
        assert np.array_equal(lines["-"].get_ydata(), quantiles[2])
        assert np.array_equal(lines["--"].get_ydata(), data.troops_plan.values[k])
        assert ax.get_ylabel() == "Troops"
    assert key_of(figure) == ["Plan if nothing disturbs it", "Median of each day", "Half of replications (25–75 %)",
                              "Nine in ten (5–95 %)"]


def test_milestones_are_those_of_the_past_the_deadline_and_the_medians(rich):
    def said(name):
        days = rich.summary["outcomes"][name]["quantiles"]
        return ["after 31 Dec 2027" if days[q] is None else date_text(date_of(rich.file.scenario, days[q]))
                for q in ("5", "50", "95")]

    agreed, complete = said("agreement_day"), said("completion_day")
    assert [mark.text for mark in milestones(rich)] == [
        "27 Jan 2024: First round of talks in Baghdad",
        "28 Jan 2024: Drone attack on Tower 22 kills three; talks are suspended",
        "12 Feb 2024: today, the start of the simulation",
        "31 Dec 2026: deadline",
        f"Timeline agreed: median {agreed[1]} (5–95 %: {agreed[0]} to {agreed[2]})",
        f"Drawdown complete: median {complete[1]} (5–95 %: {complete[0]} to {complete[2]})",
    ]
    drawn = [text.get_text() for text in panel(troops(rich), "Milestones").texts]
    assert drawn == [mark.text for mark in milestones(rich)]


def test_the_past_lies_left_of_the_start_line(rich):
    ax = panel(troops(rich), "Milestones")
    start = date2num(rich.file.scenario.start)
    places = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert places == [start - 16, start - 15, start, date2num(rich.file.scenario.deadline)]
    assert ax.get_xlim()[0] < start - 16


def test_what_hardly_ever_happens_in_time_is_said_so(result_of):
    texts = [mark.text for mark in milestones(result_of("short"))]
    assert texts[-2:] == ["Timeline agreed: after 12 Mar 2024 in at least nine of ten replications",
                          "Drawdown complete: after 12 Mar 2024 in at least nine of ten replications"]


def test_of_too_many_theatres_the_largest_are_drawn(result_of):
    titles = [ax.get_title(loc="left") for ax in troops(result_of("fourteen")).axes]
    assert titles == ["Milestones", "T2 (the 12 largest of 14 theatres are shown)", *(f"T{i}" for i in range(3, 14))]
