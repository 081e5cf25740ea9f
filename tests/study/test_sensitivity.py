"""What an outcome depends on, against functions whose indices are known."""

import warnings

import numpy as np
import pytest
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from sim.study.errors import StudyError
from sim.study.indices import Index, first_order, group_share, morris, sobol
from sim.study.pick import Interval
from sim.study.sensitivity import Sensitivity, Spread, sensitivity
from sim.study.study import Goal

from .known import switch_study
from .made import latin, study

NAMES = ["x1", "x2", "x3"]
PROBLEM = {"num_vars": 3, "names": NAMES, "bounds": [[-np.pi, np.pi]] * 3}
FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)
"""Of the Ishigami function with a = 7 and b = 0.1 (Saltelli et al. 2008)."""


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_of_the_ishigami_function():
    x = sobol_sample.sample(PROBLEM, 2048, calc_second_order=False, seed=3)
    found = sobol(ishigami(x), NAMES)
    for index, first, total in zip(found, FIRST, TOTAL, strict=True):
        assert index.first.estimate == pytest.approx(first, abs=0.02)
        assert index.total.estimate == pytest.approx(total, abs=0.02)
        assert index.first.low - 0.01 < first < index.first.high + 0.01
        assert 0 < index.first.high - index.first.low < 0.2
    assert sobol(ishigami(x), NAMES) == found
    assert sobol(ishigami(x), NAMES, seed=0)[0].first.low == sobol(ishigami(x), NAMES, seed=0)[0].first.low


def test_first_order_indices_from_a_latin_hypercube():
    x = (latin(1000, 3) * 2 - 1) * np.pi
    for index, first in zip(first_order(x, ishigami(x), NAMES), FIRST, strict=True):
        assert index.first.estimate == pytest.approx(first, abs=0.06)
        assert index.first.low < first < index.first.high
        assert index.total is None


def test_first_order_indices_of_a_grid_are_those_of_its_levels():
    levels = np.linspace(0, 1, 9)
    x = np.array(np.meshgrid(levels, levels, levels, indexing="ij")).reshape(3, -1).T
    found = first_order(x, 2 * x[:, 0] + x[:, 1], NAMES)
    assert [index.first.estimate for index in found] == pytest.approx([0.8, 0.2, 0.0], abs=0.04)


@pytest.mark.parametrize(("truth", "levels"), [(0.0, 2), (0.3, 2), (0.79, 2), (0.99, 2), (0.3, 5), (0.99, 5)])
def test_a_parameter_with_few_values_is_judged_by_the_means_of_its_groups(truth, levels):
    """The truth is held in at least 90 of 100 studies of 200 futures: with 95 % a chance of 0.97."""
    held, estimates = 0, []
    for seed in range(100):
        x, y = switch_study(truth, levels, seed)
        share = group_share(x[:, 0], y)
        assert share.low < share.high
        held += share.low <= truth <= share.high
        estimates.append(share.estimate)
    assert held >= 90
    assert np.mean(estimates) == pytest.approx(truth, abs=0.01)


def test_a_switch_that_decides_nearly_all_is_seen_to():
    x = latin(200, 2)
    x[:, 0] = x[:, 0] > 0.5
    one, two = first_order(x, x[:, 0] + 0.173 * (x[:, 1] - 0.5), NAMES[:2])
    assert one.first.estimate == pytest.approx(0.99, abs=0.005)
    assert one.first.low < 0.99 < one.first.high
    assert two.first.low < 0.01 < two.first.high


def test_groups_without_one_future_are_what_the_jackknife_leaves():
    rng = np.random.default_rng(3)
    values, y = rng.integers(0, 3, 30).astype(float), rng.normal(size=30)
    values[0], values[1:][values[1:] == 0] = 0, 1  # a group of one
    def plain(values, y):
        groups = [y[values == value] for value in np.unique(values)]
        within = sum(((group - group.mean()) ** 2).sum() for group in groups)
        return 1 - (len(y) - 1) * within / ((len(y) - len(groups)) * ((y - y.mean()) ** 2).sum())
    left = np.array([plain(np.delete(values, i), np.delete(y, i)) for i in range(30)])
    error = np.sqrt(29 / 30 * ((left - left.mean()) ** 2).sum())
    found = group_share(values, y)
    assert found.estimate == pytest.approx(plain(values, y))
    assert found.half == pytest.approx(1.959964 * error)


def test_no_effect_seen_is_said_instead_of_an_interval_of_nothing():
    x = sobol_sample.sample({**PROBLEM, "bounds": [[0, 1]] * 3}, 64, calc_second_order=False, seed=1)
    table = sensitivity(study(x, x[:, :1].T, design="sobol")).as_table()
    assert [row[1:] for row in table.rows if row[0] == "u3"] == [("no effect seen", "no effect seen")]


def test_morris_measures_of_a_function_with_an_interaction():
    x = morris_sample.sample({**PROBLEM, "bounds": [[0, 1]] * 3}, 50, num_levels=4, seed=2)
    y = 3 * x[:, 0] - 2 * x[:, 1] + x[:, 1] * x[:, 2]
    one, two, three = morris(x, y, NAMES)
    assert (one.mu, one.sigma) == (pytest.approx(3), pytest.approx(0, abs=1e-9))
    assert one.mu_star.low == pytest.approx(one.mu_star.high)
    assert two.mu == pytest.approx(-2 + np.mean(x[:, 2]), abs=0.1)
    assert two.mu_star.estimate == pytest.approx(-two.mu)
    assert two.sigma > 0.2
    assert three.mu_star.low < 0.5 < three.mu_star.high


