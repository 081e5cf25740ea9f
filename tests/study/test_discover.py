"""Regions in which thresholds are broken: those that were planted come back."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest

from sim.study.boxes import best, peel
from sim.study.discover import discover
from sim.study.errors import StudyError
from sim.study.regions import Limit, described, inside, levels, right, split

from .made import latin, study

TESTS = Path(__file__).parents[1]
NAMES = ["elasticity", "lift", "luck"]
UNITS = ["", "a week", ""]


def planted(n=600, noise=0.0, better="low", **changes):
    """A study that fails where elasticity > 0.6 and lift < 120, of 0 to 300, and in one of twenty elsewhere."""
    x = latin(n, 3) * [1.0, 300.0, 1.0]
    within = (x[:, 0] > 0.6) & (x[:, 1] < 120)
    failed = within | (np.random.default_rng(5).random(n) < 0.05)
    value = np.where(failed, 5.0, 3.0) if better == "low" else np.where(failed, 3.0, 5.0)
    return study(x, value[np.newaxis], noise, names=NAMES, parameter_units=UNITS, thresholds=[4.0], better=[better],
                 **changes)


@pytest.mark.exhaustive
def test_a_planted_box_comes_back_with_its_coverage_and_density():
    ds = planted()
    found = discover(ds)
    limits = {(limit.parameter, limit.side): limit for limit in found.box.limits}
    assert set(limits) == {("elasticity", "above"), ("lift", "below")}
    assert limits["elasticity", "above"].value == pytest.approx(0.6, abs=0.02)
    assert limits["lift", "below"].value == pytest.approx(120, abs=6)
    assert all(limit.quasi_p < 1e-6 for limit in found.box.limits)
    value, x = ds["value"].values[0, :, 0], ds["parameter"].values
    failed = value > 4
    inner = (x[:, 0] >= limits["elasticity", "above"].value) & (x[:, 1] <= limits["lift", "below"].value)
    assert found.box.coverage == pytest.approx((failed & inner).sum() / failed.sum())
    assert found.box.density == pytest.approx((failed & inner).sum() / inner.sum())
    assert found.check.density > 0.9
    assert found.check.p < 1e-6
    assert found.words()[0].startswith('Under policy_a, "harm" is above 4 persons mainly when elasticity > 0.6')
    assert " and lift < 1" in found.words()[0]
    assert " a week. This region holds " in found.words()[0]
    assert found.words()[0].endswith("of cases in this region fail (21 % of all cases do).")
    assert found.words()[1].startswith(
        "Found in one half of the futures and tested in the other, the region is confirmed: it holds ")


@pytest.mark.exhaustive
def test_where_high_is_better_failing_is_falling_short():
    low, high = discover(planted()), discover(planted(better="high"))
    assert high.box == low.box
    assert '"harm" is below 4 persons mainly when' in high.words()[0]


def test_the_tree_finds_it_too():
    found = discover(planted())
    (failing,) = [region for region in found.tree if region.verdict]
    assert {limit.parameter for limit in failing.limits} == {"elasticity", "lift"}
    assert failing.right > 0.95
    assert right(found.tree) == pytest.approx(0.95, abs=0.03)
    assert "A decision tree says that" in found.words()[2]


def test_the_quasi_p_of_a_limit_is_a_binomial_test():
    ds = planted(200)
    x, failed = ds["parameter"].values, ds["value"].values[0, :, 0] > 4
    found = best(peel(x, failed, NAMES, UNITS), x, failed, NAMES)
    for limit in found.limits:
        without = inside(x, NAMES, tuple(other for other in found.limits if other is not limit))
        expected = binomtest(found.failures, found.futures, failed[without].mean(), alternative="greater").pvalue
        assert limit.quasi_p == pytest.approx(expected)
        assert limit.quasi_p < 0.05


def test_failures_that_hang_on_nothing_are_not_said_to():
    x = latin(400, 3)
    value = np.where(np.random.default_rng(8).random(400) < 0.3, 5.0, 3.0)
    found = discover(study(x, value[np.newaxis], names=NAMES, thresholds=[4.0]))
    text = " ".join(found.words())
    assert "no limits on the parameters separate them" in text or "the region may be due to chance" in text
    if found.box.limits:
        assert found.check.p >= 0.05


@pytest.mark.parametrize(("value", "words"), [
    (3.0, 'Under policy_a, "harm" is above 4 persons in none of 50 futures.'),
    (5.0, 'Under policy_a, "harm" is above 4 persons in all 50 futures.'),
    (4.0, 'Under policy_a, "harm" is above 4 persons in none of 50 futures.'),
])
def test_no_failure_and_nothing_but_failures(value, words):
    found = discover(study(latin(50, 2), np.full((1, 50), value), thresholds=[4.0]))
    assert found.words() == [words]
    assert found.as_dict()["box"] is None


def test_few_failures_are_warned_of():
    x = latin(60, 2)
    found = discover(study(x, np.where(x[:, 0] > 0.8, 5.0, 3.0)[np.newaxis], thresholds=[4.0]))
    assert found.failures == 12
    assert found.check is None
    assert found.words()[-1] == "There are only 12 failures: what sets them apart may be chance."


def test_futures_near_the_threshold_are_counted():
    x = latin(100, 2)
    ds = study(x, 3.5 + x[:, :1].T, noise=0.05, thresholds=[4.0])
    near = np.abs(ds["value"].values[0, :, 0] - 4) < 1.96 * 0.05
    found = discover(ds)
    assert found.unsure == near.sum() > 10
    assert "noise could have put them on the wrong side" in found.words()[-1]


def test_a_chance_that_was_never_seen_is_not_sure_to_keep_its_threshold():
    """Nothing in 20 replications: the chance may be as high as 16 %; in 2,000 it is at most 0.2 %."""
    x = latin(60, 2)
    seen = np.where(x[:, 0] > 0.5, 0.5, 0.0)[np.newaxis]
    few = discover(study(x, seen, thresholds=[0.05], kinds=["yes_no"], units=["chance"], replications=20))
    assert few.unsure == 30
    many = discover(study(x, seen, thresholds=[0.05], kinds=["yes_no"], units=["chance"], replications=2000))
    assert many.unsure == 0


@pytest.mark.exhaustive
def test_a_tree_that_does_not_hold_in_the_other_half_is_not_told():
    """Failures that depend on nothing: a tree splits them all the same, most of all where futures are few."""
    told = 0
    for seed in range(20):
        x = latin(30, 4, seed)
        value = np.where(np.random.default_rng(seed).random(30) < 0.4, 5.0, 3.0)
        found = discover(study(x, value[np.newaxis], thresholds=[4.0]))
        assert len(found.tree) > 0
        told += any("decision tree" in line for line in found.words())
    assert told <= 2


def test_chances_are_percentages():
    x = latin(100, 2)
    ds = study(x, x[:, :1].T, thresholds=[0.25], kinds=["yes_no"], units=["chance"])
    assert '"harm" is above 25 % mainly when u1 > 0.2' in discover(ds).words()[0]


def test_what_cannot_be_asked():
    with pytest.raises(StudyError, match="no outcome of this study has a threshold"):
        discover(study(latin(30, 2), np.ones((1, 30))))
    ds = study(latin(30, 2), np.ones((1, 30, 2)), outcomes=("harm", "cost"), better=("low",) * 2,
               kinds=("number",) * 2, units=("", ""), thresholds=[np.nan, 2.0])
    assert discover(ds).goal.name == "cost"
    with pytest.raises(StudyError, match=r"harm has no threshold in this study: write threshold = \.\.\. under"):
        discover(ds, "harm")


@pytest.mark.exhaustive
def test_the_workbench_is_silent():
    """In a fresh interpreter: it warns and sets up its logging when it is first imported."""
    code = "from study.test_discover import planted; from sim.study.discover import discover; discover(planted(200))"
    done = subprocess.run([sys.executable, "-W", "default::UserWarning", "-c", code], cwd=TESTS, text=True,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])},
                          capture_output=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_tree_takes_back_splits_that_change_nothing():
    x = latin(100, 2)
    (whole,) = split(x, np.ones(100, dtype=bool), ["a", "b"], ["", ""], 2, 5)
    assert (whole.limits, whole.verdict, whole.right, str(whole)) == ((), True, 1.0, "everywhere")
    regions = split(x, x[:, 0] > 0.3, ["a", "b"], ["", ""], 2, 5)
    assert [(str(region), region.verdict, region.right) for region in regions] == [
        ("a < 0.3", False, 1.0), ("a > 0.3", True, 1.0)]


def test_a_tree_does_not_split_what_is_the_same_on_both_sides():
    x = latin(400, 2)
    stray = np.random.default_rng(3).random(400) < 0.2
    regions = split(x, (x[:, 0] > 0.3) ^ stray, ["a", "b"], ["", ""], 3, 20)
    assert [region.verdict for region in regions] == [False, True]
    assert sum(region.futures for region in regions) == 400
    assert right(regions) == pytest.approx(1 - stray.mean(), abs=0.03)


def test_limits_in_words():
    limits = (Limit("lift", "a week", "below", 119.6), Limit("cost", "", "above", -1234.5))
    assert described(limits) == "lift < 120 a week and cost > −1,234"


def test_texts_and_switches_are_said_in_words():
    unit = "0 = low, 1 = high, at times, 2 = true"
    assert levels(unit) == ["low", "high, at times", "true"]
    assert levels("attacks a day, or so") == levels("") == []
    assert str(Limit("initial", unit, "above", 1.5)) == "initial is true"
    assert str(Limit("initial", unit, "below", 1.5)) == "initial is low or high, at times"
    assert described((Limit("initial", unit, "above", 0.5), Limit("pace", "days", "below", 40.0),
                      Limit("initial", unit, "below", 1.5))) == "initial is high, at times and pace < 40 days"


def test_a_switch_that_decides_is_named():
    x = latin(60, 1)
    switch = np.repeat([0.0, 1.0], 30)
    ds = study(np.column_stack([switch, x[:, 0]]), switch[np.newaxis], names=["tension", "pace"], thresholds=[0.5],
               parameter_units=["0 = low, 1 = high", "days"])
    said = discover(ds).words()[0]
    assert "is above 0.5 persons mainly when tension is high. This region holds 100 % of the failures" in said


def test_the_only_future_is_said_to_be_that():
    one = study(np.array([[0.5]]), [[3.0]], thresholds=[2.0])
    assert discover(one).words() == ['Under policy_a, "harm" is above 2 persons in the only future.']
    kept = study(np.array([[0.5]]), [[1.0]], thresholds=[2.0])
    assert discover(kept).words() == [
        'Under policy_a, "harm" is above 2 persons in no future; there is only one.']
