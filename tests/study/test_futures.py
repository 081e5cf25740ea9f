"""Designs of futures: where their points lie, and what becomes of them."""

import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from SALib.sample import morris, sobol

from sim.scenario.fields import Discrete, Lognormal, Normal, Triangular, Uniform
from sim.study.errors import StudyError
from sim.study.futures import futures_of, shares_of
from sim.study.study import Design, Factor, Study

UNIFORM = Uniform(dist="uniform", low=2.0, high=6.0)
TRIANGULAR = Triangular(dist="triangular", low=0.0, mode=0.3, high=1.0)
NORMAL = Normal(dist="normal", mean=0.5, sd=0.1, low=0.0, high=1.0)
LOGNORMAL = Lognormal(dist="lognormal", median=10.0, sigma=0.5, low=0.5, high=200.0)
KEYS = ("lift.per_week", "attacks.elasticity", "attacks.branching_ratio", "attacks.decay_days")


def factor(name, key, dist=None, values=()):
    return Factor(name, (key,), dist, values, "")


FOUR = tuple(factor(f"u{i}", key, dist)
             for i, (key, dist) in enumerate(zip(KEYS, (UNIFORM, TRIANGULAR, NORMAL, LOGNORMAL), strict=True)))


def study(factors, kind="latin_hypercube", points=100, seed=1):
    design = Design(kind, points, 20, 100, seed)
    return Study("asked", Path("asked.toml"), "", "", (), (), tuple(factors), (), design)


def test_a_latin_hypercube_has_one_point_in_each_share_of_each_uncertainty():
    shares = shares_of(study(FOUR).design, FOUR)
    assert shares.shape == (100, 4)
    assert (np.sort(np.floor(shares * 100), axis=0) == np.arange(100)[:, None]).all()
    assert not np.array_equal(shares, shares_of(study(FOUR, seed=2).design, FOUR))
    assert np.array_equal(shares, shares_of(study(FOUR).design, FOUR))


def test_values_have_the_moments_of_their_distributions():
    values = futures_of(study(FOUR, points=4000)).parameter
    assert values.mean(axis=0) == pytest.approx([4.0, 1.3 / 3, 0.5, 10 * math.exp(0.125)], rel=2e-3)
    sd = [4 / math.sqrt(12), math.sqrt((1 + 0.09 - 0.3) / 18), 0.1,
          10 * math.exp(0.125) * math.sqrt(math.expm1(0.25))]
    assert values.std(axis=0) == pytest.approx(sd, rel=5e-3)
    assert np.abs(np.corrcoef(values.T) - np.eye(4)).max() < 0.05


def test_a_discrete_distribution_keeps_its_weights():
    dist = Discrete(dist="discrete", values=[1.0, 2.0, 5.0], weights=[1, 2, 7])
    values = futures_of(study([factor("a", KEYS[0], dist)], points=1000)).parameter[:, 0]
    assert [(values == value).sum() for value in (1.0, 2.0, 5.0)] == [100, 200, 700]


def test_a_sobol_sample_is_salibs():
    cube = {"num_vars": 4, "names": ["u0", "u1", "u2", "u3"], "bounds": [[0, 1]] * 4}
    expected = sobol.sample(cube, 16, calc_second_order=False, seed=7)
    made = study(FOUR, "sobol", 16, 7)
    assert np.array_equal(shares_of(made.design, FOUR), expected)
    parameter = futures_of(made).parameter
    assert parameter.shape == (16 * 6, 4)
    assert parameter[:, 0] == pytest.approx(2 + 4 * expected[:, 0])
    a, a_b = parameter[0], parameter[1]  # the first point, and the same with the first coordinate of B
    assert a[0] != a_b[0]
    assert (a[1:] == a_b[1:]).all()


def test_a_morris_sample_is_salibs_and_changes_one_uncertainty_at_a_time():
    cube = {"num_vars": 4, "names": ["u0", "u1", "u2", "u3"], "bounds": [[0, 1]] * 4}
    made = study(FOUR, "morris", 5, 7)
    assert np.array_equal(shares_of(made.design, FOUR), morris.sample(cube, 5, num_levels=4, seed=7))
    steps = np.diff(futures_of(made).parameter.reshape(5, 5, 4), axis=1) != 0
    assert (steps.sum(axis=2) == 1).all()
    assert (steps.sum(axis=1) == 1).all()


def test_a_grid_goes_from_end_to_end_and_takes_every_combination():
    factors = [factor("a", KEYS[0], UNIFORM), factor("b", KEYS[1], None, (0.1, 0.7))]
    made = futures_of(study(factors, "grid", 3))
    assert made.parameter.tolist() == [[2, 0.1], [2, 0.7], [4, 0.1], [4, 0.7], [6, 0.1], [6, 0.7]]
    assert made.numbers(3) == {"lift.per_week": 4.0, "attacks.elasticity": 0.7}


def test_listed_values_have_equal_shares_and_those_that_are_no_numbers_stand_for_their_place():
    factors = [factor("a", KEYS[1], None, (0.1, 0.2, 0.9)), factor("b", "couplings.contagion", None, (True, False)),
               factor("c", "follow_up_days", None, (1, 2, 4)), factor("d", "closing.crews", None, (1, 3))]
    made = futures_of(study(factors, points=600))
    a, b, c, d = made.parameter.T
    assert [(a == value).sum() for value in (0.1, 0.2, 0.9)] == [200, 200, 200]
    assert [(b == place).sum() for place in (0, 1)] == [300, 300]
    assert [(c == value).sum() for value in (1, 2, 4)] == [200, 200, 200]
    assert (made.variant == b * 3 + np.searchsorted([1, 2, 4], c)).all()
    assert [(d == value).sum() for value in (1, 3)] == [300, 300]
    assert made.numbers(0) == {KEYS[1]: a[0], "closing.crews": d[0]}


@pytest.mark.parametrize("kind", ["sobol", "morris"])
def test_a_missing_package_is_named_with_its_cure(kind, monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    with pytest.raises(StudyError) as caught:
        futures_of(study(FOUR, kind, 8))
    assert str(caught.value) == ("this needs SALib, which is missing or does not work: "
                                 "pip install 'drawdown-sim[explore]'")


def test_keys_that_move_together_have_the_same_value():
    both = replace(FOUR[0], keys=("theatres.north.troops", "theatres.south.troops"))
    made = futures_of(study([both], points=3))
    assert made.numbers(1) == dict.fromkeys(both.keys, made.parameter[1, 0])


def test_without_uncertainties_there_is_one_future():
    made = futures_of(study([]))
    assert (len(made), made.parameter.shape, made.numbers(0)) == (1, (1, 0), {})
