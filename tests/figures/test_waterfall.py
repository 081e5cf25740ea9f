"""The waterfall of an explanation: where each step begins and ends, and what it is called."""

from datetime import date
from itertools import pairwise

import matplotlib
import matplotlib.dates
import pytest

from sim.comparison.couplings import WORDS
from sim.comparison.explain import Explanation, Game, OutcomeExplained, Share
from sim.figures import waterfall
from sim.figures.page import BLUE, ORANGE

from .drawn import key_of, panel
from .test_page import drawn_texts


def share(name, value, half, label=""):
    return Share(name, label, (), value, [value - half, value + half])


CHANGES = (share("phases.iraq.over_days", -30, 3, "487 to 365 days"), share("theatres.syria.troops", 10, 12))
SIZES = {"contagion": (-40, 4), "presence_to_attacks": (25, 2)} | dict.fromkeys(
    [name for name in WORDS if name not in ("contagion", "presence_to_attacks")], (0.0, 0.5))
COUPLINGS = tuple(share(name, *size, WORDS[name]) for name, size in SIZES.items())
DIRECT = share("direct", -5, 1, "direct effect, all couplings off")


def explained(name="attacks_total", kind="number", unit="attacks", scale=1.0, changes=CHANGES, mean=100.0):
    def scaled(one):
        return Share(one.name, one.label, (), one.share * scale, [end * scale for end in one.ci95])

    difference = scaled(share("difference", -20, 4))
    return OutcomeExplained(
        name, kind, unit, "low", mean * scale, (mean - 20) * scale, difference, Game(tuple(map(scaled, changes)), 0),
        Game(tuple(map(scaled, COUPLINGS)), 100), scaled(DIRECT))


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


def test_steps_lead_from_the_one_mean_to_the_other():
    figure = waterfall.draw(EXPLANATION, "attacks_total")
    changed, coupled = bars(panel(figure, CHANGED)), bars(panel(figure, COUPLED))
    assert [changed[y][:2] for y in (1, 2)] == [(70, 100), (70, 80)]
    assert [coupled[y][:2] for y in (1, 2, 3)] == [(95, 100), (55, 95), (55, 80)]
    for steps, rows in ((changed, 3), (coupled, len(COUPLINGS) + 2)):
        assert list(steps) == list(range(1, rows))
    assert changed[1][2].get_facecolor()[:3] == matplotlib.colors.to_rgb(BLUE)
    assert coupled[3][2].get_facecolor()[:3] == matplotlib.colors.to_rgb(ORANGE)
    assert changed[2][2].get_hatch() == "////"  # cannot be told from zero
    means = [line.get_xdata()[0] for line in panel(figure, CHANGED).lines if line.get_marker() == "D"]
    assert means == [100, 80]


def test_whiskers_stand_where_a_step_could_end():
    ax = panel(waterfall.draw(EXPLANATION, "attacks_total"), CHANGED)
    whiskers = {int(line.get_ydata()[0]): list(line.get_xdata()) for line in ax.lines if line.get_marker() == "|"}
    assert whiskers == {1: [67, 73], 2: [68, 92], 3: [76, 84]}


def test_what_steps_are_called():
    figure = waterfall.draw(EXPLANATION, "attacks_total")
    changed, coupled = ([label.get_text() for label in panel(figure, title).get_yticklabels()]
                        for title in (CHANGED, COUPLED))
    assert changed == ["Mean of gradual", "phases.iraq.over_days (487 to 365 days)", "theatres.syria.troops",
                       "Mean of fast"]
    assert coupled[:4] == ["Mean of gradual", "Direct effect, all couplings off", "Attacks set off attacks",
                           "Fewer troops draw fewer attacks"]
    said = [text.get_text() for text in panel(figure, CHANGED).texts]
    assert said == ["−30 ± 3", "+10 ± 12", "−20 ± 4", "Step (95 %), attacks"]
    assert key_of(figure) == ["Lowers it", "Raises it", "Cannot be told from zero", "95 % interval of the step"]


def test_days_are_dates_and_chances_per_cent():
    figure = waterfall.draw(EXPLANATION, "completion_day")
    ax = panel(figure, COUPLED)
    first = matplotlib.dates.date2num(date(2024, 2, 12))
    assert bars(ax)[1][1] == pytest.approx(first + 700)
    assert ax.get_xlabel() == "Mean, date (2025–2026) (31 Dec 2027 where it had not happened by then)"
    assert key_of(figure)[:2] == ["Makes it earlier", "Makes it later"]
    figure = waterfall.draw(EXPLANATION, "resurgence")
    assert panel(figure, CHANGED).texts[0].get_text() == "−15.0 ± 1.5"
    figure.draw_without_rendering()
    assert {label.get_text()[-2:] for label in panel(figure, COUPLED).get_xticklabels()} == {" %"}


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
                      "Killed, expected (iraq): why fast differs from gradual"]
    with pytest.raises(KeyError):
        waterfall.draw(EXPLANATION, "troop_days")
