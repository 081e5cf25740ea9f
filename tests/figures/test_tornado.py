"""The tornado of numbers that are not known."""

import matplotlib.dates
import pytest

from sim.evidence.hinges import Effect
from sim.figures import tornado

from .drawn import beyond, key_of, panel
from .test_page import drawn_texts


def effect(number, outcome, low, high, half=1.0):
    difference = high - low
    return Effect(number, "", 0, 1, outcome, low, high, difference, difference - half, difference + half, 0.5, 0.5)


EFFECTS = [
    effect("small", "completion_day", 700, 710), effect("large", "completion_day", 800, 600, half=12),
    effect("luck", "completion_day", 700, 700.5), effect("large", "killed_expected", 1, 3.25, half=0.064),
    effect("small", "killed_expected", 2, 1.5, half=0.2),
]
NAMES = {"small": "A small one (0–1)", "large": "A large one (2–9 days)", "luck": "Only luck"}


def test_bars_reach_from_the_ensemble_to_both_ends_the_largest_change_first(rich):
    ax = panel(tornado.draw(rich, EFFECTS, ["completion_day"], NAMES), "Date of completion")
    start = matplotlib.dates.date2num(rich.file.scenario.start)
    middle = start + rich.summary["outcomes"]["completion_day"]["mean"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["A large one (2–9 days)", "A small one (0–1)"]
    ends = {(round(bar.get_y() + 0.35), bar.get_facecolor()[:3]): bar for bar in ax.patches}
    colours = {name: matplotlib.colors.to_rgb(colour) for name, colour in
               {"low": tornado.ORANGE, "high": tornado.BLUE}.items()}
    for place, name, day in ((0, "low", 800), (0, "high", 600), (1, "low", 700), (1, "high", 710)):
        bar = ends[place, colours[name]]
        assert sorted([bar.get_x(), bar.get_x() + bar.get_width()]) == pytest.approx(sorted([middle, start + day]))
    assert ax.lines[0].get_xdata()[0] == pytest.approx(middle)


def test_the_axis_holds_the_mean_of_the_ensemble_though_both_ends_lie_to_one_side(rich):
    mean = rich.summary["outcomes"]["completion_day"]["mean"]
    one_sided = [effect("x", "completion_day", mean + 300, mean + 320)]
    (ax,) = tornado.draw(rich, one_sided, ["completion_day"], {"x": "X"}).axes
    assert beyond(ax) == []


def test_changes_are_written_with_their_interval_and_its_decimals():
    assert tornado.change_text(EFFECTS[1]) == "−200 ± 12 days"
    assert tornado.change_text(EFFECTS[3]) == "+2.25 ± 0.06"
    assert tornado.change_text(EFFECTS[4]) == "−0.5 ± 0.2"
    assert tornado.change_text(effect("x", "resurgence", 0.1, 0.64, half=0.02)) == "+54 ± 2 points"
    assert tornado.change_text(effect("x", "cost_total", 1000, 5700, half=0)) == "+4,700 ± 0"


def test_words_have_room_and_say_what_is_drawn(rich):
    figure = tornado.draw(rich, EFFECTS, ["completion_day", "killed_expected"], NAMES)
    texts = list(drawn_texts(figure))
    for text, box in texts:
        assert 0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert 0 <= box.y0 < box.y1 <= figure.bbox.y1, text
    assert key_of(figure) == ["Mean with the number at its low end", "Mean with the number at its high end",
                              "Mean in the ensemble"]
    assert panel(figure, "Date of completion").get_xlabel().endswith(
        "(replications in which it has not happened by 31 Dec 2027 count as 31 Dec 2027)")
    assert panel(figure, "Expected deaths").get_xlabel() == "Mean, persons"


def test_no_more_than_twelve_and_none_that_chance_could_explain():
    many = [effect(f"n{i}", "killed_expected", 0, i + 2) for i in range(20)]
    assert [bar.number for bar in tornado.strongest(many, "killed_expected")] == [f"n{i}" for i in range(19, 7, -1)]
    assert [bar.number for bar in tornado.strongest(EFFECTS, "completion_day")] == ["large", "small"]
