"""Does the model, with its defaults, make the winter of 2023-24 look like a thing that can happen?

From 17 October 2023 to 12 February 2024 some 170 attacks were reported (Pentagon and named officials), none in the
truce of 24-30 November, next to none after a stop order and strikes in early February; one in about 170 was fatal.
The rates are those of high tension over the quieter years before. No attacks of the past are given.
"""

from datetime import date

import numpy as np
import pytest
from scipy import stats

from sim.clocks.reference import Record, play
from sim.model.setup import Model, set_up
from sim.rules import state as codes
from sim.scenario.load import from_dict

REPLICATIONS = 400
REPORTED = 170
START = date(2023, 10, 17)


def days_to(when: date) -> int:
    return (when - START).days


@pytest.fixture(scope="module")
def winter() -> Model:
    return set_up(from_dict({
        "start": START, "end": date(2024, 2, 11),
        "theatres": {"iraq": {"troops": 2500, "attacks_per_day": 0.031},
                     "syria": {"troops": 900, "attacks_per_day": 0.031}},
        "tension": {"initial": "high", "dated": {"still": {"date": date(2024, 2, 12), "state": "high"}}},
        "suppressions": {
            "truce": {"start": date(2023, 11, 24), "end": date(2023, 12, 1), "factor": 0.02},
            "stop_order": {"start": date(2024, 2, 4), "end": date(2024, 2, 12)}},
        "response": {},
    }).scenario)


@pytest.fixture(scope="module")
def futures(winter: Model) -> list[list[Record]]:
    return [play(winter, 1, i)[2] for i in range(REPLICATIONS)]


def attack_days(futures: list[list[Record]]) -> list[list[float]]:
    return [[r.time for r in records if r.what == codes.TOLD_ATTACK] for records in futures]


def test_the_reported_number_of_attacks_lies_well_inside(winter: Model, futures: list[list[Record]]) -> None:
    """Between the 15 % and the 85 % quantile of 118 days."""
    assert winter.parameters.horizon == 118
    totals = [len(days) for days in attack_days(futures)]
    low, high = np.quantile(totals, [0.15, 0.85])
    assert low < REPORTED < high


def test_next_to_no_attacks_fall_in_the_truce(futures: list[list[Record]]) -> None:
    """Half of the time none at all, and hardly ever more than two."""
    first, after = days_to(date(2023, 11, 24)), days_to(date(2023, 12, 1))
    truce = [sum(first <= day < after for day in days) for days in attack_days(futures)]
    assert np.median(truce) == 0
    assert np.quantile(truce, 0.98) <= 2
    assert np.mean([sum(first - 7 <= day < first for day in days) for days in attack_days(futures)]) > 5


def test_one_attack_in_about_170_is_fatal(futures: list[list[Record]]) -> None:
    """Exact 99.99 % interval from some 70,000 attacks, which is 0.5 % to 0.7 %."""
    attacks = sum(len(days) for days in attack_days(futures))
    fatal = sum(r.what == codes.TOLD_HARM and r.amount > 0 for records in futures for r in records)
    interval = stats.binomtest(fatal, attacks).proportion_ci(0.9999, method="exact")
    assert interval.low < 1 / REPORTED < interval.high
    assert interval.high - interval.low < 0.003


def test_about_one_attack_in_twenty_harms_somebody(futures: list[list[Record]]) -> None:
    attacks = sum(len(days) for days in attack_days(futures))
    harmful = sum(r.what == codes.TOLD_HARM for records in futures for r in records)
    assert 0.04 < harmful / attacks < 0.06


def test_strikes_answer_about_one_attack_in_fifteen(futures: list[list[Record]]) -> None:
    """Eleven strikes to some 170 attacks; within a factor of two."""
    strikes = sum(r.what == codes.TOLD_STRIKE for records in futures for r in records)
    attacks = sum(len(days) for days in attack_days(futures))
    assert 1 / 30 < strikes / attacks < 1 / 7.5


def test_deaths_of_fatal_attacks_have_a_severity_exponent_of_two_and_a_half(futures: list[list[Record]]) -> None:
    """Maximum likelihood for the discrete power law, unlimited; z beyond 3.9 has a chance of 1e-4."""
    deaths = np.array([r.amount for records in futures for r in records if r.what == codes.TOLD_HARM and r.amount > 0])
    k = np.arange(1, 100_000, dtype=float)
    law = k**-2.5 / (k**-2.5).sum()
    mean = law @ np.log(k)
    information = law @ np.log(k) ** 2 - mean**2
    z = (np.log(deaths).mean() - mean) / np.sqrt(information / deaths.size)
    assert deaths.size > 200
    assert abs(z) < 3.9
