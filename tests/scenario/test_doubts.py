"""Warnings about valid scenarios: defaults of another war, hindsight, demands that never come."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.doubts import dates_in
from sim.scenario.load import from_dict, load
from sim.scenario.shipped import SCENARIOS

ROOT = Path(__file__).parents[2]
START = date(2022, 2, 17)
BORROWED = "for another war, give values of its own"


def scenario(**tables: Any) -> dict[str, Any]:
    return {"start": START, "end": date(2024, 12, 31), "theatres": {"gao": {"troops": 900}}, **tables}


def warnings(data: dict[str, Any]) -> list[str]:
    return [str(problem).removeprefix("scenario: ") for problem in from_dict(data).warnings]


def test_defaults_of_another_war_are_named() -> None:
    assert warnings(scenario(tension={})) == ["tension: has no effect: no attack can happen"]
    assert warnings(scenario(cost={})) == [
        f"cost.fixed_per_day, cost.per_troop_year are defaults measured in Iraq and Syria; {BORROWED}"]
    assert warnings(scenario(cost={"fixed_per_day": 1})) == [
        f"cost.per_troop_year is a default measured in Iraq and Syria; {BORROWED}"]
    assert warnings(scenario(cost={"fixed_per_day": 1, "per_troop_year": 0.5})) == []


def test_what_has_no_effect_is_not_named() -> None:
    assert warnings(scenario()) == []  # casualties have defaults of their own, but there is no attack
    (line,) = warnings(scenario(theatres={"gao": {"troops": 900, "attacks_per_day": 0.1}}))
    assert line.startswith("casualties.harm_chance, casualties.fatal_chance, casualties.wounded_mean and ")


@pytest.mark.parametrize("tables", [
    {"theatres": {"iraq": {"troops": 900}}}, {"theatres": {"north": {"troops": 900, "label": "Northern Syria"}}},
    {"names": {"host": "Iraqi"}}])
def test_defaults_of_iraq_and_syria_are_at_home_there(tables: dict[str, Any]) -> None:
    assert warnings(scenario(cost={}, **tables)) == []


@pytest.mark.parametrize(("text", "dates"), [
    ("joint statement of 27 September 2024", [date(2024, 9, 27)]),
    ("2,000 where 900 had been reported (Pentagon, December 2024)", [date(2024, 12, 1)]),
    ("Lewis et al. 2012; modest", [date(2012, 1, 1)]), ("read on 2024-09-27", [date(2024, 9, 27)]),
    ("24-30 November 2023", [date(2023, 11, 30)]), ("from 23 January to 28 June 2021", [date(2021, 6, 28)]),
    ("Oct 2024", [date(2024, 10, 1)]), ("3 Sept. 2024 to May 2025", [date(2024, 9, 3), date(2025, 5, 1)]),
    ("31 February 2024", []), ("2,500 troops, 0.2024 a day", []), ("", [])])
def test_dates_in_a_text(text: str, dates: list[date]) -> None:
    assert dates_in(text) == dates


def test_a_source_later_than_what_may_be_known() -> None:
    data = scenario(deadline=date(2023, 1, 1), known_until=START, sources={
        "deadline": "reported: announced on 18 February 2022", "start": "article: 17 February 2022",
        "end": "assumed: as in 2022"})
    assert warnings(data) == [
        "sources.deadline: this source is dated after 2022-02-17, and known_until says that nothing later is known: "
        "reported: announced on 18 February 2022"]
    assert warnings(data | {"known_until": date(2022, 2, 18)}) == []
    assert warnings({key: value for key, value in data.items() if key != "known_until"}) == []


def test_a_default_measured_later_than_what_may_be_known() -> None:
    data = {"start": date(2024, 2, 12), "end": date(2026, 2, 12), "theatres": {"iraq": {"troops": 2500}},
            "known_until": date(2024, 2, 12), "talks": {"first_round": date(2024, 2, 12)},
            "working_groups": {"all": {}}}
    (line,) = warnings(data)
    assert line.startswith("working_groups.all.work_days: its source is dated after 2024-02-12")
    data["working_groups"]["all"] = {"work_days": 140}
    assert warnings(data) == []


@pytest.mark.parametrize("name", SCENARIOS.names)
def test_shipped_scenarios_know_nothing_later_than_they_say(name: str) -> None:
    file = load(ROOT / "scenarios" / f"{name}.toml")
    assert [problem for problem in file.warnings if "known_until" in problem.message] == []
    later = name in ("announced_2024", "learned_since")
    assert file.scenario.known_until == (date(2024, 12, 31) if later else date(2024, 2, 12))


def test_hindsight_in_the_shipped_scenario_is_seen(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('extends = "learned_since"\nknown_until = 2024-02-12\n', encoding="utf-8")
    said = {problem.key: problem.line for problem in load(tmp_path / "mine.toml").warnings}
    assert set(said) == {"sources.deadline", 'sources."theatres.syria.true_over_reported"',
                         'sources."working_groups.isis_threat.work_days"'}
    assert all(said.values())


@pytest.mark.parametrize(("tables", "expected"), [
    ({"response": {"chance_after_attack": 0, "chance_after_harm": 0, "chance_after_fatal": 0}}, True),
    ({"response": {"chance_after_attack": 0.1}}, False),
    ({"talks": {"first_round": START}}, False),
    ({"talks": {"first_round": START}, "couplings": {"stall_to_pressure": False}}, True),
    ({"response": {}, "couplings": {"attacks_to_response": False}}, True),
])
def test_a_demand_that_nothing_can_bring_about(tables: dict[str, Any], expected: bool) -> None:
    data = scenario(theatres={"iraq": {"troops": 900, "attacks_per_day": 0.1}}, pressure={}, **tables)
    said = [line for line in warnings(data) if line.startswith("pressure.demand_chance: has no effect")]
    assert bool(said) == expected
