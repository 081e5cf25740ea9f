"""What a scenario holds fixed though nobody has measured it: the shipped scenarios nothing, a user's file a list."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.fields import Distribution, Lognormal, extremes
from sim.scenario.held import PLAN, Held, held_fixed
from sim.scenario.keys import dotted, general, is_weight, look_up, spot_at, undotted, values
from sim.scenario.load import from_dict, load
from sim.scenario.resolve import resolve_text, toml

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(ROOT.glob("scenarios/*.toml"))
STARTER = ROOT / "sim" / "scenario" / "starter.toml"
OWN_RANGES = {"attack_kinds.NAME.gets_through", "theatres.NAME.sites.NAME.garrison",
              "theatres.NAME.sites.NAME.closing_days"}
"""Numbers whose range in the schema is that of any kind of attack, or of a small site."""
REPORTED = ("article", "reported")

UNIFORM = {"dist": "uniform", "low": 0.3, "high": 0.4}
QUIET: dict[str, Any] = {
    "start": date(2024, 2, 12), "end": date(2025, 2, 12), "theatres": {"north": {"troops": 900}},
    "sources": {"theatres.north.troops": "reported: about 900"}}


def held(**tables: Any) -> dict[str, Held]:
    """Return what a scenario of one theatre holds fixed, by key; tables replace those of `QUIET`."""
    return {number.key: number for number in held_fixed(from_dict(QUIET | tables))}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_draws_everything_assumed_or_estimated(path: Path) -> None:
    assert held_fixed(load(path)) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_draws_from_at_least_the_stated_range(path: Path) -> None:
    file = load(path)
    drawn = 0
    for where, value in values(file.scenario):
        spot = spot_at(where)
        if spot is None or spot.numeric is None or where[0] == PLAN or file.origins[dotted(where)].mark in REPORTED:
            continue
        if isinstance(value, Distribution) and spot.span and general(where) not in OWN_RANGES:
            low, high = extremes(value)
            assert (low <= spot.span[0], high >= spot.span[1]) == (True, True), dotted(where)
            drawn += 1
    assert drawn > 60


def test_lethality_is_drawn_from_the_whole_interval_that_one_event_in_170_allows() -> None:
    """Clopper and Pearson: 0.015 to 3.2 % of attacks are fatal, at 5 % that do harm."""
    chance = load("gradual").scenario.casualties.fatal_chance
    assert isinstance(chance, Lognormal)
    assert [0.05 * end for end in extremes(chance)] == pytest.approx([0.000149, 0.0323], rel=0.02)
    assert 0.05 * chance.median == pytest.approx(1 / 170, rel=0.03)


def test_weights_are_drawn_from_half_to_twice_but_for_one_that_is_their_unit() -> None:
    alike: dict[Any, list[Any]] = {}
    for path, value in values(load("gradual").scenario):
        if is_weight(path) and path[0] != "sources" and value != 0:
            alike.setdefault((*path[:-2], path[-1]), []).append(value)
    assert {"attack_kinds", "theatres"} == {path[0] for path in alike}
    for weights in alike.values():
        fixed = [value for value in weights if not isinstance(value, Distribution)]
        assert len(fixed) == 1
        assert all(value.low * 4 == value.mode * 2 == value.high for value in weights if value not in fixed)


def test_what_is_left_fixed_is_listed_with_its_mark_and_range() -> None:
    assert list(held().values()) == [
        Held("theatres.north.true_over_reported", 1.0, "assumed", (1, 2.3)),
        Held("theatres.north.sites.main.garrison", 25.0, "assumed", (10, 60)),
        Held("theatres.north.sites.main.closing_days", 14.0, "assumed", (7, 30)),
        Held("closing.spread", 0.3, "assumed", (0, 0.6))]


def test_estimates_count_and_what_is_reported_does_not() -> None:
    violent = held(theatres={"north": {"troops": 900, "attacks_per_day": 0.03}})
    assert violent["casualties.fatal_chance"] == Held("casualties.fatal_chance", 0.118, "derived", (0.003, 0.65))
    assert violent["attacks.branching_ratio"].mark == "literature"
    assert violent["theatres.north.attacks_per_day"].mark == "assumed"
    assert "theatres.north.troops" not in violent
    assert held(sources={})["theatres.north.troops"] == Held("theatres.north.troops", 900.0, "assumed", None)
    talks = held(talks={"first_round": date(2024, 2, 12), "round_days": 30},
                 sources={"talks.round_days": "reported: every month"})
    assert "talks.suspension_days" in talks
    assert "talks.round_days" not in talks


def test_a_value_outside_the_range_of_the_schema_has_no_range() -> None:
    loud = held(theatres={"north": {"troops": 900, "attacks_per_day": 0.3}})
    assert loud["theatres.north.attacks_per_day"].span is None


def test_what_is_drawn_alone_or_together_is_not_held() -> None:
    north = {"north": {"troops": 900, "attacks_per_day": 0.03}}
    kept = held(theatres=north)
    drawn = held(theatres=north, attacks={"elasticity": UNIFORM}, joint={
        "fit": {"keys": ["attacks.branching_ratio", "attacks.decay_days"], "rows": [[0.3, 5.0], [0.4, 7.0]]}})
    assert kept.keys() - drawn.keys() == {"attacks.elasticity", "attacks.branching_ratio", "attacks.decay_days"}
    assert drawn.keys() <= kept.keys()


def test_choices_of_the_plan_and_what_has_no_effect_are_not_held() -> None:
    leaving = {"theatre": "north", "after": "demand", "target": 0, "over_days": 90, "hold_after_fatal_days": 30}
    quiet = held(phases={"out": leaving}, pressure={"demand_on": date(2024, 6, 1)}, closing={"crews": 3})
    assert not {key for key in quiet if key.startswith(("phases", "closing.crews", "attacks", "casualties"))}
    assert not {key for key in held() if key.startswith("capability")}
    assert "capability.floor" in held(threat={})


def test_one_of_several_weights_is_the_unit() -> None:
    def weights(**sites: Any) -> set[str]:
        found = held(theatres={"north": {"troops": 900, "sites": sites}})
        return {key for key in found if key.endswith(".weight")}

    drawn = {"dist": "uniform", "low": 1, "high": 4}
    assert weights(a={"weight": 2}) == set()
    assert weights(a={"weight": 2}, b={"weight": drawn}) == set()
    assert weights(a={"weight": 2}, b={"weight": 5}, c={"weight": drawn}) == {
        "theatres.north.sites.a.weight", "theatres.north.sites.b.weight"}


def test_resolve_marks_what_is_held_and_gives_a_distribution_to_draw_it_from() -> None:
    lines = resolve_text(load(STARTER)).splitlines()
    assert ("elasticity = 0.5  # default; assumed; no stable elasticity in Iraq 2004-09, to be scanned; held fixed, "
            'could be { dist = "uniform", low = 0, high = 1 }') in lines
    assert "weight = 4  # starter.toml:29; assumed; stated in starter.toml; held fixed" in lines
    assert sum("held fixed" in line for line in lines) == len(held_fixed(load(STARTER)))
    assert "held fixed" not in resolve_text(load("gradual"))


def test_a_number_drawn_as_resolve_proposes_is_held_no_longer() -> None:
    file = load(STARTER)
    offered = {}
    for number in held_fixed(file):
        (line,) = [line for line in _section(resolve_text(file), number.key)
                   if line.startswith(f"{undotted(number.key)[-1]} = ")]
        if found := re.search("could be ({.*})$", line):
            offered[number.key] = found[1]
    assert len(offered) > 60
    drawn = load(STARTER, [f"{key}={value}" for key, value in offered.items()])
    assert all(toml(look_up(drawn.scenario, undotted(key))) == value for key, value in offered.items())
    assert {number.key for number in held_fixed(drawn)} == {
        number.key for number in held_fixed(file) if number.span is None}


def _section(text: str, key: str) -> list[str]:
    """Return the lines of the table that a key is in."""
    table = dotted(undotted(key)[:-1])
    return text.split(f"\n[{table}]\n", 1)[1].split("\n\n", 1)[0].splitlines()
