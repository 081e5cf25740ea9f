"""What attacks do and what follows them, against the stated chances. Fixed seeds, alpha about 1e-4 each."""

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats
from worlds import NO_COUPLINGS, SURE, model

from sim.clocks.reference import ReferenceClock, play
from sim.rules import state as codes
from sim.rules.state import State

Z = 3.9
PLACE = {"north": {"troops": 2000, "attacks_per_day": 1.0}}


def many(replications: int, days: int = 300, **tables: Any) -> list[State]:
    world = model(days, **({"theatres": PLACE, "couplings": NO_COUPLINGS} | tables))
    return [ReferenceClock(world, 9, i).play() for i in range(replications)]


def total(states: list[State], what: str) -> int:
    return sum(sum(getattr(s, what)) for s in states)


def test_one_attack_in_so_many_gets_through_harms_and_kills() -> None:
    """Exact binomial tests: two kinds weighted 1 to 3."""
    states = many(40, attack_kinds={"drone": {"weight": 1, "gets_through": 0.8}, "rocket": {"weight": 3,
                                    "gets_through": 0.1}}, casualties={"harm_chance": 0.5, "fatal_chance": 0.3})
    attacks = total(states, "attacks")
    harmed = (1 * 0.8 + 3 * 0.1) / 4 * 0.5
    assert attacks > 10_000
    assert stats.binomtest(total(states, "harmful"), attacks, harmed).pvalue > 1e-4
    assert stats.binomtest(total(states, "fatal"), total(states, "harmful"), 0.3).pvalue > 1e-4


def test_expected_deaths_have_the_mean_of_the_deaths_and_a_fraction_of_their_spread() -> None:
    """Their difference has mean zero: tested by its own spread, with an exponent whose tail is not too heavy for it."""
    states = many(60, attack_kinds=SURE, casualties={"harm_chance": 0.5, "fatal_chance": 0.5, "severity_exponent": 4})
    killed = np.array([s.killed[0] for s in states])
    expected = np.array([s.expected_killed[0] for s in states])
    difference = killed - expected
    assert killed.sum() > 3000
    assert abs(difference.mean()) < Z * difference.std(ddof=1) / math.sqrt(difference.size)
    assert expected.std() < 0.7 * killed.std()


def test_deaths_in_a_fatal_attack_follow_the_power_law_cut_off_at_the_troops_there() -> None:
    """Chi-square over 1, 2, 3, 4-9 and 10 or more deaths; a site so large that its losses do not change the law."""
    large = {"north": {"troops": 4000, "attacks_per_day": 1.0, "sites": {"a": {}}}}
    world = model(300, theatres=large, couplings=NO_COUPLINGS, attack_kinds=SURE, casualties={
        "harm_chance": 1, "fatal_chance": 1, "severity_exponent": 2.5, "evacuated_share": 0})
    deaths = np.array([r.amount for i in range(20) for r in play(world, 2, i)[2] if r.what == codes.TOLD_HARM])
    k = np.arange(1, 4001, dtype=float)
    law = k**-2.5 / (k**-2.5).sum()
    ranges = [(0, 1), (1, 2), (2, 3), (3, 9), (9, 4000)]
    observed = [int(((deaths > low) & (deaths <= high)).sum()) for low, high in ranges]
    expected = [law[low:high].sum() * deaths.size for low, high in ranges]
    assert stats.chisquare(observed, expected).pvalue > 1e-4


def test_wounded_have_their_mean_and_late_diagnosis_its_factor() -> None:
    """First reports: geometric from 1 with mean 9; final over first: mean 2. By the spread over attacks."""
    states = many(30, attack_kinds=SURE, casualties={
        "harm_chance": 1, "fatal_chance": 0, "wounded_mean": 9, "late_factor": 2, "evacuated_share": 0})
    n = total(states, "harmful")
    first, final = total(states, "wounded_first"), total(states, "wounded_final")
    assert n > 5000
    assert abs(first / n - 9) < Z * math.sqrt(8 * 9 / n)
    assert abs((final - first) / n - 9) < Z * math.sqrt((9 + 72 + 81 + 72) / n)
    assert total(states, "killed") == 0


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_share_of_the_wounded_that_is_evacuated(share: float) -> None:
    """Rounded by chance, attack by attack: so on average exact, and never off by more than one an attack."""
    states = many(10, 100, attack_kinds=SURE, casualties={
        "harm_chance": 0.5, "fatal_chance": 0.1, "evacuated_share": share})
    wounded, evacuated, harmful = (total(states, what) for what in ("wounded_final", "evacuated", "harmful"))
    assert abs(evacuated - share * wounded) <= Z * math.sqrt(0.25 * harmful) * (0 < share < 1)
    assert total(states, "present") == 2000 * 10 - evacuated - total(states, "killed")


