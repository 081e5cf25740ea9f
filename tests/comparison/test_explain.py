"""Explanations of small scenarios: what each change and each coupling adds, and what is said about it."""

import json
import re
from typing import Any

import numpy as np
import pytest
from worlds import ALWAYS_FATAL, HARMLESS, NO_COUPLINGS, START, SURE, day, leaving

from sim.comparison import words
from sim.comparison.changes import ALL, change_text, differences, hybrid, parts_of, tables_of
from sim.comparison.compare import play_comparison, sides_of
from sim.comparison.couplings import _NEEDS, players, with_only
from sim.comparison.errors import ComparisonError
from sim.comparison.explain import explain
from sim.comparison.explanation import Explanation
from sim.model.setup import set_up
from sim.play.run import Means, Size, play_ensemble
from sim.scenario.load import ScenarioFile, from_dict, load
from sim.scenario.names import COUPLINGS
from sim.scenario.schema import Couplings

NORTH = {"north": {"troops": 1000, "attacks_per_day": 0.1}}
FAST = leaving(over_days=100)
ONLY_CONTAGION = {"couplings": NO_COUPLINGS | {"contagion": True}}


def world(name: str = "a", days: int = 300, **tables: Any) -> ScenarioFile:
    base: dict[str, Any] = {"start": START, "end": day(days - 1), "theatres": NORTH, "casualties": HARMLESS,
                            "phases": leaving(over_days=200)}
    return from_dict(base | tables, name)


def why(a: ScenarioFile, b: ScenarioFile, *outcomes: str, replications: int = 60, **more: Any) -> Explanation:
    return explain(a, b, outcomes, replications, workers=1, clock="simpy", **more)


def column(file: ScenarioFile, name: str, replications: int = 60) -> Any:
    """Play a scenario on its own, by another way."""
    model = set_up(file.scenario)
    played = play_ensemble(model, 1, Size(replications), Means(1, "simpy"), twins=False).work.columns.column(name)
    return np.minimum(played, model.parameters.horizon) if name.endswith("_day") else played


def shares_of(game: Any) -> dict[str, float]:
    return {share.name: share.share for share in game.shares}


def parts(a: ScenarioFile, b: ScenarioFile) -> tuple[dict[str, str], list[str]]:
    tables = tables_of(a.scenario), tables_of(b.scenario)
    parts_found, notes = parts_of(*tables)
    return {part.name: change_text(part, *tables) for part in parts_found}, notes


@pytest.mark.exhaustive
def test_one_change_does_it_all():
    """Only the pace matters to attacks: money does not, whatever it costs."""
    a, b = world(cost={}), world("b", phases=FAST, cost={"fixed_per_day": 9})
    outcome, money = why(a, b, "attacks_total", "cost_total").outcomes
    expected = column(b, "attacks_total") - column(a, "attacks_total")
    assert outcome.difference.share == pytest.approx(expected.mean())
    assert expected.mean() < -2
    assert shares_of(outcome.changes) == pytest.approx({"phases.leave.over_days": expected.mean(),
                                                        "cost.fixed_per_day": 0}, abs=1e-12)
    assert [share.is_seen for share in outcome.changes.shares] == [True, False]
    assert outcome.changes.shares[0].ci95 == pytest.approx(outcome.difference.ci95)
    between = column(world(phases=FAST, cost={}), "cost_total"), column(world(cost={"fixed_per_day": 9}), "cost_total")
    a_cost, b_cost = column(a, "cost_total"), column(b, "cost_total")
    pace = ((between[0] - a_cost) + (b_cost - between[1])).mean() / 2  # two players: the mean of both orders
    assert shares_of(money.changes)["phases.leave.over_days"] == pytest.approx(pace)
    assert sum(shares_of(money.changes).values()) == pytest.approx(money.difference.share, rel=1e-12)


@pytest.mark.exhaustive
def test_days_are_those_up_to_the_horizon():
    a, b = world(days=150), world("b", days=150, phases=FAST)
    (outcome,) = why(a, b, "completion_day").outcomes
    assert outcome.mean_a == 150
    assert outcome.mean_b == pytest.approx(column(b, "completion_day").mean())
    first = why(a, b, "completion_day").sentences()[0]
    assert "replications in which it has not happened by 29 May 2024 count as 29 May 2024" in first


