"""The waterfall of an explanation: where each step begins and ends, and what it is called."""

from dataclasses import replace
from itertools import pairwise

import matplotlib
import pytest

from sim.comparison.explanation import Explanation, Game, OutcomeExplained, Share
from sim.figures import waterfall
from sim.figures.page import BETTER, NEITHER, WORSE
from sim.scenario.names import COUPLINGS as ALL_COUPLINGS

from .drawn import beyond, key_of, panel
from .test_page import drawn_texts


def share(name, value, half, label=""):
    return Share(name, label, (), value, [value - half, value + half])


CHANGES = (share("phases.iraq.over_days", -30, 3, "487 to 365 days"), share("theatres.syria.troops", 10, 12))
SIZES = {"contagion": (-40, 4), "presence_to_attacks": (25, 2)} | dict.fromkeys(
    [name for name in ALL_COUPLINGS if name not in ("contagion", "presence_to_attacks")], (0.0, 0.5))
COUPLINGS = tuple(share(name, *size, ALL_COUPLINGS[name].said) for name, size in SIZES.items())
TITLES = {"attacks_total": "Attacks", "killed_expected.iraq": "Expected deaths (Iraq)"}
DIRECT = share("direct", -5, 1, "direct effect, all couplings off")


def scaled(one, scale):
    return Share(one.name, one.label, (), one.share * scale, [end * scale for end in one.ci95])


def explained(name="attacks_total", kind="number", unit="attacks", scale=1.0, changes=CHANGES, mean=100.0):
    changed, coupled = (tuple(scaled(one, scale) for one in some) for some in (changes, COUPLINGS))
    return OutcomeExplained(
        name, kind, unit, "low", mean * scale, (mean - 20) * scale, scaled(share("difference", -20, 4), scale),
        Game(changed, 0), Game(coupled, 100), scaled(DIRECT, scale), TITLES.get(name, ""))


EXPLANATION = Explanation("gradual", "fast", "2024-02-12", "2027-12-31", 1000, 1, (
    explained(), explained("completion_day", "day", "days after the start", mean=700),
    explained("resurgence", "yes_no", "chance", 0.005), explained("killed_expected.iraq", unit="persons", scale=1e-3),
    explained("cost_total", unit="million USD", scale=70, changes=(share("a" * 80, -20, 1, "b" * 20),))), ())
CHANGED = "By what was changed"
COUPLED = "By coupling, from the effect that is left with all of them off"


def bars(ax):
    """Return where each bar begins and ends, from its place."""
    return {round(bar.get_y() + 0.33): (*sorted((bar.get_x(), bar.get_x() + bar.get_width())), bar)
            for bar in ax.patches}


def test_steps_add_up_to_the_difference():
    figure = waterfall.draw(EXPLANATION, "attacks_total")
    changed, coupled = bars(panel(figure, CHANGED)), bars(panel(figure, COUPLED))
    assert [changed[y][:2] for y in (1, 2)] == [(-30, 0), (-30, -20)]
    assert [coupled[y][:2] for y in (1, 2, 3)] == [(-5, 0), (-45, -5), (-45, -20)]
    for steps, rows in ((changed, 3), (coupled, len(COUPLINGS) + 2)):
        assert list(steps) == list(range(1, rows))
    assert changed[2][2].get_hatch() == "////"  # could be zero
    means = [line.get_xdata()[0] for line in panel(figure, CHANGED).lines if line.get_marker() == "D"]
    assert means == [0, -20]


@pytest.mark.parametrize(("better", "fewer", "more", "key"), [
    ("low", BETTER, WORSE, ["Better: lowers it", "Worse: raises it"]),
    ("high", WORSE, BETTER, ["Better: raises it", "Worse: lowers it"]),
    ("", NEITHER, NEITHER, ["Neither better"]),
])
def test_colours_say_what_is_better(better, fewer, more, key):
    figure = waterfall.draw(replace(EXPLANATION, outcomes=(replace(explained(), better=better),)), "attacks_total")
    drawn = bars(panel(figure, COUPLED))
    assert [drawn[y][2].get_facecolor()[:3] for y in (2, 3)] == [matplotlib.colors.to_rgb(c) for c in (fewer, more)]
    assert key_of(figure) == [*key, "Could be zero", "95 % interval of the step"]


