"""Policies: scenarios with their levers set."""

from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load
from sim.study.file import read_study
from sim.study.policies import settings
from sim.study.study import Design, Factor

SCENARIOS = (Path(__file__).parent / "scenarios").as_posix()


def lever(name, key, values=(), low=None, high=None):
    from sim.scenario.fields import Uniform

    return Factor(name, (key,), None if low is None else Uniform(dist="uniform", low=low, high=high), values, "")


def design(policies=20, seed=1):
    return Design("latin_hypercube", 10, policies, 100, seed)


def test_listed_values_take_every_combination():
    levers = (lever("pace", "phases.north.over_days", (20, 60)), lever("crews", "closing.crews", (1, 2, 3)))
    assert settings(levers, design()) == [(20, 1), (20, 2), (20, 3), (60, 1), (60, 2), (60, 3)]
    assert settings((), design()) == [()]


@pytest.mark.parametrize(("low", "high", "step"), [(10, 60, 1e-3), (0.0, 1.0, 1e-4), (1_000_000, 1_000_100, 1e-2)])
def test_ranges_are_sampled_evenly_in_round_numbers(low, high, step):
    values = [value for (value,) in settings((lever("a", "phases.north.over_days", (), low, high),), design(50))]
    assert len(values) == 50
    assert [round(value / step) * step for value in values] == pytest.approx(values, abs=1e-9)
    strata = sorted((value - low) / (high - low) * 50 for value in values)
    assert all(i - 0.01 <= at <= i + 1.01 for i, at in enumerate(strata))
    assert values == [value for (value,) in settings((lever("b", "lift.load", (), low, high),), design(50))]
    assert values != [value for (value,) in settings((lever("b", "lift.load", (), low, high),), design(50, seed=2))]


def test_each_combination_meets_the_same_points_of_the_ranges():
    levers = (lever("load", "lift.load", (), 50, 200), lever("crews", "closing.crews", (1, 2)))
    found = settings(levers, design(4))
    assert [crews for _, crews in found] == [1, 1, 1, 1, 2, 2, 2, 2]
    assert [load_ for load_, _ in found[:4]] == [load_ for load_, _ in found[4:]]


def test_policies_are_named_by_their_settings_and_are_what_set_would_make(tmp_path):
    path = tmp_path / "asked.toml"
    path.write_text(f"""
        scenarios = ["{SCENARIOS}/small.toml", "{SCENARIOS}/hasty.toml"]
        [levers.pace]
        key = "phases.north.over_days"
        values = [20, 60]
        [levers.when]
        key = "deadline"
        values = [2024-05-01]
        [levers.shape]
        key = "phases.south.shape"
        values = ["front_loaded"]
        [outcomes.killed]
    """, encoding="utf-8")
    policies = read_study(path).policies
    assert [policy.name for policy in policies] == [
        f"{name}, pace={pace}, when=2024-05-01, shape=front_loaded" for name in ("small", "hasty") for pace in (20, 60)]
    assert policies[3].settings == {"pace": "60", "when": "2024-05-01", "shape": "front_loaded"}
    (variant,) = policies[3].variants
    assert variant.scenario == load(f"{SCENARIOS}/hasty.toml", [
        "phases.north.over_days=60", "deadline=2024-05-01", "phases.south.shape=front_loaded"]).scenario


def test_a_lever_may_take_the_place_of_another_key(tmp_path):
    path = tmp_path / "asked.toml"
    path.write_text(f"""
        scenario = "{SCENARIOS}/small.toml"
        outcomes.killed = {{}}
        [levers.pace]
        key = "phases.south.over_days"      # the scenario has per_week
        values = [30]
    """, encoding="utf-8")
    (policy,) = read_study(path).policies
    phase = policy.variants[0].scenario.phases["south"]
    assert (phase.over_days, phase.per_week) == (30, None)


def test_a_fault_of_several_scenarios_is_said_once(tmp_path):
    (tmp_path / "study.toml").write_text(f"""
scenarios = ["{SCENARIOS}/small.toml", "{SCENARIOS}/hasty.toml"]
[levers.target]
key = "phases.north.target"
values = [0, 99999]
[outcomes.attacks_total]
""")
    with pytest.raises(ScenarioError) as caught:
        read_study(tmp_path / "study.toml")
    (problem,) = caught.value.problems
    assert problem.key == "levers.target"
    assert problem.message.startswith(f"phases.north.target in {SCENARIOS}/small.toml and {SCENARIOS}/hasty.toml: is "
                                      "above the strength of north")
