"""The follow-up: what is counted and read in it, worked out by hand; and how the four ways of asking are related."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import ALWAYS_FATAL, SURE, day, leaving, model

from rules.ledger import audit
from sim.model.catalogue import expand
from sim.model.setup import Model
from sim.rules.outcomes import ASKED_FOUR_WAYS, WAYS

# The threat rests at e^(1 - presence) times what it was, and gets there at its next tick; ticks are 7 days apart.
SUDDEN = {"noise": 0, "persistence": 0, "rests_today": 1, "rests_without": math.e}
STEADY = {"learning_per_year": 0, "loss_per_year": 0}
GONE_ON_15 = leaving(1, over_days=15, tranche_days=30)  # all but one of 1,000, at once
RISEN = math.exp(0.999)


def outcomes(world: Model, replication: int = 0) -> dict[str, float]:
    """Play a replication, checking its books; return its outcomes by name."""
    s, p, _ = audit(world, replication=replication)
    catalogue = expand(world)
    return dict(zip(catalogue.names, catalogue.measure(s, p), strict=True))


def threatened(follow_up_days: int) -> dict[str, float]:
    return outcomes(model(60, follow_up_days=follow_up_days, threat=SUDDEN | {"resurgence": 2}, capability=STEADY,
                          phases=GONE_ON_15))


@pytest.mark.parametrize(("follow_up_days", "ratio", "within"), [(5, 1.0, 0.0), (6, RISEN, 1.0), (30, RISEN, 1.0)])
def test_threat_and_resurgence_are_read_at_completion_and_at_the_end_of_the_follow_up(
    follow_up_days: int, ratio: float, within: float
) -> None:
    """Complete on day 15, after the tick of day 14; the next, on day 21, brings the resurgence."""
    read = threatened(follow_up_days)
    assert read["completion_day"] == 15
    assert read["resurgence_day"] == 21
    assert read["threat_ratio_handover"] == 1
    assert read["threat_ratio_follow_up"] == pytest.approx(ratio, rel=1e-12)
    assert read["followed_up"] == 1
    assert [read["resurgence" + way] for way in WAYS] == [0, within, within, 1]


def test_a_follow_up_that_the_horizon_cuts_short_counts_up_to_there() -> None:
    read = threatened(730)
    assert read["followed_up"] == 0
    assert read["threat_ratio_follow_up"] == pytest.approx(RISEN, rel=1e-12)
    assert [read["resurgence" + way] for way in WAYS] == [0, 1, 1, 1]


def test_a_drawdown_that_is_never_complete_runs_to_the_horizon() -> None:
    """Half of the troops leave, the other half would only after day 60; the threat rests at e^(1/2) from then on."""
    phases = leaving(500, over_days=15) | {"rest": {"theatre": "north", "start": day(100), "target": 0, "over_days": 9}}
    read = outcomes(model(60, follow_up_days=9, threat=SUDDEN | {"resurgence": 1.5}, capability=STEADY, phases=phases))
    assert (read["completed"], read["complete_at_end"], read["followed_up"]) == (0, 0, 0)
    assert [read["resurgence" + way] for way in WAYS] == [1, 0, 1, 1]
    assert read["threat_ratio_handover"] == read["threat_ratio_follow_up"] == pytest.approx(math.exp(0.5), rel=1e-12)


def test_a_return_undoes_completion_but_not_its_date() -> None:
    """Down to 200 on day 20; 300 come back from day 40 on."""
    phases = leaving(200, over_days=20) | {
        "back": {"theatre": "north", "start": day(40), "reinforce": True, "target": 500, "over_days": 7}}
    read = outcomes(model(100, phases=phases))
    assert (read["completion_day"], read["completed"], read["complete_at_end"]) == (20, 1, 0)
    assert read["troops_left"] == 500


def test_troops_that_no_plan_takes_away_are_said_to_be_left() -> None:
    """The south leaves only on a demand, which does not come: the plan is complete, and 400 troops are there."""
    theatres = {"north": {"troops": 1000}, "south": {"troops": 400}}
    phases = leaving(0, over_days=20) | {
        "south": {"theatre": "south", "after": "demand", "target": 0, "over_days": 30}}
    read = outcomes(model(100, theatres=theatres, phases=phases, pressure={"demand_on": day(300)}))
    assert (read["completed"], read["complete_at_end"]) == (1, 1)
    assert (read["troops_left.north"], read["troops_left.south"]) == (0, 400)


def test_attacks_and_exposure_of_those_who_stay_are_counted_in_the_follow_up() -> None:
    """300 stay from day 20 on: 300 x 50 troop-days; one attack a day on 1,000, so 0.3 a day on them."""
    world = model(200, follow_up_days=50, phases=leaving(300, over_days=20), attack_kinds=SURE,
                  theatres={"north": {"troops": 1000, "attacks_per_day": 1}},
                  attacks={"elasticity": 1, "branching_ratio": 0}, casualties={"harm_chance": 0})
    read = [outcomes(world, i) for i in range(20)]
    assert {each["troop_days_after"] for each in read} == {300 * 50}
    attacks = sum(each["attacks_after"] for each in read)
    assert abs(attacks - 300) < 3.9 * math.sqrt(300)  # Poisson with mean 20 x 50 x 0.3; alpha 1e-4


@given(follow_up_days=st.integers(1, 300), replication=st.integers(0, 10_000))
def test_by_the_end_of_the_follow_up_is_before_completion_or_in_the_follow_up(
    follow_up_days: int, replication: int
) -> None:
    world = model(400, follow_up_days=follow_up_days, phases=leaving(100, over_days=150), attack_kinds=SURE,
                  theatres={"north": {"troops": 1000, "attacks_per_day": 0.02}}, casualties=ALWAYS_FATAL,
                  threat={"resurgence": 1.2}, pressure={"demand_chance": 0.001}, response={})
    read = outcomes(world, replication)
    for event in ASKED_FOUR_WAYS:
        during, after, by_follow_up, by_horizon = (read[event + way] for way in WAYS)
        assert during + after == by_follow_up <= by_horizon
