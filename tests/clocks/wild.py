"""Scenarios at the limits of what is valid: numbers up to the schema's bounds, joint tables, days that all tie."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from strategies import START, Tables, distribution, known, tables

from sim.scenario.errors import ScenarioError
from sim.scenario.keys import dotted, spot_at, values
from sim.scenario.lines import KeyPath
from sim.scenario.load import ScenarioFile, from_dict

HUGE = 1e5
"""Above this a bound of the schema is no more telling, and troops only take long to be counted off."""


@st.composite
def wild_tables(draw: st.DrawFn) -> Tables:
    """Make the tables of a valid scenario; most have something extreme, and a part has clockwork for chance."""
    data = draw(tables())
    file = from_dict(data)
    if draw(st.integers(0, 3)) == 0:
        data, file = changed(data, file, clockwork(file, draw(st.sampled_from([1.0, 7.0, 16.0]))))
    if draw(st.booleans()):
        data, file = changed(data, file, draw(st.sampled_from(plots(file))))
    for _ in range(draw(st.integers(0, 8))):
        data, file = changed(data, file, draw(extreme(file)))
    for i in range(draw(st.integers(0, 2))):
        data, file = changed(data, file, {("joint", f"j{i}"): draw(joint(file))})
    return data


def changed(data: Tables, file: ScenarioFile, changes: dict[KeyPath, Any]) -> tuple[Tables, ScenarioFile]:
    """Return the scenario with values changed, or as it was if that would not be valid."""
    other = deepcopy(data)
    for path, value in changes.items():
        table = other
        for part in path[:-1]:
            table = table.setdefault(part, {})
        table[path[-1]] = value
    try:
        return other, from_dict(other)
    except ScenarioError:
        return data, file


def numbers(file: ScenarioFile) -> dict[KeyPath, dict[str, Any]]:
    """Return every plain number of a scenario that may be uncertain, with what the schema says about it."""
    spots = {path: spot_at(path) for path, value in values(file.scenario) if isinstance(value, float)}
    return {path: spot.numeric for path, spot in spots.items() if spot is not None and spot.numeric is not None}


def clockwork(file: ScenarioFile, days: float) -> dict[KeyPath, Any]:
    """Give every duration the same number of days, or twice as many, and take all chance from it."""
    found: dict[KeyPath, Any] = {}
    for i, (path, about) in enumerate(numbers(file).items()):
        if about["unit"] == "days":
            found[path] = days * (1 + i % 2)
        elif path[-1] in ("spread", "round_spread", "suspension_spread", "delay_spread", "work_spread"):
            found[path] = 0.0
    return found


def plots(file: ScenarioFile) -> list[dict[KeyPath, Any]]:
    """Return changes that bring about what is rare: three kinds of replications given up, long holds, a resurgence."""
    theatre, phases = next(iter(file.scenario.theatres)), file.scenario.phases
    wave = [{"date": START - timedelta(days=1), "total": 0}, {"date": START, "total": 1_000_000}]
    frenzy: dict[KeyPath, Any] = {
        ("end",): START + timedelta(days=1200),
        ("tension", "mean_high_days"): 0.101, ("tension", "mean_low_days"): 0.101}
    quarrel: dict[KeyPath, Any] = {
        ("talks", "first_round"): START, ("talks", "suspension_days"): 20.0, ("talks", "suspend_after_fatal"): 1.0,
        ("casualties", "harm_chance"): 1.0, ("casualties", "fatal_chance"): 1.0}
    alarm: dict[KeyPath, Any] = {("threat", "resurgence"): 1.0, ("threat", "tick_days"): 7.0, ("threat", "noise"): 0.3}
    for name, phase in phases.items():
        quarrel |= {("phases", name, "hold_when_suspended"): True, ("phases", name, "hold_at_most_days"): 60.0}
        alarm |= {("phases", name, "hold_above_threat"): 1.2, ("phases", name, "hold_at_most_days"): 40.0}
        alarm |= {("phases", name, "after" if phase.reinforce else "cancel_after"): "resurgence"}
    return [
        {("history", "attacks", theatre): wave, ("attacks", "branching_ratio"): 0.5, ("attacks", "decay_days"): 7.0},
        {("threat", "rests_today"): 1e-300, ("threat", "rests_without"): 1e-300, ("threat", "persistence"): 0.5},
        frenzy, quarrel, alarm, quarrel, alarm,
    ]


@st.composite
def extreme(draw: st.DrawFn, file: ScenarioFile) -> dict[KeyPath, Any]:
    """Set a number to anything within its bounds, often near one of them."""
    every = numbers(file)
    name = draw(st.sampled_from(sorted({str(path[-1]) for path in every})))
    path = draw(st.sampled_from([path for path in every if path[-1] == name]))
    low, high = bounds(every[path])
    small = min(low + 10 ** draw(st.floats(-9, 0)), high)
    return {path: draw(known(low, high, small) | distribution(low, high))}


def bounds(about: dict[str, Any]) -> tuple[float, float]:
    low = about["at_least"] if about["above"] is None else max(about["at_least"], about["above"] + 1e-6)
    return low, min(about["at_most"], HUGE)


@st.composite
def joint(draw: st.DrawFn, file: ScenarioFile) -> Tables:
    """Make a table of rows for some of the numbers: each as it is, lower, or as low as it may be."""
    every = numbers(file)
    paths = draw(st.lists(st.sampled_from(sorted(every, key=dotted)), min_size=1, max_size=4, unique=True))
    given = dict(values(file.scenario))
    columns = [known(min(bounds(every[path])[0], given[path]), given[path]) for path in paths]
    rows = [[draw(column) for column in columns] for _ in range(draw(st.integers(1, 6)))]
    return {"keys": [dotted(path) for path in paths], "rows": rows}
