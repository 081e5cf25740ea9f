"""Attacks against what the theory of point processes says of them. Each statistical test has a fixed seed."""

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats
from worlds import HARMLESS, NO_COUPLINGS, START, day, leaving, model

from sim.clocks.reference import ReferenceClock, play
from sim.model.setup import Model
from sim.rules import state as codes

Z = 3.9  # a normal deviate beyond it has a chance of 1e-4


def place(rate: float, **more: Any) -> dict[str, Any]:
    return {"theatres": {"north": {"troops": 1000, "attacks_per_day": rate}}, "casualties": HARMLESS, **more}


def only(*couplings: str) -> dict[str, bool]:
    return NO_COUPLINGS | dict.fromkeys(couplings, True)


def counts(world: Model, replications: int, seed: int = 11) -> np.ndarray:
    return np.array([ReferenceClock(world, seed, i).play().attacks[0] for i in range(replications)])


def attack_days(world: Model, replications: int, seed: int = 11) -> np.ndarray:
    return np.array([record.time for i in range(replications) for record in play(world, seed, i)[2]
                     if record.what == codes.TOLD_ATTACK])


def test_background_alone_gives_poisson_counts() -> None:
    """Mean 0.3 x 100 = 30: dispersion test (two-sided, alpha 1e-4) and chi-square of the whole distribution (1e-4)."""
    sample = counts(model(100, **place(0.3, couplings=only())), 400)
    dispersion = ((sample - sample.mean()) ** 2).sum() / sample.mean()
    assert 5e-5 < stats.chi2(sample.size - 1).cdf(dispersion) < 1 - 5e-5
    edges = stats.poisson(30).ppf(np.linspace(0, 1, 11)[1:-1])
    observed = np.bincount(np.searchsorted(edges, sample), minlength=10)
    upto = np.concatenate([[0], stats.poisson(30).cdf(edges), [1]])
    assert stats.chisquare(observed, np.diff(upto) * sample.size).pvalue > 1e-4


def test_background_alone_falls_evenly_over_time() -> None:
    """Kolmogorov and Smirnov on the days of some 6,000 attacks, alpha 1e-4: over six blocks of the rain as in one."""
    days = attack_days(model(192, **place(0.3, couplings=only())), 100)
    assert stats.kstest(days / 192, "uniform").pvalue > 1e-4
    assert stats.kstest(days % 32 / 32, "uniform").pvalue > 1e-4


def hawkes_mean(mu: float, n: float, decay: float, days: float) -> float:
    """Mean count from an empty start: the rate rises from mu to mu / (1 - n) at speed (1 - n) / decay."""
    speed = (1 - n) / decay
    return mu / (1 - n) * (days - n / speed * (1 - math.exp(-speed * days)))


@pytest.mark.parametrize("n", [0.35, 0.7])
def test_contagion_multiplies_attacks_by_one_over_one_less_the_branching_ratio(n: float) -> None:
    """Mean with the edge at the start worked out (alpha 1e-4); variance over mean 1 / (1 - n)^2 in the long run.

    Variance: the sample's against a chi-square law, its kurtosis allowed for by a factor of 1.2 (alpha about 1e-4).
    """
    mu, decay, days, runs = 0.1, 2.0, 400, 300
    world = model(days, **place(mu, couplings=only("contagion"), attacks={"branching_ratio": n, "decay_days": decay}))
    sample = counts(world, runs)
    mean, variance = hawkes_mean(mu, n, decay, days), mu * days / (1 - n) ** 3
    assert abs(sample.mean() - mean) < Z * math.sqrt(variance / runs)
    assert 0.97 < mean / (mu * days / (1 - n)) < 1
    assert abs(sample.var(ddof=1) / variance - 1) < Z * math.sqrt(2 / runs) * 1.2


def test_recent_attacks_excite_at_the_start() -> None:
    """With no background to speak of: 30 attacks spread over the last 10 days leave offspring as worked out by hand.

    Excitation at the start is n x rate x (1 - e^(-10/decay)); each of its attacks has 1 / (1 - n) in its family.
    """
    n, decay, runs = 0.5, 5.0, 600
    world = model(200, **place(1e-9, couplings=only("contagion"), attacks={"branching_ratio": n, "decay_days": decay}),
                  history={"attacks": {"north": [{"date": day(-10), "total": 7}, {"date": START, "total": 37}]}})
    start = n * 30 / 10 * (1 - math.exp(-10 / decay))
    sample = counts(world, runs)
    first = start * decay
    # A Poisson number of Borel families, each with mean 1 / (1 - n) and second moment 1 / (1 - n)^3.
    assert abs(sample.mean() - first / (1 - n)) < Z * math.sqrt(first / (1 - n) ** 3 / runs)