def test_by_design_outcome_and_policy():
    x = latin(300, 2)
    values = np.stack([np.stack([x[:, 0], 5 + x[:, 1]], axis=-1), np.stack([x[:, 1], x[:, 0]], axis=-1)])
    ds = study(x, values, outcomes=("harm", "cost"), better=("low", "low"), kinds=("number",) * 2,
               units=("persons", "million USD"), names=["a", "b"])
    assert sensitivity(ds).ranked[0].parameter == "a"
    assert sensitivity(ds, "cost").ranked[0].parameter == "b"
    assert sensitivity(ds, "cost", "policy_b").ranked[0].parameter == "a"
    found = sensitivity(ds).as_dict()
    assert found["parameters"]["a"]["first"]["estimate"] == pytest.approx(1, abs=0.02)
    assert "total" not in found["parameters"]["a"]
    assert found["words"][0] == "harm of policy_a: depends most on a (100 % of the variance by itself)."
    assert "use a sobol design" in found["words"][1]


def test_variances_between_futures_and_replications():
    x = latin(2000, 1)
    ds = study(x, 6 * x.T, noise=0.5, spread=25.0)
    spread = sensitivity(ds).spread
    assert spread.futures == pytest.approx(36 / 12 + 0.25, rel=0.05)
    assert spread.noise == pytest.approx(0.25)
    assert spread.replications == 25
    assert spread.noise_share == pytest.approx(0.25 / 3.25, rel=0.05)
    assert "and 5 persons between replications of one future" in sensitivity(ds).words()[-1]
    assert "At most 7.7 % of the variance" in sensitivity(ds).words()[-1].replace("7.6", "7.7").replace("7.8", "7.7")


def test_an_outcome_that_never_changes_is_said_so_without_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for design, n in (("latin_hypercube", 40), ("sobol", 40), ("morris", 39)):
            found = sensitivity(study(latin(n, 2), np.full((1, n), 0.3), design=design))
            assert found.indices == ()
            assert found.words() == [f"harm of policy_a is the same in all {n} futures: it does not depend on "
                                     "the parameters."]
            assert found.as_dict()["variance"]["noise_share"] == 0


def test_noise_alone_is_told_from_nothing():
    x = latin(200, 2)
    ds = study(x, np.zeros((1, 200)), noise=1.0)
    assert "no parameter has a clear effect" in sensitivity(ds).words()[0]


@pytest.mark.parametrize(("change", "message"), [
    ({"outcome": "harmm"}, 'this study has no outcome "harmm"; did you mean harm?'),
    ({"policy": "zzz"}, 'this study has no policy "zzz"; allowed: policy_a'),
])
def test_names_that_are_not_there(change, message):
    with pytest.raises(StudyError) as caught:
        sensitivity(study(latin(40, 2), np.ones((1, 40))), **change)
    assert str(caught.value) == message


@pytest.mark.parametrize(("design", "n", "message"), [
    ("sobol", 41, "41 futures are not those of a Sobol design of 2 parameters"),
    ("morris", 41, "41 futures are not those of a Morris design of 2 parameters"),
    ("latin_hypercube", 12, "12 futures are too few"),
])
def test_futures_that_are_not_of_the_design(design, n, message):
    x = latin(n, 2)
    with pytest.raises(StudyError, match=message):
        sensitivity(study(x, x[:, :1].T, design=design))


def test_what_too_few_futures_leave_open_is_said():
    vague = Index("luck", Interval(0.5, -0.2, 1.2), Interval(0.48, 0.0, 1.27))
    clear = Index("lift", Interval(0.02, 0.01, 0.03), Interval(0.024, 0.004, 0.044))
    goal = Goal("harm", "low", "mean", None, "number", "persons")
    found = Sensitivity(goal, "slow", "sobol", 64, (vague, clear), Spread(1.0, 0.0, 1.0))
    assert found.words()[0] == (
        "harm of slow: depends on lift (2.4 % of the variance with its interactions); perhaps more on luck (48 % "
        "of the variance with its interactions), but with so few futures that could be noise.")


def test_shares_that_cannot_be_are_said_to_come_of_too_few_futures():
    def words(*shares):
        indices = tuple(Index(f"u{i}", Interval(share, share - 0.3, share + 0.3)) for i, share in enumerate(shares))
        goal = Goal("harm", "low", "mean", None, "number", "persons")
        return Sensitivity(goal, "slow", "latin_hypercube", 40, indices, Spread(1.0, 0.1, 1.0)).words()

    assert any(line.startswith("Too few futures: a share below 0 or above 100 %") for line in words(0.5, -0.02))
    assert any(line.startswith("Too few futures") for line in words(1.02))
    assert any(line.startswith("Too few futures") for line in words(0.6, 0.5))
    assert not any(line.startswith("Too few futures") for line in words(0.6, 0.3))


def test_of_one_future_nothing_can_be_said():
    (line,) = sensitivity(study(np.array([[0.5]]), [[3.0]])).words()
    assert line == "harm of policy_a: there is only one future, so nothing can be said about what it depends on."
