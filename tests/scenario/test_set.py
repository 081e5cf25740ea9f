"""A scenario with some keys set: values from Python say the same as texts on the command line."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.scenario.errors import ScenarioError
from sim.scenario.fields import Triangular
from sim.scenario.load import Base, ScenarioFile, load
from sim.scenario.resolve import resolve_text, toml

ROOT = Path(__file__).parents[2]
WHOLE = Path(__file__).parents[1] / "valid" / "whole.toml"
FILES = sorted([*(ROOT / "scenarios").glob("*.toml"), *WHOLE.parent.glob("*.toml")])

NUMBERS = st.floats(0, 1) | st.sampled_from([0, 1, 1e-7, 1e-300, 5e-324, 0.1 + 0.2])
VALUES = {
    "attacks.elasticity": NUMBERS | st.builds(
        lambda low, high: {"dist": "uniform", "low": low, "high": high}, st.floats(0, 0.4), st.floats(0.5, 1)),
    "attacks.decay_days": st.floats(0.5, 60) | st.integers(1, 60),
    "closing.crews": st.integers(1, 50),
    "couplings.contagion": st.booleans(),
    "deadline": st.dates(date(2024, 6, 1), date(2024, 12, 31)),
    "title": st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    "cost.fixed_per_day": st.floats(0, 1e6),
}
ANYTHING = (
    st.booleans() | st.text("a0.é\"", max_size=5) | st.dates() | st.integers(-3, 10**17)
    | st.floats(allow_nan=False).filter(lambda x: not x.is_integer()) | st.lists(st.integers(0, 3), max_size=3))
"""No whole numbers with a point: as a text 3.0 is written 3, which is a count."""


def both_ways(values: dict[str, Any]) -> tuple[ScenarioFile, ScenarioFile]:
    return load(WHOLE, values), load(WHOLE, [f"{key}={toml(value)}" for key, value in values.items()])


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({}, optional=VALUES))
def test_values_set_the_same_scenario_as_texts(values: dict[str, Any]) -> None:
    by_value, by_text = both_ways(values)
    assert by_value == by_text
    assert by_value.scenario.model_dump_json() == by_text.scenario.model_dump_json()  # to the last digit
    assert repr(by_value.scenario) == repr(by_text.scenario)


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys([*VALUES, "phases", "weather"], ANYTHING)))
def test_wrong_values_are_refused_in_the_same_words_as_texts(values: dict[str, Any]) -> None:
    said = []
    for overrides in (values, [f"{key}={toml(value)}" for key, value in values.items()]):
        try:
            said.append(load(WHOLE, overrides).scenario.model_dump_json())
        except ScenarioError as error:
            said.append(str(error))
    assert said[0] == said[1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_tables_of_a_scenario_make_it_again(path: Path) -> None:
    file = load(path)
    again = Base.of(file.scenario, file.name).load().scenario
    assert repr(again) == repr(file.scenario) == repr(
        Base.of(tomllib.loads(resolve_text(file)), file.name).load().scenario)


def test_a_scenario_stays_as_it_is_when_keys_are_set() -> None:
    file = load(WHOLE)
    base, before = Base.of(file.scenario, file.name), repr(file.scenario)
    assert base.load({"attacks.elasticity": 0.25}).scenario.attacks.elasticity == 0.25
    assert base.load({"closing.crews": 3}).scenario.attacks.elasticity == file.scenario.attacks.elasticity
    assert repr(file.scenario) == before


def test_values_may_be_models_arrays_and_numbers_of_numpy() -> None:
    dist = Triangular(dist="triangular", low=0.1, mode=0.2, high=0.3)
    set_to = {"attacks.elasticity": dist, "closing.crews": np.int64(3), "attacks.decay_days": np.float64(6.5),
              "joint.pair": {"keys": ("lift.load", "lift.per_week"), "rows": np.array([[50.0, 90.0], [60.0, 80.0]])}}
    scenario = sim.load(WHOLE, set=set_to).scenario
    assert scenario.attacks.elasticity == dist
    assert (scenario.closing.crews, scenario.attacks.decay_days) == (3, 6.5)
    assert type(scenario.attacks.decay_days) is float
    assert scenario.joint["pair"].rows == [[50.0, 90.0], [60.0, 80.0]]


def test_none_takes_away_what_need_not_be_given() -> None:
    file = sim.load(WHOLE, set={"deadline": None})
    assert file.scenario.deadline is None
    assert [str(change) for change in file.changes] == [f"deadline: {load(WHOLE).scenario.deadline} -> none"]
    with pytest.raises(ScenarioError, match=r"--set attacks\.elasticity: must be a number from 0 to 1, not"):
        sim.load(WHOLE, set={"attacks.elasticity": None})


@pytest.mark.parametrize(("values", "message"), [
    ({"attacks..x": 1}, "--set attacks..x: is not a key; a key is written like attacks.elasticity"),
    ({"attacks.elasticty": 1}, "--set attacks.elasticty: unknown key; did you mean elasticity?"),
    ({"attacks.elasticity": 2}, "--set attacks.elasticity: must be from 0 to 1, not 2"),
    ({"attacks": {1: 0.5}}, "--set attacks.1: unknown key; allowed: "),
    ({"attacks": None}, "--set attacks: must be a table, [attacks], not None"),
    ({"closing.crews": 1.5}, "--set closing.crews: must be a whole number from 1 to 1,000, not 1.5"),
    ({"deadline": "2024-10-01"}, "--set deadline: must be a date like 2024-02-12 without quotes, not \"2024-10-01\""),
])
def test_a_faulty_value_is_named(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        sim.load(WHOLE, set=values)
    (problem,) = caught.value.problems
    assert str(problem) == message or (message.endswith(": ") and str(problem).startswith(message))