def test_tension_gives_the_stationary_mix_of_regimes() -> None:
    """High a quarter of the time, five times the rate: mean rate 0.05 x (0.75 + 0.25 x 5).

    Alpha 1e-4 by the sample's sd. The low start, with spells of 10 and 30 days, is allowed for.
    """
    days, runs, high, low = 1500, 60, 10.0, 30.0
    world = model(days, **place(0.05, couplings=only("tension_to_attacks")), tension={
        "initial": "low", "high_multiplier": 5, "mean_high_days": high, "mean_low_days": low})
    states = [ReferenceClock(world, 3, i).play() for i in range(runs)]
    share, relax = high / (high + low), 1 / (1 / high + 1 / low)
    high_days = share * (days - relax)  # from a low start, e^(-days/relax) being nothing
    sample = np.array([s.attacks[0] for s in states])
    expected = 0.05 * (days + 4 * high_days)
    assert abs(sample.mean() - expected) < Z * sample.std(ddof=1) / math.sqrt(runs)
    spent = np.array([s.high_days for s in states])
    assert abs(spent.mean() - high_days) < Z * spent.std(ddof=1) / math.sqrt(runs)
    # Attacks on top of the background, one in two, are by politics.
    politics = sum(s.attacks_by_driver[codes.BY_POLITICS] for s in states)
    chance = 4 * high_days / (days + 4 * high_days)
    assert abs(politics / sample.sum() - chance) < 0.05
    assert sum(s.attacks_by_driver[codes.BY_CONTAGION] for s in states) == 0


@pytest.mark.parametrize("theatres", [[], ["north"], ["south"]])
def test_a_truce_stops_attacks_of_every_kind_where_it_holds(theatres: list[str]) -> None:
    """Contagion from before the truce included; elsewhere and afterwards they go on."""
    both = {name: {"troops": 1000, "attacks_per_day": 1.0} for name in ("north", "south")}
    world = model(90, theatres=both, casualties=HARMLESS, attacks={"branching_ratio": 0.5, "decay_days": 20},
                  suppressions={"truce": {"start": day(30), "end": day(60), "factor": 0, "theatres": theatres}})
    _, _, records = play(world, 1, 0)
    for k, name in enumerate(both):
        days = [r.time for r in records if r.what == codes.TOLD_ATTACK and r.where == k]
        during = [d for d in days if 30 <= d < 60]
        assert (during == []) == (name in (theatres or both))
        assert min(days) < 10
        assert max(days) > 80


def test_a_suppression_factor_thins_attacks() -> None:
    """Binomial test on the attacks in and after the truce, alpha 1e-4: rates 0.2 to 1 over equal times."""
    world = model(200, **place(0.5, couplings=only()), suppressions={
        "truce": {"start": START, "end": day(100), "factor": 0.2}})
    days = attack_days(world, 40)
    assert stats.binomtest(int((days < 100).sum()), days.size, 0.2 / 1.2).pvalue > 1e-4


@pytest.mark.parametrize("elasticity", [0.0, 0.5, 1.0])
def test_exposure_follows_the_troops_present(elasticity: float) -> None:
    """A quarter of the troops from day 100 on: the rate is (1/4)^elasticity of the first (binomial, alpha 1e-4)."""
    world = model(200, **place(0.5, couplings=only("presence_to_attacks")), attacks={"elasticity": elasticity},
                  phases={"cut": {"theatre": "north", "start": day(100), "target": 250, "over_days": 0}})
    days = attack_days(world, 40)
    share = 0.25**elasticity
    assert stats.binomtest(int((days >= 100).sum()), days.size, share / (1 + share)).pvalue > 1e-4


def test_where_nobody_is_left_nobody_is_attacked() -> None:
    world = model(200, **place(1.0, attacks={"branching_ratio": 0.9, "elasticity": 0}), closing={"spread": 0},
                  phases=leaving(over_days=60))
    days = attack_days(world, 5)
    assert 55 < days.max() < 60


def test_attacks_in_excess_of_the_background_are_told_as_driven_by_contagion() -> None:
    """Their mean is that of all less mu x T; alpha 1e-4 by the spread over runs."""
    mu, n, decay, days, runs = 0.2, 0.4, 2.0, 600, 60
    world = model(days, **place(mu, couplings=only("contagion"), attacks={"branching_ratio": n, "decay_days": decay}))
    states = [ReferenceClock(world, 2, i).play() for i in range(runs)]
    for driver, mean in ((codes.BY_BACKGROUND, mu * days), (codes.BY_POLITICS, 0),
                         (codes.BY_CONTAGION, hawkes_mean(mu, n, decay, days) - mu * days)):
        sample = np.array([s.attacks_by_driver[driver] for s in states])
        assert abs(sample.mean() - mean) <= Z * sample.std(ddof=1) / math.sqrt(runs)
