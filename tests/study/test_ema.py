"""Scenarios as models of the EMA Workbench: what it may change; its experiments are ensembles like any other."""

import math
import pickle
from datetime import date

import numpy as np
import pytest

import sim
from sim.scenario.errors import ScenarioError
from sim.scenario.load import from_dict
from sim.study.errors import StudyError

pytest.importorskip("ema_workbench")

import ema_workbench
from ema_workbench import (
    CategoricalParameter,
    IntegerParameter,
    MultiprocessingEvaluator,
    RealParameter,
    SequentialEvaluator,
    perform_experiments,
)

Scenario, Policy = (getattr(ema_workbench, name, None) or ema_workbench.Sample for name in ("Scenario", "Policy"))
"""One class since version 3.0."""

PLAN = {
    "start": date(2024, 1, 1), "end": date(2025, 6, 30),
    "theatres": {"north": {"troops": 1000, "attacks_per_day": {"dist": "uniform", "low": 0.1, "high": 0.3}}},
    "phases": {"leave": {"theatre": "north", "start": date(2024, 1, 1), "target": 100, "over_days": 200}},
    "attacks": {"elasticity": {"dist": "triangular", "low": 0.2, "mode": 0.5, "high": 0.9}, "decay_days": 7.0},
    "casualties": {"harm_chance": {"dist": "discrete", "values": [0.1, 0.35]},
                   "wounded_mean": {"dist": "discrete", "values": [4, 6, 5]},
                   "late_factor": {"dist": "discrete", "values": [2]}},
    "lift": {},
    "joint": {"fit": {"keys": ["attacks.decay_days"], "rows": [[5.0], [9.0]]}},
}
KEYS = ["theatres.north.attacks_per_day", "attacks.elasticity", "casualties.harm_chance", "casualties.wounded_mean"]
OUTCOMES = ["completion_day", "killed_expected", "attacks_total.north", "completed"]
VALUES = {"theatres.north.attacks_per_day": 0.15, "attacks.elasticity": 0.7, "casualties.harm_chance": 0.35,
          "casualties.wounded_mean": 5}
PACE = {"phases.leave.over_days": 333.3}


@pytest.fixture(scope="module")
def plan():
    return from_dict(PLAN, "my_plan")


def model_of(plan, **more):
    return sim.ema_model(plan, **({"outcomes": OUTCOMES, "replications": 40, "seed": 3, "clock": "compiled"} | more))


def test_uncertainties_are_what_is_drawn_by_itself_over_its_range(plan):
    model = model_of(plan)
    assert model.name == "myplan"
    kinds = {parameter.name: (type(parameter), parameter.variable_name) for parameter in model.uncertainties}
    assert kinds == {
        "theatres_north_attacks_per_day": (RealParameter, [KEYS[0]]), "attacks_elasticity": (RealParameter, [KEYS[1]]),
        "casualties_harm_chance": (CategoricalParameter, [KEYS[2]]),
        "casualties_wounded_mean": (IntegerParameter, [KEYS[3]])}
    elasticity, wounded = model.uncertainties["attacks_elasticity"], model.uncertainties["casualties_wounded_mean"]
    assert (elasticity.lower_bound, elasticity.upper_bound) == (0.2, 0.9)
    assert (wounded.lower_bound, wounded.upper_bound) == (4, 6)
    assert [category.value for category in model.uncertainties["casualties_harm_chance"].categories] == [0.1, 0.35]


@pytest.mark.parametrize(("name", "known_as"), [
    ("my_plan", "myplan"), ("2024-plan", "scenario2024plan"), ("...", "scenario"), ("x²", "x")])
def test_the_workbench_takes_the_name_of_any_file(name, known_as):
    assert model_of(from_dict(PLAN, name)).name == known_as


def test_levers_are_the_numbers_given_for_phases_and_lift(plan):
    levers = {lever.variable_name[0]: (lever.lower_bound, lever.upper_bound, lever.default)
              for lever in model_of(plan).levers}
    assert levers == {"phases.leave.target": (50, 200, 100), "phases.leave.over_days": (100, 400, 200),
                      "lift.per_week": (250, 1000, 500)}
    (own,) = model_of(plan, levers={"attacks.elasticity": (0.0, 1.0)}).levers
    assert (own.name, own.lower_bound, own.upper_bound) == ("attacks_elasticity", 0, 1)
    assert own.default == pytest.approx(0.9 - math.sqrt(0.5 * 0.7 * 0.4))  # the median of the triangle