def test_an_attack_counts_as_mass_casualty_from_its_threshold_on() -> None:
    world = model(200, theatres=PLACE, attack_kinds=SURE, couplings=NO_COUPLINGS,
                  casualties={"harm_chance": 1, "fatal_chance": 0.2, "mass_casualty": 15})
    s, _, records = play(world, 1, 0)
    harmed = [(r.time, r.amount + r.detail) for r in records if r.what == codes.TOLD_HARM]
    mass = [time for time, casualties in harmed if casualties >= 15]
    assert s.mass_casualty == [len(mass)]
    assert 0 < len(mass) < len(harmed)
    assert s.milestone[codes.MASS_CASUALTY] == mass[0]


def test_attacks_fall_on_sites_by_troops_and_target_weight() -> None:
    """200 and 800 soldiers, the few worth twice as much to an attacker each: 400 to 800 (exact binomial test)."""
    sites = {"outpost": {"weight": 1, "target_weight": 2}, "hub": {"weight": 4, "hub": True}}
    world = model(300, theatres={"north": {"troops": 1000, "attacks_per_day": 1.0, "sites": sites}},
                  casualties={"harm_chance": 0}, couplings=NO_COUPLINGS)
    struck = [r.amount for i in range(10) for r in play(world, 1, i)[2] if r.what == codes.TOLD_ATTACK]
    assert stats.binomtest(struck.count(0), len(struck), 400 / 1200).pvalue > 1e-4


# Strikes

STRIKES = {"delay_days": 4, "delay_spread": 0, "drop": 0.5, "drop_days": 6, "rise": 0.4, "rise_days": 9}


def test_strikes_answer_as_often_as_stated() -> None:
    """One in ten of attacks far enough apart that none finds a strike already due (exact binomial test)."""
    states = many(40, 2000, theatres={"north": {"troops": 2000, "attacks_per_day": 0.05}},
                  couplings=NO_COUPLINGS | {"attacks_to_response": True}, casualties={"harm_chance": 0},
                  response={"chance_after_attack": 0.1, "delay_days": 0})
    assert stats.binomtest(total(states, "strikes"), total(states, "attacks"), 0.1).pvalue > 1e-4


def test_a_strike_comes_after_its_delay_lowers_the_background_and_then_raises_it() -> None:
    """Every strike is 4 days after an attack; at any time the background is what the last strike made of it."""
    world = model(400, theatres={"north": {"troops": 2000, "attacks_per_day": 0.1}}, casualties={"harm_chance": 0},
                  couplings=NO_COUPLINGS | {"attacks_to_response": True, "response_to_attacks": True},
                  response=STRIKES | {"chance_after_attack": 0.5})
    attacked: list[float] = []
    struck: list[float] = []
    seen = {0.05: 0, 0.1: 0, 0.14: 0}

    def note(record: Any) -> None:
        if record.what == codes.TOLD_ATTACK:
            attacked.append(record.time)
        if record.what == codes.TOLD_STRIKE:
            struck.append(record.time)
            assert record.time in [time + 4 for time in attacked]

    def observe(s: State, time: float) -> None:
        since = s.now - struck[-1] if struck else math.inf
        if since not in (0, 6, 15):  # at a change it depends on who has acted already
            background = 0.1 * (0.5 if since < 6 else 1.4 if since < 15 else 1)
            assert s.background[0] == pytest.approx(background)
            seen[round(background, 2)] += 1

    ReferenceClock(world, 2, 0, on_record=note).play(observe)
    assert min(seen.values()) > 0


def test_a_chain_of_tit_for_tat_is_counted_from_the_log() -> None:
    """A strike continues a chain when the attack behind it, four days before, came within 12 days of the last."""
    world = model(800, theatres={"north": {"troops": 2000, "attacks_per_day": 0.1}}, casualties={"harm_chance": 0},
                  response=STRIKES | {"chance_after_attack": 0.8, "chain_days": 12})
    s, _, records = play(world, 2, 0)
    longest = chain = 0
    last = -math.inf
    for record in records:
        if record.what == codes.TOLD_STRIKE:
            chain = chain + 1 if record.time - 4 - last <= 12 else 1
            assert record.amount == chain
            longest, last = max(longest, chain), record.time
    assert s.longest_chain == longest > 3