@pytest.mark.exhaustive
def test_deaths_are_explained_by_the_mean_that_the_table_shows(tmp_path):
    """`killed` and `killed_expected` have one mean, estimated in one way in every text about a comparison."""
    deadly: dict[str, Any] = {"casualties": {"harm_chance": 1, "fatal_chance": 0.5}, "attack_kinds": SURE}
    a, b = world(**deadly), world("b", phases=FAST, **deadly)
    explanation = why(a, b, "killed", "killed.north", "killed_expected")
    killed, north, expected = explanation.outcomes
    assert expected.difference.share < 0
    comparison = play_comparison(sides_of([a, b]), 1, Size(60), Means(1, "simpy"), tmp_path)
    (entry,) = (entry for entry in comparison.differences["b"] if entry.outcome == "killed")
    means = [entry.base, entry.value]
    assert means == [comparison.means[name]["killed_expected"].mean for name in ("a", "b")]
    cells = {row[0]: row[1:] for row in words.side_by_side(comparison).rows}
    assert cells["Killed"] == cells["Expected deaths"]
    for outcome in explanation.outcomes:
        assert [outcome.mean_a, outcome.mean_b] == pytest.approx(means, rel=1e-12)
        assert outcome.difference.share == pytest.approx(entry.difference, rel=1e-12)
        assert sum(shares_of(outcome.changes).values()) == pytest.approx(entry.difference, rel=1e-12)
    assert column(a, "killed").mean() != pytest.approx(means[0], rel=1e-3)
    assert (killed.said, north.said) == ("Killed", "Killed (North)")
    assert explanation.notes == (
        "the means of killed are those of expected deaths, which average the same but vary less",
        "the means of killed (North) are those of expected deaths (North), which average the same but vary less")
    assert ("The means of killed are those of expected deaths, which average the same but vary less."
            in words.notes(comparison))


def test_scenarios_that_play_alike_have_nothing_to_explain():
    a = world()
    b = world("b", title="Another", sources={"start": "assumed: why not"}, phases={"leave": FAST["leave"] | {
        "over_days": 200, "label": "Another"}})
    explanation = why(a, b, "attacks_total")
    outcome = explanation.outcomes[0]
    assert outcome.difference.share == 0
    assert outcome.changes.shares == outcome.couplings.shares == ()
    assert explanation.sentences() == [
        "a and b do not differ in anything that is played, so there is no difference to explain."]


def test_contagion_multiplies_what_was_changed():
    """Twice the background: without contagion +30 attacks in 300 days, with a branching ratio of 1/2 nearly +60."""
    louder = {"north": {"troops": 1000, "attacks_per_day": 0.2}}
    calm = {"phases": {}, "attacks": {"branching_ratio": 0.5, "decay_days": 1}, **ONLY_CONTAGION}
    explanation = why(world(**calm), world("b", **(calm | {"theatres": louder})), "attacks_total", replications=200)
    (outcome,) = explanation.outcomes
    assert list(shares_of(outcome.couplings)) == ["contagion"]
    assert outcome.direct.ci95[0] < 30 < outcome.direct.ci95[1]
    contagion = outcome.couplings.shares[0]
    assert contagion.ci95[0] < 30 < contagion.ci95[1]
    assert contagion.ci95[1] - contagion.ci95[0] < 12
    assert outcome.direct.share + contagion.share == pytest.approx(outcome.difference.share, rel=1e-12)
    changed, coupled = (re.sub(r"[\d.]*\d", "N", text) for text in explanation.sentences())
    assert changed == ("Attacks: b has N ± N attacks more than a (N against N). All of it comes from one change: "
                       '"attacks per day" of theatre North (N to N attacks per day).')
    assert coupled == ("Attacks, by coupling: with the coupling contagion off, b would have N ± N attacks more "
                       "than a: the direct effect. The difference is amplified by contagion (attacks set off attacks; "
                       "+N ± N).")


def test_a_coupling_that_one_scenario_has_off_is_a_change_too():
    a, b = world(**ONLY_CONTAGION), world("b", couplings=NO_COUPLINGS)
    (outcome,) = why(a, b, "attacks_total").outcomes
    assert list(shares_of(outcome.changes)) == ["couplings.contagion"]
    assert outcome.direct.share == 0
    assert shares_of(outcome.couplings) == pytest.approx({"contagion": outcome.difference.share})
    assert outcome.difference.share < -5


@pytest.mark.exhaustive
def test_both_games_add_up_when_couplings_are_many():
    busy: dict[str, Any] = {"talks": {"first_round": START}, "working_groups": {"a": {"work_days": 20}},
                            "casualties": ALWAYS_FATAL, "attack_kinds": SURE, "tension": {}, "response": {}}
    a, b = world(**busy), world("b", **(busy | {"phases": FAST}))
    explanation = why(a, b, "attacks_total", "killed_expected.north", "completion_day", replications=12)
    for outcome in explanation.outcomes:
        assert len(outcome.couplings.shares) == 8
        assert outcome.couplings.orders == 10 * 2 * 4
        assert outcome.changes.orders == 0
        assert sum(share.share for share in outcome.changes.shares) == pytest.approx(outcome.difference.share)
        shares = [share.share for share in outcome.couplings.shares]
        assert outcome.direct.share + sum(shares) == pytest.approx(outcome.difference.share, abs=1e-9)
        assert [abs(share) for share in shares] == sorted(map(abs, shares), reverse=True)
    assert "80 random orders" in explanation.sentences()[-1]
    assert json.loads(json.dumps(explanation.as_dict()))["outcomes"][0]["couplings"]["orders"] == 80


