"""Trends: found again in made-up series, whatever their levels; priors by hand; shipped ranges follow from them."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.evidence import trends
from sim.evidence.conduct import Attacks, isis_attacks
from sim.evidence.trends import EFFECT, STAYED, SWING, Trend
from sim.scenario.load import load

AT_START = date(2024, 2, 12)


def year(series: str, when: int, attacks: int) -> Attacks:
    return Attacks(series, "somewhere", date(when, 1, 1), date(when, 12, 31), attacks, "read", (), "")


def made(slope: float, levels: dict[str, float], noise: float = 0.0, seed: int = 0) -> list[Attacks]:
    """Eight years of each series."""
    chance = np.random.default_rng(seed)
    return [year(name, 2010 + i, round(level * math.exp(slope * i + noise * chance.standard_normal())))
            for name, level in levels.items() for i in range(8)]


def test_a_trend_is_found_whatever_the_levels_of_the_series() -> None:
    for levels in ({"a": 1e6}, {"a": 1e6, "b": 1e8, "c": 1e5}):
        found = trends.trend(made(-0.3, levels))
        assert found.per_year == pytest.approx(-0.3, abs=1e-3)
        assert (found.counts, found.series) == (8 * len(levels), len(levels))
        assert found.scatter < 0.01


def test_a_series_with_one_count_says_nothing() -> None:
    several = made(0.2, {"a": 1e6, "b": 1e5}, 0.1)
    assert trends.trend([*several, year("c", 2000, 3)]) == trends.trend(several)


def test_the_error_of_a_trend_is_as_far_as_estimates_scatter() -> None:
    """A thousand made-up records: the mean squared error is the mean of the squared errors stated (within 15 %)."""
    found = [trends.trend(made(-0.3, {"a": 1e6, "b": 1e8}, 0.4, seed)) for seed in range(1000)]
    scattered = np.mean([(one.per_year + 0.3) ** 2 for one in found])
    assert scattered == pytest.approx(np.mean([one.error**2 for one in found]), rel=0.15)
    assert math.sqrt(np.mean([one.scatter**2 for one in found])) == pytest.approx(0.4, rel=0.03)


def test_half_a_year_counts_as_half_a_year() -> None:
    whole = [year("a", 2010, 400), year("a", 2011, 200)]
    half = [whole[0], replace(whole[1], end=date(2011, 6, 30), attacks=100)]
    assert trends.line(whole) == pytest.approx(-math.log(2), rel=1e-3)
    assert trends.line(half) == pytest.approx(-math.log(2) / 0.75, rel=0.02)


def test_what_is_ahead_lies_between_the_past_and_nothing() -> None:
    certain = trends.ahead(Trend(-0.4, 0.0, 0.1, 9, 1))
    assert (certain.middle, certain.spread) == (pytest.approx(-0.2), pytest.approx(SWING / math.sqrt(2)))
    unknown = trends.ahead(Trend(-0.4, 1e6, 0.1, 9, 1))
    assert (unknown.middle, unknown.spread) == (pytest.approx(0, abs=1e-9), pytest.approx(SWING))


def test_the_halving_by_hand() -> None:
    past = Trend(-0.3, 0.1, 0.5, 9, 1)
    attacks = [replace(year("CTC", when, n), area="Iraq") for when, n in ((2018, 100), (2019, 100), (2021, 80))]
    seen = trends.halving([*attacks, year("other", 2021, 5)], past)
    gone = 1 - STAYED
    assert seen.middle == pytest.approx((math.log(0.8) + 0.3 * 2.5) / gone, rel=1e-3)
    assert seen.spread == pytest.approx(0.5 * math.sqrt(1.5) / gone)
    silent = replace(past, scatter=1e6)
    without = trends.rests_without(attacks, replace(silent, per_year=0))
    assert without.middle == pytest.approx(1, abs=1e-6)
    assert math.sqrt(without.spread**2 - 1e12) == pytest.approx(EFFECT, abs=0.1)


def test_nothing_later_than_the_start_of_the_scenarios_is_used() -> None:
    known = trends.known_on(AT_START, isis_attacks())
    assert max(one.end for one in known) == date(2023, 12, 31)
    assert len(known) == len(isis_attacks()) - 1


def test_the_shipped_ranges_are_those_computed_rounded() -> None:
    scenario = load("baseline").scenario
    attacks, past = trends.of_isis(AT_START)
    threat = scenario.threat
    quiet = trends.ahead(trends.trend(trends.coalition_attacks()))
    shipped = [(threat.trend_per_year.mean, threat.trend_per_year.sd),
               (threat.rests_today.median, threat.rests_today.sigma),
               (threat.rests_without.median, threat.rests_without.sigma)]
    shipped += [(place.attacks_trend_per_year.mean, place.attacks_trend_per_year.sd)
                for place in scenario.theatres.values()]
    computed = [trends.ahead(past), trends.rests_today(past), trends.rests_without(attacks, past), quiet, quiet]
    for (middle, spread), prior in zip(shipped, computed, strict=True):
        assert middle == pytest.approx(prior.middle, abs=0.01)
        assert spread == pytest.approx(prior.spread, abs=0.01)
