"""Distributions of outcomes."""

import numpy as np
import pytest

from sim.estimate.bars import doubling_edges, plain_edges
from sim.figures import outcomes
from sim.figures.distributions import _short
from sim.rules.outcomes import OUTCOMES
from sim.words.labels import outcome_label
from sim.words.phrases import date_text

from .drawn import key_of, panel


@pytest.mark.exhaustive
def test_every_histogram_accounts_for_every_replication(result_of):
    for name in ("rich", "short", "quiet", "eight"):
        result = result_of(name)
        figure = outcomes(result)
        main = [o for o in OUTCOMES if o.main and o.kind != "yes_no" and o.name in result.summary["outcomes"]]
        assert len(figure.axes) == len(main) + 1
        for outcome in main:
            ax = panel(figure, outcome_label(outcome.name))
            assert sum(bar.get_height() for bar in ax.patches) == pytest.approx(1)
            assert ax.get_ylabel() == "Replications"


def test_units_are_those_of_the_outcomes(rich):
    figure = outcomes(rich)
    assert panel(figure, "Attacks").get_xlabel() == "attacks"
    assert panel(figure, "Exposure").get_xlabel() == "troop-days"
    assert panel(figure, "Cost").get_xlabel() == "million USD"
    assert panel(figure, "Date of completion").get_xlabel() == "Date"


def test_median_range_and_tail_are_those_of_the_summary(rich):
    entry = rich.summary["outcomes"]["attacks_total"]
    span, median, worst, most = (line.get_xdata() for line in panel(outcomes(rich), "Attacks").lines)
    assert list(span) == [entry["quantiles"]["5"], entry["quantiles"]["95"]]
    assert list(median) == [entry["quantiles"]["50"]]
    assert list(worst) == [entry["cvar95"]]
    assert list(most) == [rich.outcomes["attacks_total"].max()]
    assert key_of(outcomes(rich)) == ["Median", "Nine in ten (5–95 %)", "Mean of the worst 5 %", "Largest",
                                      "Not by the end"]


def test_not_yet_is_a_bar_of_its_own(rich):
    ax = panel(outcomes(rich), "Date of completion")
    missing = np.mean(~np.isfinite(rich.outcomes["completion_day"].to_numpy(float)))
    bars = [bar for bar in ax.patches if bar.get_hatch()]
    assert [bar.get_height() for bar in bars] == pytest.approx([missing])
    assert missing > 0
    assert bars[0].get_x() > max(bar.get_x() for bar in ax.patches if not bar.get_hatch())


def test_chances_carry_their_interval(rich):
    end = date_text(rich.file.scenario.end)
    ax = panel(outcomes(rich), f"Does it happen? By {end}, unless the label says otherwise")
    names = [o.name for o in OUTCOMES if o.main and o.kind == "yes_no"]
    assert [label.get_text() for label in ax.get_yticklabels()] == [outcome_label(name) for name in names]
    for name, bar, line, text in zip(names, ax.patches, ax.lines, ax.texts, strict=True):
        entry = rich.summary["outcomes"][name]
        assert bar.get_width() == pytest.approx(rich.outcomes[name].mean())
        assert list(line.get_xdata()) == entry["ci95"]
        low, high = entry["ci95"]
        assert text.get_text() == f"{100 * entry['mean']:.1f} % ({100 * low:.0f}–{100 * high:.0f} %)"


def test_a_long_tail_is_drawn_on_doubling_steps(result_of):
    result = result_of("eight")
    killed = result.outcomes["killed"].to_numpy()
    assert killed.max() >= 3 * result.summary["outcomes"]["killed"]["quantiles"]["95"]
    ax = panel(outcomes(result), "Killed")
    assert ax.get_xlabel() == "persons (each step doubles)"
    assert ax.patches[0].get_height() == pytest.approx(np.mean(killed == 0))
    assert ax.patches[2].get_height() == pytest.approx(np.mean((killed == 2) | (killed == 3)))
    widths = [np.ptp(ax.transData.transform([(bar.get_x(), 0), (bar.get_x() + bar.get_width(), 0)])[:, 0])
              for bar in ax.patches]
    assert widths == pytest.approx([widths[0]] * len(widths))
    assert 0.85 * ax.bbox.width < sum(widths) < ax.bbox.width


def test_edges():
    assert doubling_edges(np.array([0.0, 9.0])).tolist() == [0, 1, 2, 4, 8, 16]
    assert doubling_edges(np.array([0.0, 8.0])).tolist() == [0, 1, 2, 4, 8, 16]
    edges = doubling_edges(np.array([5.0, 9.0]))  # nothing is below 1: four bars for each doubling, none before 4
    assert edges[::4].tolist() == [4, 8, 16]
    assert edges[1] == pytest.approx(4 * 2 ** 0.25)
    assert doubling_edges(np.array([0.3, 3.0]), below_one=True)[::4].tolist() == [0.25, 0.5, 1, 2, 4]
    assert plain_edges(np.array([2.0, 4.0])).tolist() == [1.5, 2.5, 3.5, 4.5]
    assert plain_edges(np.array([0.7, 0.7])).tolist() == pytest.approx([0.2, 1.2])
    assert plain_edges(np.array([0.5, 3.5])).tolist() == pytest.approx(np.linspace(0.5, 3.5, 31))


def test_ratios_halve_and_double_alike(rich):
    ax = panel(outcomes(rich), outcome_label("threat_ratio_handover", rich.file.scenario))
    assert ax.get_xlabel() == "ratio (each step doubles)"
    ticks = [tick.get_text() for tick in ax.get_xticklabels()]
    assert "1" in ticks
    assert all(at == float(text.removeprefix("1/")) ** (-1 if "/" in text else 1)
               for at, text in zip(ax.get_xticks(), ticks, strict=True))
    assert sum(bar.get_height() for bar in ax.patches) == pytest.approx(1)


@pytest.mark.parametrize(("number", "text"), [
    (0.5, "0.5"), (1200, "1,200"), (25000, "25k"), (2.5e6, "2.5M"), (3e9, "3bn"), (-25000, "-25k")])
def test_numbers_are_written_short(number, text):
    assert _short(number) == text