@pytest.mark.exhaustive
def test_the_same_bits_by_any_worker_and_clock():
    a, b = world(), world("b", phases=FAST)
    alone = explain(a, b, ["attacks_total"], 40, workers=1, clock="simpy")
    assert explain(a, b, ["attacks_total"], 40, workers=2, clock="compiled") == alone
    assert explain(a, b, ["attacks_total"], 40, seed=2, workers=1, clock="simpy") != alone


def test_it_tells_how_far_it_is():
    told: list[tuple[int, int]] = []
    why(world(), world("b", phases=FAST), "attacks_total", replications=5, progress=lambda *done: told.append(done))
    assert len(told) > 3
    assert told == sorted(told)
    assert {at_most for _, at_most in told} == {told[-1][0]}


# ---- What was changed


def test_single_values_are_the_finest_parts():
    a = world(cost={"fixed_per_day": 2})
    b = world("b", phases={"leave": FAST["leave"] | {"shape": "stepped", "label": "Out"}},
              cost={"fixed_per_day": {"dist": "uniform", "low": 1, "high": 3}}, threat={})
    parts_found, notes = parts(a, b)
    assert parts_found == {"phases.leave.over_days": "200 to 100 days", "phases.leave.shape": '"linear" to "stepped"',
                     "cost.fixed_per_day": "2 to 1–3 million USD per day", "threat": "added"}
    assert notes == []
    assert parts(b, a)[0]["threat"] == "removed"


def test_many_values_are_taken_by_entry_and_by_table():
    more = {name: value / 10 for value, name in enumerate(("elasticity", "branching_ratio"), start=1)}
    kinds = {f"k{i}": {"gets_through": 0.1} for i in range(4)}
    a, b = world(attack_kinds=kinds), world("b", attack_kinds={name: {"gets_through": 0.2} for name in kinds},
                                            attacks=more, phases=FAST)
    assert parts(a, b) == ({"phases.leave.over_days": "200 to 100 days", "attacks": "2 changes",
                            **{f"attack_kinds.k{i}.gets_through": "0.1 to 0.2 probability" for i in range(4)}}, [])
    kinds |= {"k5": {"gets_through": 0.1}}
    a, b = world(attack_kinds=kinds), world("b", attack_kinds={name: {"gets_through": 0.2} for name in kinds},
                                            attacks=more, phases=FAST)
    assert parts(a, b)[0] == {"phases.leave.over_days": "200 to 100 days", "attacks": "2 changes",
                              "attack_kinds": "5 changes"}


def test_of_too_many_tables_the_least_changed_go_together():
    a = world(cost={})
    b = world("b", phases=FAST, threat={}, pressure={}, talks={"first_round": START}, lift={}, tension={}, response={},
              cost={"fixed_per_day": 1, "per_troop_year": 1})
    parts_found, _ = parts(a, b)
    assert len(parts_found) == 6
    assert parts_found["cost"] == "2 changes"
    assert sum("more" in name or " and " in name for name in parts_found) == 1


def test_values_that_need_each_other_are_one_part():
    """A phase has one pace: taking one away and giving another go together, in each theatre on its own."""
    two = {"theatres": {name: {"troops": 500} for name in ("north", "south")}}
    leave = {name: {"theatre": name, "start": START, "target": 0} for name in ("north", "south")}
    a = world(**two, phases={name: phase | {"over_days": 100} for name, phase in leave.items()})
    b = world("b", **two, phases={name: phase | {"per_week": 50} for name, phase in leave.items()})
    parts_found, notes = parts(a, b)
    assert list(parts_found) == [f"phases.{name}.over_days and phases.{name}.per_week" for name in ("north", "south")]
    assert notes == [
        f"phases.{name}.over_days and phases.{name}.per_week are taken together, since some of them without the others "
        "make no valid scenario (phases.north: has no pace)" for name in ("north", "south")]
    (outcome,) = why(a, b, "completion_day", replications=3).outcomes
    assert len(outcome.changes.shares) == 2
    assert sum(shares_of(outcome.changes).values()) == pytest.approx(outcome.difference.share)


