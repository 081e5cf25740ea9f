"""Any control, moved to any value: the page plays what the file it writes gives, or refuses it as `check` does.

The page's own functions run in Node.js; what they write is read by the package.
"""

import base64
import math
import random
import tomllib
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from sim.clocks.compiled import CompiledClock
from sim.model.catalogue import expand
from sim.model.setup import set_up
from sim.play.player import places_of
from sim.report.controls import controls_of
from sim.report.relations import relations_of
from sim.report.text import text_of
from sim.report.world import World
from sim.scenario.errors import ScenarioError
from sim.scenario.fields import plain
from sim.scenario.load import ScenarioFile, from_dict, load
from sim.scenario.shipped import HISTORY, SCENARIOS
from tests.web.levers import in_file, parts, some_value
from tests.web.page_code import Call

SEED = 3
REPLICATIONS = 10
TOGETHER = 12
"""How many controls are moved at once."""

WIDE = {
    "start": date(2024, 1, 1), "end": date(2026, 6, 30), "deadline": date(2025, 12, 31),
    "theatres": {"east": {"troops": {"dist": "normal", "mean": 900.0, "sd": 80.0, "low": 700.0, "high": 1200.0},
                          "attacks_per_day": {"dist": "lognormal", "median": 0.1, "sigma": 0.6, "low": 0.01,
                                              "high": 0.9},
                          "sites": {"post": {"count": 3, "weight": {"dist": "uniform", "low": 0.5, "high": 2.0},
                                             "cargo_per_troop": 0.5},
                                    "hub": {"hub": True, "handover_on": date(2025, 3, 1)}}},
                 "west": {"troops": 400}},
    "phases": {
        "first": {"theatre": "east", "start": {"dist": "uniform", "low": date(2024, 3, 1), "high": date(2024, 9, 1)},
                  "target_percent": 60, "per_week": 40, "shape": "stepped",
                  "steps": {"dist": "discrete", "values": [2.0, 4.0, 8.0], "weights": [1.0, 2.0, 1.0]}},
        "second": {"theatre": "east", "after": "phases.first", "keep": {"hub": 50.0}, "over_days": 200},
        "surge": {"theatre": "west", "start": date(2024, 2, 1), "theatre_target": 600, "reinforce": True, "per_day": 5},
        "out": {"theatre": "west", "start": {"dist": "triangular", "low": date(2024, 10, 1), "mode": date(2024, 12, 1),
                                             "high": date(2025, 1, 1)}, "target": 0, "by": date(2025, 9, 1)}},
    "lift": {"air": {"per_week": 300, "until": date(2025, 6, 1)}, "road": {"from": date(2024, 2, 1), "load": 60}},
    "closing": {"crews": {"dist": "uniform", "low": 1.0, "high": 4.0}},
    "suppressions": {"truce": {"start": {"dist": "uniform", "low": date(2024, 2, 1), "high": date(2024, 4, 1)},
                               "end": {"dist": "discrete", "values": [date(2024, 6, 1), date(2024, 8, 1)]}}},
    "tension": {}, "response": {}, "threat": {},
}
"""A scenario with all kinds of uncertain numbers and dates, sites that are alike, and phases of every pace."""


class Page:
    """A scenario as the page has it."""

    def __init__(self, file: ScenarioFile, call: Call) -> None:
        self.file, self._call = file, call
        world = World(set_up(file.scenario), SEED)
        self.controls = controls_of(file, world)
        self._base = {control["key"]: control["base"] for control in self.controls}
        self._packed, self.names = world.packed(), world.header["outcomes"]
        self._program = base64.b64encode(files("sim.clocks").joinpath("programs", "rules.wasm").read_bytes()).decode()
        self._scenario = {"controls": self.controls, "relations": relations_of(file.scenario, set(self._base)),
                          "start": file.scenario.start.isoformat(), "toml": text_of(file, set(self._base))}

    def move(self, state: dict[str, Any]) -> dict[str, Any]:
        moved: dict[str, Any] = self._call("moved", self._program, self._packed, self._scenario, state, REPLICATIONS)
        return moved

    def refusals(self, state: dict[str, Any]) -> set[str]:
        """Return what `check` says about the scenario with a state."""
        try:
            from_dict(self.file.scenario.model_dump(exclude_none=True),
                      overrides={key: in_file(self._base[key], value) for key, value in state.items()})
        except ScenarioError as error:
            return {problem.message for problem in error.problems}
        return set()

    def assert_same(self, moved: dict[str, Any]) -> None:
        """Compare what was played with what the file gives, where it has the same outcomes."""
        model = set_up(from_dict(tomllib.loads(moved["toml"])).scenario)
        names = expand(model).names
        expected = np.zeros((REPLICATIONS, len(names)))
        clock, done = CompiledClock(model, SEED, places_of(expand(model))), 0
        while done < REPLICATIONS:
            done += clock.play(done, expected[done:])[0]
        played = np.array(moved["outcomes"], float).reshape(REPLICATIONS, -1)
        found = played[:, [self.names.index(name) for name in names]]
        differing = [name for i, name in enumerate(names) if found[:, i].tobytes() != expected[:, i].tobytes()]
        assert differing == []

    def move_everything(self, chance: random.Random) -> None:
        """Move all controls, a few at a time; what is refused is put back."""
        chance.shuffle(self.controls)
        for some in parts(self.controls, TOGETHER):
            state = {control["key"]: some_value(control, chance) for control in some}
            while (moved := self.move(state))["faults"]:
                assert {fault["message"] for fault in moved["faults"]} <= self.refusals(state)
                for key in {key for fault in moved["faults"] for key in fault["keys"]}:
                    state.pop(key, None)
            self.assert_same(moved)
            assert self.refusals(state) == set()


def test_a_scenario_of_all_kinds(call: Call) -> None:
    for seed in range(4):
        Page(from_dict(WIDE), call).move_everything(random.Random(seed))


def test_the_deadline_includes_its_day(call: Call) -> None:
    page = Page(from_dict(WIDE), call)
    start, column = page.file.scenario.start, page.names.index("completion_day")
    days = np.array(page.move({})["outcomes"], float).reshape(REPLICATIONS, -1)[:, column]
    completed = [start + timedelta(days=math.floor(day)) for day in days if day < math.inf]
    assert completed
    for day in completed:
        page.assert_same(page.move({"deadline": day.isoformat()}))


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", SCENARIOS.names)
def test_shipped_scenarios(name: str, call: Call) -> None:
    Page(load(name), call).move_everything(random.Random(name))


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", HISTORY.names)
def test_drawdowns_of_the_past(name: str, call: Call) -> None:
    Page(load(HISTORY.folder / f"{name}.toml"), call).move_everything(random.Random(name))


def test_the_address_keeps_a_state(call: Call) -> None:
    controls = Page(from_dict(WIDE), call).controls
    for seed in range(20):
        chance = random.Random(seed)
        state = {control["key"]: some_value(control, chance) for control in controls}
        assert call("addressed", state, controls) == state


def test_numbers_are_written_as_check_writes_them(call: Call) -> None:
    chance = random.Random(1)
    numbers = [0, 1, 1000, 999999.5, 1e6, 123456789012.3, 1e15, 1.5e-5, 0.1 + 0.2, -2.5, 1 / 3, 99.95, 0.09995,
               *(chance.uniform(-1, 1) * 10 ** chance.randint(-8, 14) for _ in range(500))]
    for number in numbers:
        assert call("plain", number) == plain(number)
        assert call("general", number, 3) == f"{number:.3g}"
