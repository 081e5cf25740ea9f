"""How much outcomes hang on a number: which numbers are moved between which ends, and what moving them gives."""

import math
from datetime import date

import pytest

import sim
from sim.evidence.hinges import Effect, Number, at_end, measure, numbers, outcomes, relative, strongest
from sim.scenario.load import from_dict, load

PLAN = """
start = 2024-02-12
end = 2024-12-31

[theatres.here]
troops = 100
attacks_per_day = 0.2
sites.small = { garrison = { dist = "uniform", low = 10, high = 20 }, weight = 3 }
sites.hub = { hub = true, garrison = 40, closing_days = { dist = "uniform", low = 20, high = 40 } }

[phases.out]
theatre = "here"
start = 2024-03-01
target = 0
over_days = 90
cancel_after = "demand"

[phases.at_once]
theatre = "here"
after = "demand"
target = 0
over_days = 30

[pressure]
demand_chance = { dist = "uniform", low = 0, high = 0.5 }

[response]

[closing]
spread = 0

[cost]
fixed_per_day = { dist = "uniform", low = 2, high = 8 }
per_troop_year = 0
per_troop_moved = 0
per_site_closed = 0

[sources]
"theatres.here.troops" = "article: a hundred"
"response" = "reported: as it was"
"response.delay_days" = "reported: three days"
"cost.fixed_per_day" = "derived: from a budget"
"""


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def found(path):
    return {number.name: number for number in numbers(load(path))}


def test_numbers_of_one_kind_are_moved_together_each_over_its_own_range(plan):
    assert found(plan)["theatres.NAME.sites.NAME.closing_days"].moves == (
        {"theatres.here.sites.small.closing_days": (7, 30), "theatres.here.sites.hub.closing_days": (20, 40)},)


def test_a_range_is_that_of_the_distribution_or_else_that_of_the_schema_if_the_value_lies_in_it(plan):
    garrison = found(plan)["theatres.NAME.sites.NAME.garrison"]
    assert garrison.keys == ("theatres.here.sites.small.garrison", "theatres.here.sites.hub.garrison")
    assert garrison.moves == (
        {"theatres.here.sites.small.garrison": (10, 20), "theatres.here.sites.hub.garrison": (10, 60)},)
    assert found(plan)["theatres.NAME.attacks_per_day"].moves == ()  # 0.2 is beyond what the schema says
    assert found(plan)["phases.NAME.target"].moves == ()


def test_weights_are_moved_one_at_a_time_from_half_to_twice(plan):
    assert found(plan)["theatres.NAME.sites.NAME.weight"].moves == (
        {"theatres.here.sites.small.weight": (1.5, 6)}, {"theatres.here.sites.hub.weight": (0.5, 2)})


def test_a_weight_that_is_drawn_is_moved_over_its_own_range(plan):
    drawn = load(plan, ['theatres.here.sites.small.weight={ dist = "uniform", low = 2, high = 7 }'])
    (weight,) = [number for number in numbers(drawn) if number.name == "theatres.NAME.sites.NAME.weight"]
    assert weight.moves == (
        {"theatres.here.sites.small.weight": (2, 7)}, {"theatres.here.sites.hub.weight": (0.5, 2)})


def test_what_is_measured_is_left_out_unless_it_has_a_range(plan):
    assert "theatres.NAME.troops" not in found(plan)
    assert found(plan)["response.delay_days"] == Number(
        "response.delay_days", ("response.delay_days",), ("reported",), ({"response.delay_days": (1, 6)},))
    assert found(plan)["cost.fixed_per_day"].marks == ("derived",)


def test_numbers_drawn_together_with_others_are_left_out():
    tables = {"start": date(2024, 2, 12), "end": date(2024, 12, 31), "theatres": {"here": {"troops": 100}},
              "joint": {"fit": {"keys": ["attacks.decay_days"], "rows": [[5], [9]]}}}
    names = [number.name for number in numbers(from_dict(tables))]
    assert "attacks.decay_days" not in names
    assert "attacks.branching_ratio" in names