def test_what_plays_the_same_role_is_not_taken_apart_by_chance():
    """Without any working group there is no agreement to wait for, whichever of them is the last to go."""
    talks: dict[str, Any] = {"talks": {"first_round": START}}
    groups = {name: {"work_days": 20} for name in ("x", "y")}
    a = world(**talks, working_groups=groups, phases={"leave": {"theatre": "north", "target": 0, "over_days": 9,
                                                                "after": "agreement"}}, cost={"fixed_per_day": 1})
    b = world("b", **talks, phases={}, cost={"fixed_per_day": 2})
    assert list(parts(a, b)[0]) == ["phases.leave, working_groups.x and working_groups.y", "cost.fixed_per_day"]
    alone, notes = parts(a, world("b", **talks, phases={}, cost={"fixed_per_day": 1}))
    assert alone == {ALL: "phases and working_groups"}
    assert "agreement cannot happen in this scenario" in notes[0]


def test_a_hybrid_must_measure_what_is_asked():
    """With one phase gone and the other not yet there, nothing can be completed."""
    other = {"go": FAST["leave"] | {"start": day(30)}}
    a, b = world(), world("b", phases=other)
    assert list(parts(a, b)[0]) == ["phases.leave", "phases.go"]
    explanation = why(a, b, "completion_day", replications=3)
    assert list(shares_of(explanation.outcomes[0].changes)) == ["phases"]
    assert explanation.notes == (
        "phases are taken together, since some of them without the others make no valid scenario (not all of the "
        "outcomes are measured in it)",)


@pytest.mark.parametrize("pair", [("gradual", "fast"), ("status_quo", "truce"), ("announced_2024", "conditions_based")])
def test_a_hybrid_of_all_differences_is_the_other_scenario(pair):
    a, b = (tables_of(load(f"scenarios/{name}.toml").scenario) for name in pair)
    made = tables_of(from_dict(hybrid(a, b, differences(a, b))).scenario)
    assert made == b
    assert list(differences(made, b)) == []


def test_sites_in_another_order_close_in_another_order():
    sites: dict[str, Any] = {"x": {}, "y": {"garrison": 50}}
    turned = {name: sites[name] for name in reversed(sites)}
    a, b = (world(theatres={"north": {"troops": 1000, "sites": order}}) for order in (sites, turned))
    assert parts(a, b) == ({"order of entries": ""}, [])
    assert parts(a, a) == ({}, [])


# ---- Couplings


def test_every_coupling_says_what_it_needs():
    assert set(_NEEDS) == set(Couplings.model_fields)


def test_couplings_without_their_processes_are_left_out():
    file = world()
    assert players(file.scenario, file.scenario) == ["presence_to_attacks", "contagion"]
    quiet = world(theatres={"north": {"troops": 10}})
    assert players(quiet.scenario, quiet.scenario) == []
    holding = world(threat={}, phases={"leave": FAST["leave"] | {"hold_above_threat": 2}})
    assert players(quiet.scenario, holding.scenario) == [
        "presence_to_attacks", "contagion", "threat_to_drawdown", "presence_to_threat", "capability_to_threat",
        "attacks_to_threat", "presence_to_capability"]
    off = world(couplings={"contagion": False}, attacks={"elasticity": 0})
    assert players(off.scenario, off.scenario) == []


LEFT_OUT = [name for name in COUPLINGS if name not in players(world().scenario, world().scenario)]


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_changes_nothing(name):
    file = world()
    without = with_only(file.scenario, set(COUPLINGS) - {name})
    assert without != file.scenario
    measured = [set_up(scenario) for scenario in (file.scenario, without)]
    rows = [play_ensemble(model, 1, Size(8), Means(1, "simpy"), twins=False).work.columns for model in measured]
    for outcome in rows[0].names:
        assert np.array_equal(rows[0].column(outcome), rows[1].column(outcome)), outcome


def test_a_coupling_that_is_off_stays_off():
    scenario = world(couplings={"contagion": False}).scenario
    assert with_only(scenario, set(COUPLINGS)) == scenario
    on = with_only(scenario, {"contagion", "talks_to_attacks"}).couplings
    assert [name for name, switch in on if switch] == ["talks_to_attacks"]


# ---- What cannot be explained


@pytest.mark.parametrize(("other", "outcome", "message"), [
    ({"days": 200}, "attacks_total", "a and b cannot be compared: the end of one is 2024-10-26, that of the other "
                                     "2024-07-18; give both the same"),
    ({}, "attack_total", "a has no outcome attack_total; did you mean attacks_total"),
    ({"phases": {}}, "completed", "b has no outcome completed; "),
    ({}, "attack_rate", "attack_rate is a ratio of means, which a single replication does not have; ask for the "
                        "outcomes that it is made of"),
])
def test_what_cannot_be_explained_is_said_in_one_line(other, outcome, message):
    with pytest.raises(ComparisonError) as error:
        why(world(), world("b", **other), outcome)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)
