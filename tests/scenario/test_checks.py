"""What the cross-checks must let pass, at the edge of what they refuse (which tests/invalid shows)."""

from datetime import date
from typing import Any

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import from_dict

START = date(2024, 2, 12)


def scenario(**tables: Any) -> dict[str, Any]:
    return {"start": START, "end": date(2027, 12, 31), "theatres": {"iraq": {"troops": 2500}}, **tables}


def phase(**keys: Any) -> dict[str, Any]:
    return {"theatre": "iraq", "target": 0, "over_days": 90, **keys}


def messages(data: dict[str, Any]) -> list[str]:
    try:
        from_dict(data)
    except ScenarioError as error:
        return [f"{problem.key}: {problem.message}" for problem in error.problems]
    return []


def test_a_target_may_be_all_that_the_sites_hold() -> None:
    data = scenario(phases={"out": phase(start=START, sites=["a"], target=834)})
    data["theatres"]["iraq"]["sites"] = {"a": {}, "b": {}, "c": {}}
    assert messages(data) == []  # 833 and a third, and troops are whole
    data["phases"]["out"]["target"] = 835
    assert messages(data) == ["phases.out.target: is above the strength of the phase's sites in iraq; "
                              "must be at most 834, not 835, unless reinforce = true"]


def test_sites_elsewhere_count_with_the_least_that_they_may_hold() -> None:
    data = scenario(phases={"out": phase(start=START, sites=["a"], target=1250)})
    data["theatres"]["iraq"]["sites"] = {"a": {}, "b": {"weight": {"dist": "uniform", "low": 1, "high": 3}}}
    assert messages(data) == []  # half of 2,500, when b weighs as little as a
    data["phases"]["out"]["target"] = 1251
    assert messages(data) == ["phases.out.target: is above the strength of the phase's sites in iraq; "
                              "must be at most 1,250, not 1,251, unless reinforce = true"]


def test_after_a_surge_more_may_stay_than_were_there() -> None:
    phases = {"out": phase(start=START, target=500), "surge": phase(after="phases.out", target=4000, reinforce=True),
              "down": phase(after="phases.surge", start=date(2025, 1, 1), target=3000)}
    assert messages(scenario(phases=phases)) == []
    phases["down"]["target"] = 6501
    assert messages(scenario(phases=phases)) == [
        "phases.down.target: is above the strength of iraq; must be at most 6,500, not 6,501, unless reinforce = true"]


@pytest.mark.parametrize("key", ["after", "cancel_after"])
def test_a_higher_target_later_is_fine_when_the_order_is_not_sure(key: str) -> None:
    talks = {"talks": {"first_round": START, "agreement_on": date(2024, 6, 1)}}
    first = phase(start=date(2024, 3, 1), target=500)
    later = phase(start=date(2025, 1, 1), target=1000)
    refused = ["phases.later.target: is above the target of the earlier phase first; must be at most 500, not 1,000, "
               "unless reinforce = true"]
    assert messages(scenario(phases={"first": first, "later": later}, **talks)) == refused
    assert messages(scenario(phases={"first": {**first, key: "agreement"}, "later": later}, **talks)) == []


def test_phases_at_different_sites_have_targets_of_their_own() -> None:
    data = scenario(phases={"a": phase(start=START, sites=["a"], target=0),
                            "b": phase(after="phases.a", sites=["b"], target=1000)})
    data["theatres"]["iraq"]["sites"] = {"a": {}, "b": {}}
    assert messages(data) == []


def test_dates_at_the_edge_of_the_run() -> None:
    assert messages(scenario(
        end=date(2064, 2, 12), deadline=date(2064, 2, 12),
        phases={"out": {"theatre": "iraq", "target": 0, "start": START, "by": date(2024, 2, 13)}},
        talks={"first_round": START, "suspended_until": START, "agreement_on": START}, pressure={"demand_on": START},
        history={"attacks": {"iraq": [{"date": START, "total": 3}]},
                 "milestones": {"now": {"date": START, "text": "Talks resume"}}},
    )) == []
    assert messages(scenario(deadline=START)) == [
        "deadline: must be within the run, 2024-02-12 to 2027-12-31, not 2024-02-12"]


def test_attacks_may_reach_five_hundred_a_day_and_no_more() -> None:
    data = scenario(tension={"high_multiplier": 8}, attacks={"branching_ratio": 0.5})
    data["theatres"]["iraq"]["attacks_per_day"] = 31.25
    assert messages(data) == []
    data["theatres"]["iraq"]["attacks_per_day"] = 31.5
    assert messages(data) == [
        "theatres.iraq.attacks_per_day: attacks could reach 504 a day: 31.5 x 8 (tension.high_multiplier) x 2 "
        "(contagion, 1 / (1 - attacks.branching_ratio)); must stay at or below 500 a day, so lower one of these"]
    for switch in ("tension_to_attacks", "contagion"):
        assert messages({**data, "couplings": {switch: False}}) == []


@pytest.mark.parametrize(("factor", "switch"), [
    ("talks_stalled", "talks_to_attacks"), ("talks_suspended", "talks_to_attacks"),
    ("timeline_kept", "timeline_to_attacks"), ("timeline_slipping", "timeline_to_attacks"),
])
def test_a_factor_counts_while_its_own_coupling_is_on(factor: str, switch: str) -> None:
    other = ({"talks_to_attacks", "timeline_to_attacks"} - {switch}).pop()
    data = scenario(talks={"first_round": START}, attacks={factor: 9}, couplings={"contagion": False, other: False})
    data["theatres"]["iraq"]["attacks_per_day"] = 56
    assert messages(data) == [
        f"theatres.iraq.attacks_per_day: attacks could reach 504 a day: 56 x 9 (attacks.{factor}); must stay at or "
        "below 500 a day, so lower one of these"]
    data["couplings"][switch] = False
    assert messages(data) == []


def test_a_surge_counts_with_the_strongest_effect_of_presence_that_is_possible() -> None:
    surge = phase(start=START, target=2500, reinforce=True)
    data = scenario(phases={"surge": surge}, tension={"high_multiplier": 5}, couplings={"contagion": False},
                    attacks={"elasticity": {"dist": "uniform", "low": 0, "high": 1}})
    data["theatres"]["iraq"]["attacks_per_day"] = 50.4
    assert messages(data) == [
        "theatres.iraq.attacks_per_day: attacks could reach 504 a day: 50.4 x 5 (tension.high_multiplier) x 2 "
        "(reinforcement); must stay at or below 500 a day, so lower one of these"]


def test_milestones_that_a_switched_off_coupling_prevents_are_still_allowed() -> None:
    data = scenario(pressure={}, phases={"out": phase(after="demand")}, couplings={"pressure_to_demand": False})
    assert messages(data) == []


def test_a_phase_may_wait_for_one_in_a_circle_of_others_without_being_blamed() -> None:
    waits = {"a": "phases.b", "b": "phases.c", "c": "phases.b"}
    found = messages(scenario(phases={name: phase(after=after) for name, after in waits.items()}))
    assert found == ["phases.b.after: phases wait for one another in a circle (b -> c -> b); one of them must wait for "
                     "something else"]
