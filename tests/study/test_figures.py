"""The figures of a study's analyses show the numbers that were found."""

from dataclasses import replace

import numpy as np
import pytest
from figures.drawn import beyond, key_of
from figures.test_page import drawn_texts
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from sim.figures import discovery, information, robustness, sensitivity
from sim.figures.page import BLUE, ORANGE, SKY
from sim.study import discover as discover_module
from sim.study import robust as robust_module
from sim.study import sensitivity as sensitivity_module
from sim.study import voi as voi_module
from sim.study.pick import Interval

from .made import latin, study
from .test_discover import planted

CUBE = {"num_vars": 3, "names": ["u1", "u2", "u3"], "bounds": [[0, 1]] * 3}


def policies(x):
    return np.stack([3 + 4 * x[:, 0] + x[:, 1], 4 + 2 * x[:, 0] + 0.5 * x[:, 2]])


def assert_all_within(figure):
    for ax in figure.axes:
        assert beyond(ax) == []
    for text, box in drawn_texts(figure):
        assert 0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert 0 <= box.y0 < box.y1 <= figure.bbox.y1, text


def bars(ax, colour):
    from matplotlib.colors import to_rgb

    return {round(bar.get_y() + bar.get_height() / 2): bar.get_width() for bar in ax.patches
            if bar.get_facecolor()[:3] == to_rgb(colour)}


def test_sobol_bars_are_the_indices_largest_total_first():
    x = sobol_sample.sample(CUBE, 64, calc_second_order=False, seed=1)
    ds = study(x, policies(x), noise=0.1, design="sobol", names=["little", "some", "nothing"])
    found = sensitivity_module.sensitivity(ds)
    figure = sensitivity.draw(ds, found)
    (ax,) = figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == [index.parameter for index in found.ranked]
    assert bars(ax, BLUE) == pytest.approx({y: index.first.estimate for y, index in enumerate(found.ranked)})
    assert bars(ax, ORANGE) == pytest.approx({y: index.total.estimate for y, index in enumerate(found.ranked)})
    assert "% of the variance between futures is noise of the replications" in ax.get_xlabel()
    assert key_of(figure)[-1] == "95 % interval"
    assert_all_within(figure)


