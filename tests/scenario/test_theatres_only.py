"""A scenario of one theatre only is made by one line."""

from datetime import date
from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.shipped import SCENARIOS

JOINT = """
[joint.fit]
keys = ["theatres.iraq.troops", "theatres.syria.troops"]
rows = [[2000, 800], [3000, 1000]]
[joint.syria]
keys = ["theatres.syria.adviser_weight"]
rows = [[0], [1]]
[precision]
"attacks_total.syria" = 3
killed = 1
[practical]
"troop_days.syria" = 3
[sources]
"theatres.syria.sites" = "assumed: generic"
"""
BASE = """
start = 2024-01-01
end = 2025-12-31
[theatres.iraq]
troops = 2500
[theatres.syria]
troops = 900
adviser_weight = 0
[phases.iraq]
theatre = "iraq"
start = 2024-02-01
target = 0
over_days = 90
[phases.syria]
theatre = "syria"
start = 2024-02-01
target = 0
over_days = 90
[suppressions.there]
start = 2024-01-01
end = 2024-02-01
theatres = ["syria"]
[history]
attacks.syria = [{ date = 2023-12-01, total = 0 }, { date = 2023-12-31, total = 9 }]
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("base.toml").write_text(BASE + JOINT, encoding="utf-8")
    return tmp_path


def laid(*lines):
    Path("one.toml").write_text("\n".join(('extends = "base.toml"', *lines)), encoding="utf-8")
    return load("one.toml")


def refusal(*lines):
    with pytest.raises(ScenarioError) as caught:
        laid(*lines)
    return [str(problem) for problem in caught.value.problems]


def test_one_line_takes_everything_along_that_belongs_to_the_others():
    s = laid('theatres_only = ["iraq"]').scenario
    assert list(s.theatres) == ["iraq"]
    assert list(s.phases) == ["iraq"]
    assert (s.suppressions, s.history.attacks) == ({}, {})
    assert {name: (table.keys, table.rows) for name, table in s.joint.items()} == {
        "fit": (["theatres.iraq.troops"], [[2000], [3000]])}
    assert (s.precision, s.practical, s.sources) == ({"killed": 1}, {}, {})


@pytest.mark.parametrize("name", sorted(set(SCENARIOS.names) - {"baseline"}))
@pytest.mark.parametrize("only", ["iraq", "syria"])
def test_every_shipped_scenario_can_be_reduced(name, only):
    if (name, only) == ("conditions_based", "syria"):
        return  # its phase waits for one in Iraq, see below
    s = load(name, {"theatres_only": [only]}).scenario
    assert list(s.theatres) == [only]
    assert {phase.theatre for phase in s.phases.values()} <= {only}


def test_a_phase_that_waits_for_one_that_has_gone_is_named():
    with pytest.raises(ScenarioError) as caught:
        load("conditions_based", ['theatres_only=["syria"]'])
    (problem,) = caught.value.problems
    assert problem.key == "phases.syria.after"
    assert problem.message.startswith("there is no milestone phases.iraq_first")
    s = load("conditions_based", ['theatres_only=["syria"]', "phases.syria.after=agreement"]).scenario
    assert set(s.phases) == {"syria", "syria_demanded"}


def test_on_the_command_line_it_is_said_what_goes():
    changes = [change.key for change in load("base.toml", ['theatres_only=["iraq"]']).changes]
    assert changes == ["theatres.syria", "history.attacks.syria", "phases.syria", "suppressions.there"]


def test_what_cannot_be():
    assert refusal('theatres_only = "iraq"') == [
        'one.toml:2: theatres_only: must be a list of theatres, such as ["iraq"], not "iraq"']
    assert refusal("theatres_only = []") == [
        'one.toml:2: theatres_only: must be a list of theatres, such as ["iraq"], not an empty one']
    assert refusal('theatres_only = ["irak"]')[0] == (
        "one.toml:2: theatres_only[1]: there is no theatre irak; did you mean iraq?")
    assert refusal('theatres_only = ["iraq"]', "[theatres.syria]", "troops = 1") == [
        "one.toml:3: theatres.syria: is given here, but theatres_only does not list it"]


def test_a_theatre_of_the_files_own_can_be_the_only_one():
    s = laid('theatres_only = ["mali"]', "[theatres.mali]", "troops = 900").scenario
    assert (list(s.theatres), s.phases) == (["mali"], {})
    assert s.start == date(2024, 1, 1)
