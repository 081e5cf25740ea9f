"""Troops, sites, lift, money and time balance after every event, in hand-written and in invented scenarios."""

from typing import Any

import pytest
from examples import few_and_many
from hypothesis import strategies as st
from strategies import scenarios
from worlds import ALWAYS_FATAL, CERTAIN_CLOSING, CERTAIN_LIFT, START, SURE, day, leaving, model

from rules.ledger import audit
from sim.model.setup import set_up
from sim.rules import state as codes
from sim.scenario.load import ScenarioFile

SITES = {"one": {}, "two": {"weight": 2}, "hub": {"weight": 5, "hub": True}}
VIOLENT: dict[str, Any] = {
    "attack_kinds": SURE, "casualties": {**ALWAYS_FATAL, "fatal_chance": 0.5, "severity_exponent": 1.5}}
TWO = {"north": {"troops": 1000, "attacks_per_day": 0.2, "sites": SITES}, "south": {"troops": 600}}

WORLDS: dict[str, dict[str, Any]] = {
    "nothing planned": {"theatres": TWO},
    "no attacks, no talks": {"phases": leaving(over_days=100)},
    "one site, violent": {
        "theatres": {"north": {"troops": 300, "attacks_per_day": 0.5}}, "phases": leaving(over_days=90), **VIOLENT},
    "a phase that never becomes due": {"phases": leaving(over_days=90, after="phases.later") | {
        "later": {"theatre": "north", "start": day(900), "target": 500, "over_days": 10}}},
    "two theatres share lift": {
        "theatres": TWO, "lift": {"per_week": 150}, **VIOLENT,
        "phases": leaving(over_days=60) | {"south": {"theatre": "south", "start": START, "target": 0, "per_week": 90}}},
    "reinforced after a resurgence": {
        "theatres": TWO, "lift": {}, "threat": {"resurgence": 1.05, "noise": 0.2},
        "phases": leaving(over_days=90, cancel_after="resurgence") | {
            "back": {"theatre": "north", "after": "resurgence", "reinforce": True, "target": 1500, "over_days": 30}}},
    "a demand to leave": {
        "theatres": TWO, "talks": {"first_round": START}, "working_groups": {"a": {}},
        "pressure": {"demand_on": day(80)},
        "phases": leaving(500, by=day(200), cancel_after="demand") | {
            "out": {"theatre": "north", "after": "demand", "target": 0, "over_days": 30}}},
    "sites shared by two phases": {
        "theatres": {"north": {"troops": 1000, "attacks_per_day": 0.3, "sites": SITES}}, **VIOLENT,
        "phases": leaving(over_days=150, sites=["one", "two"]) | {
            "all": {"theatre": "north", "start": day(60), "target": 50, "per_week": 200,
                    "cancel_after": "phases.leave"},
            "again": {"theatre": "north", "after": "phases.leave", "reinforce": True, "target": 800, "per_week": 400}}},
    "gathered, kept and closed in waves": {
        "theatres": {"north": {"troops": 1000, "attacks_per_day": 0.3, "sites": {
            "post": {"count": 4, "handover_on": day(30), "closing_days_per_100": 9},
            "hub": {"weight": 5, "hub": True}}}},
        **VIOLENT, "phases": leaving(sites=["post"], to=["hub"], over_days=90, at_once=2, hand_over="at_start") | {
            "down": {"theatre": "north", "after": "phases.leave", "keep": {"hub": 120, "post_2": 30}, "per_day": 9}}},
    "a phase is cancelled while its sites wait for a crew, and another closes them": {
        "theatres": {"north": {"troops": 1000, "sites": {f"s{i}": {"closing_days": 60} for i in range(6)}}},
        "closing": {"crews": 1}, "pressure": {"demand_on": day(40)},
        "phases": leaving(over_days=20, cancel_after="demand") | {
            "too": {"theatre": "north", "start": day(10), "target": 0, "over_days": 60}}},
    "everything at once": {
        "theatres": TWO, "lift": {}, "tension": {}, "response": {}, "pressure": {}, "threat": {},
        "talks": {"first_round": START, "suspended_until": day(14)}, "working_groups": {"a": {}, "b": {}}, **VIOLENT,
        "suppressions": {"truce": {"start": day(50), "end": day(57)}},
        "phases": leaving(over_days=90, hold_after_fatal_days=14, hold_when_suspended=True)},
}


@pytest.mark.parametrize("name", WORLDS)
def test_books_balance_after_every_event(name: str) -> None:
    world = model(300, **WORLDS[name])
    for replication in range(5):
        audit(world, 7, replication)


@few_and_many(40, 150, scenarios(), st.integers(0, 2**32))
def test_books_balance_in_any_scenario(file: ScenarioFile, seed: int) -> None:
    audit(set_up(file.scenario), seed, seed % 5)


def test_a_closed_site_that_is_opened_again_has_cost_its_closing_all_the_same() -> None:
    """A phase closes a small site; a reinforcement opens it again."""
    world = model(
        200, theatres={"north": {"troops": 1000, "sites": SITES}}, lift=CERTAIN_LIFT, closing=CERTAIN_CLOSING,
        cost={"fixed_per_day": 0, "per_troop_year": 0, "per_troop_moved": 0, "per_site_closed": 5},
        phases=leaving(0, over_days=40, sites=["one"]) | {
            "back": {"theatre": "north", "start": day(100), "sites": ["one"], "reinforce": True, "target": 50,
                     "over_days": 7}})
    s, _, records = audit(world)
    assert [r.time for r in records if r.what == codes.TOLD_SITE_CLOSED] == [40.0]
    assert s.sites_closed == [0]
    assert s.site[0] == codes.OPEN
    assert s.troops[0] == 50
    assert s.closings == 1