def test_whiskers_stand_where_a_step_could_end():
    ax = panel(waterfall.draw(EXPLANATION, "attacks_total"), CHANGED)
    whiskers = {int(line.get_ydata()[0]): list(line.get_xdata()) for line in ax.lines if line.get_marker() == "|"}
    assert whiskers == {1: [-33, -27], 2: [-32, -8], 3: [-24, -16]}


def test_what_steps_are_called():
    figure = waterfall.draw(EXPLANATION, "attacks_total")
    changed, coupled = ([label.get_text() for label in panel(figure, title).get_yticklabels()]
                        for title in (CHANGED, COUPLED))
    assert changed == ["Mean of gradual: 100", "phases.iraq.over_days (487 to 365 days)", "theatres.syria.troops",
                       "Mean of fast: 80"]
    assert coupled[:4] == ["Mean of gradual: 100", "Direct effect, all couplings off", "Attacks set off attacks",
                           "Fewer troops draw fewer attacks"]
    said = [text.get_text() for text in panel(figure, CHANGED).texts]
    assert said == ["−30 ± 3", "+10 ± 12", "−20 ± 4", "Step (95 %), attacks"]
    assert panel(figure, COUPLED).get_xlabel() == "Change of the mean from that of gradual, attacks"


def test_days_are_days_and_means_of_days_dates():
    figure = waterfall.draw(EXPLANATION, "completion_day")
    ax = panel(figure, COUPLED)
    assert bars(ax)[1][:2] == (-5, 0)
    assert ax.get_xlabel() == (
        "Change of the mean from that of gradual, days\n"
        "(replications in which it has not happened by 31 Dec 2027 count as 31 Dec 2027)")
    assert [ax.get_yticklabels()[i].get_text() for i in (0, -1)] == ["Mean of gradual: 12 Jan 2026",
                                                                    "Mean of fast: 23 Dec 2025"]
    assert key_of(figure)[:2] == ["Better: makes it earlier", "Worse: makes it later"]


def test_steps_of_a_chance_are_points_so_that_none_seems_to_lie_below_zero():
    """From 2 % up by 1 point, by steps of -4.3 and +5.3 points: no chance was ever -2.3 %."""
    steps = (share("a.b", -4.3, 0.5), share("c.d", 5.3, 0.5))
    rare = OutcomeExplained("resurgence", "yes_no", "chance", "low", 0.02, 0.03, scaled(share("", 1, 0.3), 0.01),
                            Game(tuple(scaled(one, 0.01) for one in steps), 0), Game((), 0), scaled(steps[0], 0.0))
    figure = waterfall.draw(replace(EXPLANATION, outcomes=(rare,)), "resurgence")
    ax = panel(figure, CHANGED)
    assert [bars(ax)[y][:2] for y in (1, 2)] == [pytest.approx((-4.3, 0)), pytest.approx((-4.3, 1))]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Mean of gradual: 2 %", "a.b", "c.d",
                                                                    "Mean of fast: 3 %"]
    assert ax.texts[-1].get_text() == "Step (95 %), percentage points"
    figure.draw_without_rendering()
    ticks = [label.get_text() for label in figure.axes[-1].get_xticklabels()]
    assert not any("%" in text for text in ticks)
    assert "percentage points" in figure.axes[-1].get_xlabel()


@pytest.mark.parametrize("outcome", [item.name for item in EXPLANATION.outcomes])
def test_the_axes_hold_all_that_is_drawn(outcome):
    for ax in waterfall.draw(EXPLANATION, outcome).axes:
        assert beyond(ax) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("outcome", [item.name for item in EXPLANATION.outcomes])
def test_words_have_room_and_do_not_meet(outcome):
    figure = waterfall.draw(EXPLANATION, outcome)
    texts = list(drawn_texts(figure))
    assert len(texts) > 40
    for text, box in texts:
        assert 0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert 0 <= box.y0 < box.y1 <= figure.bbox.y1, text
    for ax in figure.axes:
        figure.draw_without_rendering()
        boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
        assert all(above.y0 >= below.y1 for above, below in pairwise(boxes))
        xs = [label.get_window_extent() for label in ax.get_xticklabels() if label.get_text()]
        assert all(left.x1 < right.x0 for left, right in pairwise(xs))


def test_titles_name_the_outcome():
    titles = [waterfall.draw(EXPLANATION, name).texts[0].get_text()
              for name in ("attacks_total", "killed_expected.iraq")]
    assert titles == ["Attacks: why fast differs from gradual",
                      "Expected deaths (Iraq): why fast differs from gradual"]
    with pytest.raises(KeyError):
        waterfall.draw(EXPLANATION, "troop_days")
