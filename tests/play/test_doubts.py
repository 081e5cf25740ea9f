"""Plans that lift and closing cannot keep, with the earliest date that could be kept."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sim.play.doubts import warnings_of
from sim.scenario.load import from_dict, load

ROOT = Path(__file__).parents[2]
START = date(2024, 1, 1)


def said(data: dict[str, Any]) -> dict[str, str]:
    return {problem.key: problem.message for problem in warnings_of(from_dict(data))}


def plan(troops: float = 2200, lift: float = 250, **phase: Any) -> dict[str, Any]:
    return {"start": START, "end": date(2026, 12, 31), "lift": {"per_week": lift, "load": 50, "spread": 0},
            "theatres": {"iraq": {"troops": troops, "sites": {"base": {"garrison": 0, "closing_days": 0}}}},
            "phases": {"out": {"theatre": "iraq", "target": 0, "start": START, **phase}}}


def test_2200_troops_in_three_weeks_on_lift_of_250_a_week() -> None:
    first_tranche, last_load = 7, 50  # a load has left its site when lift takes it up
    earliest = START + timedelta(days=int(first_tranche + 7 * (2200 - last_load) / 250))
    messages = said(plan(by=START + timedelta(days=21)))
    assert messages == {"phases.out.by": (
        "lift and closing keep the planned end, 2024-01-22, in 0 of 40 futures without any other trouble; the earliest "
        f"date that is kept in two of three is {earliest}")}
    assert said(plan(by=earliest)) == {}


@pytest.mark.parametrize("pace", [{"over_days": 21}, {"per_week": 2200 / 3}])
def test_every_pace_is_held_against_lift(pace: dict[str, float]) -> None:
    ((key, message),) = said(plan(**pace)).items()
    assert key == f"phases.out.{next(iter(pace))}"
    assert f"the planned end, {START + timedelta(days=21)}, in 0 of 40" in message


def test_closing_is_counted_too() -> None:
    data = plan(troops=100, by=START + timedelta(days=30))
    data["theatres"]["iraq"]["sites"] = {f"s{i}": {"garrison": 1, "closing_days": 20} for i in range(6)}
    data["closing"] = {"crews": 1, "spread": 0}
    (message,) = said(data).values()
    assert "the planned end, 2024-01-31, in 0 of 40" in message
    data["closing"]["crews"] = 6
    assert said(data) == {}


def test_a_plan_that_takes_longer_than_the_run() -> None:
    (message,) = said(plan(lift=2, over_days=30)).values()
    assert message.endswith("they take longer than the run, which ends on 2026-12-31")


def test_a_phase_that_begins_after_its_end() -> None:
    data = plan(troops=2000, lift=100, over_days=300, sites=["a"])
    data["theatres"]["iraq"]["sites"] = {name: {"garrison": 0, "closing_days": 0} for name in ("a", "b")}
    data["phases"]["late"] = {"theatre": "iraq", "sites": ["b"], "target": 0, "after": "phases.out",
                              "by": START + timedelta(days=200)}
    (message,) = said(data).values()
    assert message.startswith("the phase begins only on 2024-10-27, and lift and closing keep the planned end, 2024-07")


def test_a_plan_without_bottlenecks_is_kept() -> None:
    data = plan(over_days=21)
    del data["lift"]
    assert said(data) == {}


def test_a_phase_that_does_not_begin_is_not_judged() -> None:
    data = plan(after="demand", over_days=1)
    data["pressure"] = {"demand_chance": 0.1}
    data["talks"] = {"first_round": START}
    assert said(data) == {}


@pytest.mark.parametrize("phases", [("iraq_second",), ("iraq_second", "syria")])
def test_a_deadline_that_the_plan_would_meet_with_nothing_to_spare(phases: tuple[str, ...]) -> None:
    file = load(ROOT / "scenarios" / "announced_2024.toml", [f"phases.{name}.by=2026-09-30" for name in phases])
    late = {problem.key: problem.message for problem in warnings_of(file)}
    assert set(late) == {f"phases.{name}.by" for name in phases}
    for message in late.values():
        assert message.startswith("lift and closing keep the planned end, 2026-09-30, in ")
        assert "the earliest date that is kept in nine of ten is 2026-10-" in message


@pytest.mark.parametrize("spread", [0.0, 0.6])
def test_a_plan_that_chance_may_miss_is_doubted_if_chance_often_does(spread: float) -> None:
    data = plan(troops=100, by=START + timedelta(days=60))
    data["theatres"]["iraq"]["sites"] = {"base": {"garrison": 10, "closing_days": 40}}
    data |= {"closing": {"spread": spread}, "deadline": START + timedelta(days=60)}
    assert bool(said(data)) == (spread > 0)  # closing takes 40 days on average, and the plan allows for just these


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["gradual", "announced_2024", "fast", "slow", "learned_since", "truce", "status_quo",
                                  "conditions_based"])
def test_shipped_plans_can_be_kept(name: str) -> None:
    assert warnings_of(load(ROOT / "scenarios" / f"{name}.toml")) == ()