def test_a_cost_moves_the_total_by_so_much_a_day_and_nothing_else(plan):
    effects = {effect.outcome: effect for effect in
               measure(plan, ["cost.fixed_per_day"], replications=4, clock="simpy")}
    assert list(effects) == outcomes(load(plan))
    cost = effects["cost_total"]
    assert (cost.low, cost.high, cost.alone) == (2, 8, "")
    days = cost.at_low / 2
    assert cost.difference == pytest.approx(6 * days)
    assert cost.elasticity == pytest.approx(1)
    assert cost.ci_low < cost.difference < cost.ci_high
    assert cost.is_seen
    for outcome in effects.keys() - {"cost_total"}:
        assert effects[outcome].difference == effects[outcome].ci_low == effects[outcome].ci_high == 0
        assert not effects[outcome].is_seen


def test_both_ends_meet_the_futures_of_the_ensemble(plan):
    effects = {effect.outcome: effect for effect in
               measure(plan, ["theatres.NAME.sites.NAME.closing_days"], replications=20, seed=3, clock="simpy")}
    for ends, at in (((7, 20), "at_low"), ((30, 40), "at_high")):
        keys = ("theatres.here.sites.small.closing_days", "theatres.here.sites.hub.closing_days")
        file = sim.load(plan, set=dict(zip(keys, ends, strict=True)))
        summary = sim.run(file, replications=20, seed=3, clock="simpy").summary["outcomes"]
        assert {name: getattr(effect, at) for name, effect in effects.items()} == pytest.approx(
            {name: summary[name]["mean"] for name in effects})
    slower = effects["completion_day"]
    assert slower.difference > 0
    assert (slower.low, slower.high) == (27, 70)
    spread = sim.run(plan, replications=20, seed=3, clock="simpy").outcomes["attacks_total"].std(ddof=1)
    assert effects["attacks_total"].spreads == pytest.approx(effects["attacks_total"].difference / spread)


def test_a_day_that_does_not_come_counts_as_the_horizon(plan):
    plan.write_text(PLAN.replace("end = 2024-12-31", "end = 2024-03-20"), encoding="utf-8")
    effects = {effect.outcome: effect for effect in
               measure(plan, ["theatres.NAME.sites.NAME.closing_days"], replications=3, clock="simpy")}
    assert effects["completed"].at_low == 0
    assert effects["completion_day"].at_low == effects["completion_day"].at_high == 38
    assert not effects["completion_day"].is_seen


@pytest.mark.exhaustive
def test_a_chance_may_be_moved_to_nothing_although_the_plan_waits_for_it(plan):
    effects = {effect.outcome: effect for effect in
               measure(plan, ["pressure.demand_chance"], replications=30, clock="simpy")}
    assert effects["forced_exit"].at_low == 0
    assert effects["forced_exit"].at_high > 0
    assert effects["forced_exit"].elasticity == pytest.approx(2 / 2)


def test_weights_say_which_of_them_was_moved(plan):
    effects = measure(plan, ["theatres.NAME.sites.NAME.weight"], replications=10, clock="simpy")
    assert [effect.outcome for effect in effects] == outcomes(load(plan))
    ends = {("theatres.here.sites.small.weight", 1.5, 6), ("theatres.here.sites.hub.weight", 0.5, 2)}
    assert {(effect.alone, effect.low, effect.high) for effect in effects} <= ends


def test_of_several_moves_the_one_that_changes_an_outcome_most_is_kept():
    def effect(alone, outcome, difference):
        return Effect("kinds.NAME.weight", alone, 1, 4, outcome, 0, difference, difference, -9, 9, 0, 0)

    rocket = {"attacks": effect("rocket", "attacks", 2), "deaths": effect("rocket", "deaths", 0.5)}
    drone = {"attacks": effect("drone", "attacks", -3), "deaths": effect("drone", "deaths", 0.1)}
    assert list(strongest([rocket, drone])) == [drone["attacks"], rocket["deaths"]]


def test_a_count_is_moved_as_a_count(plan):
    assert at_end("closing.crews", (1, 4), 0) == 1
    assert at_end("threat.noise", (0.1, 0.2), 1) == {"dist": "discrete", "values": [0.1, 0.2], "weights": [0, 1]}
    (slowest,) = [effect for effect in measure(plan, ["closing.crews"], replications=3, clock="simpy")
                  if effect.outcome == "completion_day"]
    assert slowest.high - slowest.low == 3


def test_relative_changes_are_against_the_middle():
    assert relative(1, 3) == 1
    assert relative(0, 5) == 2
    assert math.isnan(relative(-1, 1))
    assert math.isnan(relative(-1, 3))