def test_whiskers_reach_as_far_as_the_table_says():
    """A first-order index of few futures may have an interval from -16 to 130 %."""
    x = sobol_sample.sample(CUBE, 64, calc_second_order=False, seed=1)
    ds = study(x, policies(x), noise=0.1, design="sobol", names=["little", "some", "nothing"])
    found = sensitivity_module.sensitivity(ds)
    wide = replace(found, indices=tuple(
        replace(index, first=Interval(-0.03, -0.16, 1.3), total=Interval(0.4, 0.1, 0.9)) for index in found.indices))
    (ax,) = sensitivity.draw(ds, wide).axes
    whiskers = [tuple(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2][:2]
    assert whiskers == [(-0.16, 1.3), (0.1, 0.9)]
    assert bars(ax, BLUE)[0] == pytest.approx(-0.03)
    assert beyond(ax) == []
    assert "0 %" in [label.get_text() for label in ax.get_xticklabels()]


def test_morris_bars_are_in_the_unit_of_the_outcome():
    x = morris_sample.sample(CUBE, 20, seed=1)
    ds = study(x, policies(x), design="morris", kinds=["day"], units=["days after the start"])
    figure = sensitivity.draw(ds, sensitivity_module.sensitivity(ds))
    (ax,) = figure.axes
    assert bars(ax, SKY) == pytest.approx({0: 4.0, 1: 1.0, 2: 0.0})
    assert "over a parameter's range, days\n" in ax.get_xlabel()
    assert_all_within(figure)


def test_failures_and_the_box_are_drawn_over_the_most_limiting_parameters():
    ds = planted(300)
    found = discover_module.discover(ds)
    figure = discovery.draw(ds, found)
    left, right = figure.axes
    shown = discovery.limiting(found, ["elasticity", "lift", "luck"])
    assert set(shown) == {"elasticity", "lift"}
    failed = ds["value"].values[0, :, 0] > 4
    kept_line, failed_line = left.lines
    assert (len(kept_line.get_xdata()), len(failed_line.get_xdata())) == ((~failed).sum(), failed.sum())
    assert kept_line.get_marker() != failed_line.get_marker()
    (box,) = left.patches
    sides = ((box.get_x(), box.get_x() + box.get_width()), (box.get_y(), box.get_y() + box.get_height()))
    ends = dict(zip(shown, sides, strict=True))
    limits = {limit.parameter: limit.value for limit in found.box.limits}
    assert ends["elasticity"][0] == limits["elasticity"]
    assert ends["lift"][1] == limits["lift"]
    trajectory, chosen, *_ = right.lines
    assert list(trajectory.get_xdata()) == [entry.coverage for entry in found.trajectory]
    assert (chosen.get_xdata()[0], chosen.get_ydata()[0]) == (found.box.coverage, found.box.density)
    assert_all_within(figure)


def test_words_stand_on_the_axis_and_futures_of_one_word_beside_one_another():
    x = np.round(latin(80, 2))
    ds = study(x, 3 + 2 * x[:, 0][np.newaxis] + 0.1 * latin(80, 1).T, thresholds=[4.2], names=["initial", "strikes"],
               parameter_units=["0 = low, 1 = high", "0 = true, 1 = false"])
    figure = discovery.draw(ds, discover_module.discover(ds))
    left = figure.axes[0]
    across = next(axis for axis in (left.xaxis, left.yaxis) if axis.get_label_text() == "initial")
    assert [text.get_text() for text in across.get_ticklabels()] == ["low", "high"]
    assert "=" not in left.get_xlabel() + left.get_ylabel()
    for line in left.lines[:2]:
        assert len(set(zip(line.get_xdata(), line.get_ydata(), strict=True))) == len(line.get_xdata())
    assert_all_within(figure)


def test_one_parameter_is_drawn_against_the_outcome():
    x = latin(80, 1)
    ds = study(x, 3 + 2 * x.T, thresholds=[4.2], names=["only"])
    figure = discovery.draw(ds, discover_module.discover(ds))
    assert (figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()) == ("only", "harm, persons")
    assert_all_within(figure)


def test_regrets_of_every_policy_and_the_threshold():
    x = latin(100, 3)
    names = ["gradual", "a policy whose name is very long indeed, pace=365"]
    ds = study(x, policies(x), thresholds=[6.0], policies=names)
    (found,) = robust_module.robust(ds).outcomes
    figure = robustness.draw(ds, found)
    left, right = figure.axes
    for standing in found.standings:
        y = sorted(found.standings, key=lambda one: one.regret_mean).index(standing)
        dots, mean, largest = left.lines[3 * y:3 * y + 3]
        assert dots.get_xdata().mean() == pytest.approx(standing.regret_mean)
        assert (mean.get_xdata()[0], largest.get_xdata()[0]) == (standing.regret_mean, standing.regret_max)
        assert right.patches[y].get_width() == standing.satisficing
    assert right.get_xlabel() == "Futures with\nat most 6 persons"
    assert_all_within(figure)


@pytest.mark.exhaustive
def test_what_each_parameter_is_worth_against_everything():
    x = latin(100, 3)
    ds = study(x, policies(x), noise=0.1)
    found = voi_module.voi(ds)
    figure = information.draw(ds, found)
    (ax,) = figure.axes
    widths = [bar.get_width() for bar in ax.patches[1:]]
    assert widths == pytest.approx([part.value.estimate for part in found.ranked])
    assert ax.lines[0].get_xdata()[0] == found.evpi.estimate
    assert ax.lines[1].get_xdata()[0] == found.evpi_plain
    span = ax.patches[0]
    assert [span.get_x(), span.get_x() + span.get_width()] == pytest.approx([found.evpi.low, found.evpi.high])
    whiskers = [tuple(line.get_xdata()) for line in ax.lines[3:] if len(line.get_xdata()) == 2]
    assert whiskers == [(part.value.low, part.value.high) for part in found.ranked]
    assert ax.get_xlabel() == "Mean gain in harm by choosing the policy with it known, persons"
    assert_all_within(figure)