def test_default_levers_leave_out_what_the_scenario_cannot_allow():
    plan = from_dict({**PLAN, "phases": {"leave": PLAN["phases"]["leave"] | {"target": 800}}})
    assert [lever.variable_name[0] for lever in model_of(plan).levers] == ["phases.leave.over_days", "lift.per_week"]
    with pytest.raises(ScenarioError, match=r"phases\.leave\.target: is above the strength of north"):
        model_of(plan, levers={"phases.leave.target": (400, 1600)})


def test_outcomes_are_better_low_or_high_or_neither(plan):
    kinds = {outcome.name: (outcome.kind, outcome.variable_name) for outcome in model_of(plan).outcomes}
    assert kinds == {"completion_day": (-1, ("completion_day",)), "killed_expected": (-1, ("killed_expected",)),
                     "attacks_total_north": (-1, ("attacks_total.north",)), "completed": (1, ("completed",))}
    main = [outcome.name for outcome in model_of(plan, outcomes=None).outcomes]
    assert {"completion_day", "killed_expected", "troop_days"} <= set(main)
    assert "attacks_total_north" not in main
    assert "agreed" not in main  # there are no talks


def independent(plan, values):
    """Return the means of a run with the same values as overrides."""
    data = {**PLAN, "casualties": dict(PLAN["casualties"]), "attacks": dict(PLAN["attacks"])}
    file = from_dict(data, overrides=[f"{key}={value}" for key, value in values.items()])
    outcomes = sim.run(file, replications=40, seed=3, clock="compiled").outcomes
    return {name: np.minimum(outcomes[name].to_numpy(), 547).mean() if name == "completion_day"
            else outcomes[name].to_numpy().mean() for name in OUTCOMES}


@pytest.mark.parametrize("given", [VALUES | PACE, {"phases.leave.over_days": 700}, {"attacks.elasticity": 0.7}, {}])
def test_an_experiment_is_a_run_with_the_same_values_to_the_bit(plan, given):
    assert model_of(plan).function(**given) == independent(plan, given)


def test_experiments_of_the_workbench_are_such_runs_too_and_meet_the_same_futures(plan):
    future = Scenario("future", **{key.replace(".", "_"): value for key, value in VALUES.items()})
    paces = {"slow": 333.3, "slow again": 333.3, "fast": 150}
    model = model_of(plan, levers={"phases.leave.over_days": (100, 400)})
    with SequentialEvaluator(model) as evaluator:
        experiments, results = evaluator.perform_experiments(
            [future], [Policy(name, phases_leave_over_days=days) for name, days in paces.items()])
    assert experiments["attacks_elasticity"].tolist() == [0.7] * 3
    for i, days in enumerate(paces.values()):
        assert {name: results[name.replace(".", "_")][i] for name in OUTCOMES} == independent(
            plan, VALUES | {"phases.leave.over_days": days})
    assert results["completion_day"][0] > results["completion_day"][2]


@pytest.mark.exhaustive
def test_worker_processes_give_the_same(plan):
    model = model_of(plan)
    experiments, alone = perform_experiments(model, 3, 2)
    futures = [Scenario(f"{i}", **{p.name: experiments.loc[i, p.name] for p in model.uncertainties}) for i in (0, 1, 2)]
    policy = Policy("one", **{p.name: experiments.loc[0, p.name] for p in model.levers})
    with MultiprocessingEvaluator(model, n_processes=2) as evaluator:
        _, together = evaluator.perform_experiments(futures, [policy])
    for name in alone:
        assert together[name].tolist() == alone[name][:3].tolist()
    copy = pickle.loads(pickle.dumps(model.function))
    assert copy(**VALUES) == model.function(**VALUES)


def test_what_there_is_not_is_named(plan):
    with pytest.raises(StudyError, match=r"levers: there is no number phases\.leave\.over_day in my_plan; did you mea"):
        model_of(plan, levers={"phases.leave.over_day": (1, 2)})
    with pytest.raises(StudyError, match=r"levers: phases\.leave\.over_days needs a range .*, not \(2, 2\)"):
        model_of(plan, levers={"phases.leave.over_days": (2, 2)})
    with pytest.raises(StudyError, match=r"outcomes: there is no outcome kiled; did you mean killed"):
        model_of(plan, outcomes=["kiled"])
