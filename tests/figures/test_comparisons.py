"""Figures of comparisons show the numbers of the comparison, within their axes."""

from datetime import date

import numpy as np
import pytest
from matplotlib.dates import date2num

from sim.api.compare import compare
from sim.comparison import words
from sim.comparison.by_date import apart_on, events_in_both
from sim.figures import forest, horizons, paths, trade_off
from sim.scenario.load import from_dict
from sim.words.labels import outcome_label

from .drawn import band_of, beyond, key_of, panel

START = date(2024, 1, 1)
GREEN, VERMILLION, SKY, GREY = "#009E73", "#D55E00", "#56B4E9", "#595959"


def scenario(name, over_days, attacks=0.3):
    return from_dict({
        "start": START, "end": date(2024, 12, 31),
        "theatres": {"north": {"troops": 1000, "attacks_per_day": attacks}, "south": {"troops": 400}},
        "casualties": {"harm_chance": 0.8, "fatal_chance": 0.4}, "threat": {}, "response": {},
        "phases": {"leave": {"theatre": "north", "start": START, "target": 0, "over_days": over_days}}}, name)


@pytest.fixture(scope="module")
def comparison():
    return compare([scenario("base", 200), scenario("fast", 100), scenario("bad", 200, 0.6)], replications=300,
                   clock="compiled")


def titled(ax):
    """Return the title of a panel, on one line."""
    return " ".join(ax.get_title(loc="left").split())


def test_colours_of_the_forest_say_what_is_better_and_what_is_worse(comparison):
    """Green is better, vermillion worse, sky what is neither; hollow grey what is not shown."""
    looks = {"better": (GREEN, "o"), "worse": (VERMILLION, "s"), "higher": (SKY, "D"), "lower": (SKY, "D"),
             "negligible": (GREY, "o")}
    figure, seen = forest.draw(comparison), set()
    for ax in [ax for ax in figure.axes if ax.get_visible()]:
        for y, (name, entries) in enumerate(comparison.differences.items()):
            entry = next(one for one in entries if outcome_label(one.outcome) == titled(ax))
            marks = [line for line in ax.lines if line.get_marker() != "None" and line.get_ydata()[0] == y]
            (mark,) = marks
            verdict = words.verdict(entry)
            seen.add(verdict)
            assert (mark.get_color(), mark.get_marker()) == looks.get(verdict, (GREY, "o")), (name, entry.outcome)
            assert (mark.get_markerfacecolor() == "white") == (verdict not in looks), (name, entry.outcome)
    assert {"better", "worse", "higher"} <= seen
    key = {line.get_label(): line.get_color() for line in figure.legends[0].legend_handles}
    assert key["Worse"] == VERMILLION
    assert key["Better (corrected for many tests)"] == GREEN


def test_the_forest_shows_differences_and_intervals(comparison):
    for ax in [ax for ax in forest.draw(comparison).axes if ax.get_visible()]:
        assert beyond(ax) == []
        for y, entries in enumerate(comparison.differences.values()):
            entry = next(one for one in entries if outcome_label(one.outcome) == titled(ax))
            scale = 100 if entry.kind == "yes_no" else 1
            drawn = [list(line.get_xdata()) for line in ax.lines if list(line.get_ydata()) in ([y], [y, y])
                     and line.get_color() != "#000000"]
            assert [scale * end for end in entry.ci95] in [pytest.approx(one) for one in drawn if len(one) == 2]
            assert [[scale * entry.difference]] == [one for one in drawn if len(one) == 1]


def test_paths_are_the_bands_of_each_scenario(comparison):
    figure = paths.draw(comparison)
    (ax,) = figure.axes
    assert beyond(ax) == []
    lines = [line for line in ax.lines if len(line.get_xdata()) > 2]
    for side, line, area in zip(comparison.sides, lines, ax.collections, strict=True):
        data = comparison.trajectories[side.name].troops_total.values
        assert np.array_equal(line.get_ydata(), data[2])
        _, low, high = band_of(area)
        assert np.array_equal(low, data[1])
        assert np.array_equal(high, data[3])
    assert key_of(figure) == ["base", "fast", "bad"]
    assert not {GREEN, VERMILLION} & {line.get_color() for line in lines}  # these would be verdicts
    assert len({(look["color"], str(look["linestyle"])) for look in map(paths.look, range(30))}) == 30


def test_points_of_the_trade_off_are_the_means(comparison):
    (ax,) = trade_off.draw(comparison, "completion_day", "attacks_total").axes
    assert beyond(ax) == []
    points = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() == "o"]
    means = [comparison.means[side.name] for side in comparison.sides]
    assert points == [(pytest.approx(date2num(START) + mean["completion_day"].mean),
                       pytest.approx(mean["attacks_total"].mean)) for mean in means]
    bars = [line for line in ax.lines if line.get_marker() == "None" and len(line.get_xdata()) == 2]
    upright = [sorted(line.get_ydata()) for line in bars if line.get_xdata()[0] == line.get_xdata()[1]]
    assert upright == [pytest.approx(mean["attacks_total"].ci95) for mean in means]
    assert {text.get_text() for text in ax.texts} == {"base", "fast", "bad"}
    assert panel(forest.draw(comparison), "Attacks").get_xlabel() == "attacks; less is better"


def test_the_forest_says_that_intervals_are_for_one_difference_at_a_time(comparison):
    texts = " ".join(" ".join(text.get_text().split()) for text in forest.draw(comparison).texts)
    assert "95 % intervals are for one difference at a time; verdicts (the colours) allow for all at once" in texts


def test_differences_are_drawn_as_if_one_had_stopped_looking_on_each_date(comparison):
    figure = horizons.draw(comparison)
    assert key_of(figure) == ["fast", "bad"]
    for event, title in (("completed", "Planned drawdown complete"), ("any_fatal", "A fatal attack"),
                         ("handover_day.north", "Hand-over (North)")):
        ax = panel(figure, title)
        assert event in events_in_both(comparison, "fast")
        for name, line in zip(("fast", "bad"), ax.lines, strict=False):
            found = apart_on(comparison, name, event, range(366))
            assert list(line.get_ydata()) == [100 * of.difference for of in found]
            assert line.get_xdata()[-1] == date2num(START) + 366
    completed = panel(figure, "Planned drawdown complete")
    assert [text.get_text() for text in completed.texts] == ["depends on the date: fast"]
    last = panel(figure, "A fatal attack").lines[1].get_ydata()[-1]
    entry = next(one for one in comparison.differences["bad"] if one.outcome == "any_fatal")
    assert last == pytest.approx(100 * entry.difference)
