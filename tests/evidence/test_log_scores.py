"""Log scores of forecasts: exact where there is a closed form, smooth elsewhere, and never a floor."""

import math

import numpy as np
import pytest
from scipy import stats

from evidence.processes import counted, events, excited_times
from sim.evidence.models import Excited, Scattered, Switching
from sim.evidence.simulate import scatter, simulate
from sim.evidence.stretches import steady

AT = np.array([10.0, 17]), np.array([17.0, 30])
CAME = np.array([0, 60])


def test_poisson_is_exact_however_unlikely_what_came() -> None:
    """No attack where 14 are expected has a chance of exp(-14), though no simulation of 500 has it."""
    model = Excited("a", "A", steady(events([], 30)), 2.0, False)
    played = simulate(model, np.full((500, 1), 2.0), 1, *AT)
    assert played.counts[:, 0].min() > 0
    assert played.log_chances(CAME) == pytest.approx([-14.0, stats.poisson(26).logpmf(60)])


def test_negative_binomial_is_exact_and_draws_are_averaged() -> None:
    model = Scattered("a", "A", steady(events([], 30)), 2.0)
    draws = np.array([[2.0, 0.5], [1.0, 0.1]])
    played = simulate(model, draws, 1, *AT)
    chances = [[stats.nbinom(1 / a, 1 / (1 + a * rate * days)).pmf(n) for rate, a in draws]
               for n, days in zip(CAME, (7, 13), strict=True)]
    assert played.log_chances(CAME) == pytest.approx(np.log(np.mean(chances, axis=1)))


def test_simple_rivals_are_exact() -> None:
    generator = np.random.default_rng(1)
    played = scatter(generator, np.full((100, 2), 9.0), np.zeros((100, 1)))
    assert played.log_chances(CAME) == pytest.approx(stats.poisson(9).logpmf(CAME))


@pytest.mark.exhaustive
@pytest.mark.parametrize("count", [0, 3, 9, 25])
def test_self_excited_agrees_with_its_likelihood(count: int) -> None:
    """The next interval after a record of counts: simulated here, and by the forward equation there."""
    model = Excited("a", "A", steady(events([], 21)), 1.0, True)
    values = np.array([0.5, 0.5, 3.0])
    past = counted([4, 9], [0, 7], [7, 14])
    longer = counted([4, 9, count], [0, 7, 14], [7, 14, 21])
    exact = model.tell(longer, values).log_likelihood - model.tell(past, values).log_likelihood
    played = simulate(model, np.tile(values, (4000, 1)), 1, np.array([14.0]), np.array([21.0]), past)
    assert played.log_chances(np.array([count]))[0] == pytest.approx(exact, abs=0.06)


@pytest.mark.exhaustive
@pytest.mark.parametrize("count", [0, 2, 20, 45])
def test_a_switching_rate_agrees_with_its_likelihood(count: int) -> None:
    model = Switching(1.0, 21.0)
    values = np.array([0.2, 12.0, 10.0, 6.0])
    past = counted([1, 3], [0, 7], [7, 14])
    longer = counted([1, 3, count], [0, 7, 14], [7, 14, 21])
    exact = model.tell(longer, values).log_likelihood - model.tell(past, values).log_likelihood
    played = simulate(model, np.tile(values, (20_000, 1)), 1, np.array([14.0]), np.array([21.0]), past)
    assert played.log_chances(np.array([count]))[0] == pytest.approx(exact, abs=0.1)


@pytest.mark.exhaustive
def test_excitation_at_the_beginning_of_each_interval_is_that_of_all_attacks_before() -> None:
    """Mean and variance of the count given it, averaged over simulations, are those of the counts simulated."""
    record = events(excited_times(1, 0.4, 0.6, 4.0, 60), 60)
    model = Excited("a", "A", steady(record, 90.0), 1.0, True)
    starts, ends = np.array([60.0, 70, 83]), np.array([66.0, 80, 90])
    played = simulate(model, np.tile([0.4, 0.6, 4.0], (20_000, 1)), 2, starts, ends, record)
    error = played.counts.std(axis=0) / math.sqrt(len(played.counts))
    assert (np.abs(played.counts.mean(axis=0) - played.means.mean(axis=0)) < 4 * error).all()
    total = played.variances.mean(axis=0) + played.means.var(axis=0)
    assert played.counts.var(axis=0) / total == pytest.approx(1.0, abs=0.06)
