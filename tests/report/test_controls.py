"""Controls of the page: what can be moved, where it stands in the file, and what must hold."""

import json
import tomllib
from functools import cache
from typing import Any

import pytest

from sim.model.setup import set_up
from sim.report.controls import controls_of
from sim.report.relations import relations_of
from sim.report.text import text_of
from sim.report.world import World
from sim.scenario.days import DateDistribution
from sim.scenario.fields import Distribution
from sim.scenario.keys import look_up, undotted
from sim.scenario.load import ScenarioFile, from_dict, load
from sim.scenario.resolve import resolve_text
from sim.scenario.shipped import SCENARIOS
from sim.words.levers import CALLED

EVERY = pytest.mark.parametrize("name", SCENARIOS.names)


@cache
def made(name: str) -> tuple[ScenarioFile, dict[str, dict[str, Any]]]:
    file = load(name)
    return file, {control["key"]: control for control in controls_of(file, World(set_up(file.scenario), 1))}


def is_drawn(control: dict[str, Any]) -> bool:
    return isinstance(control["base"], dict)


@EVERY
def test_every_number_that_is_drawn_can_be_moved(name: str) -> None:
    file, controls = made(name)
    model = set_up(file.scenario)
    drawn = {key for draw in model.draws for key in (draw.together or (draw.key,))}
    assert {key for key, control in controls.items() if is_drawn(control)} == drawn
    for control in controls.values():
        write = control["write"]
        assert (write["draw"] is None) + (write["column"] is None) + (not write["places"]) == 2


def test_what_a_planner_chooses_can_be_moved() -> None:
    _, controls = made("announced_2024")
    assert {"phases.iraq_second.start", "phases.iraq_second.by", "phases.syria.hold_above_threat", "closing.crews",
            "deadline", "talks.agreement_on", "lift.road.per_week", "suppressions.truce_2023.end",
            "couplings.contagion"} <= set(controls)
    assert not {"start", "end", "tension.dated.gaza_war.date", "theatres.iraq.troops", "follow_up_days"} & set(controls)
    kinds = {key: controls[key]["kind"] for key in ("deadline", "closing.crews", "closing.spread",
                                                   "couplings.contagion", "phases.syria.start")}
    assert list(kinds.values()) == ["date", "whole", "number", "switch", "date"]
    assert json.dumps(controls, allow_nan=False)


@EVERY
def test_what_has_no_effect_is_no_control(name: str) -> None:
    file, controls = made(name)
    for phase, planned in file.scenario.phases.items():
        assert (f"phases.{phase}.steps" in controls) == (planned.shape == "stepped")
        assert (f"phases.{phase}.faster_by" in controls) == (planned.faster_after is not None)
        assert (f"phases.{phase}.delay_days" in controls) == (planned.after is not None)


@EVERY
def test_controls_have_names_of_their_own(name: str) -> None:
    """What belongs to something is not called by its key, and nothing is called like its neighbour."""
    _, controls = made(name)
    for key, control in controls.items():
        if control["of"]:
            first, *_, last = key.split(".")
            assert control["name"] == CALLED[f"{first}.{last}"]
    assert len({(control["of"], control["name"]) for control in controls.values()}) == len(controls)


@EVERY
def test_the_text_stands_alone_and_its_places_are_those_of_the_values(name: str) -> None:
    file, controls = made(name)
    said = text_of(file, set(controls))
    text = said["text"].encode("utf-16-le")
    assert said["text"] == resolve_text(file)
    assert set(said["spans"]) == set(controls)
    for key, (start, end) in said["spans"].items():
        if key in said["before"]:
            assert start == end
            assert text[2 * start :].decode("utf-16-le").startswith(f"# {key.rpartition('.')[2]} is ")
            assert look_up(file.scenario, undotted(key)) is None
            continue
        value = tomllib.loads("value = " + text[2 * start : 2 * end].decode("utf-16-le"))["value"]
        own = look_up(file.scenario, undotted(key))
        if isinstance(own, Distribution | DateDistribution):
            own = own.model_dump(exclude_none=True)
        assert value == own


def test_places_are_counted_as_javascript_counts() -> None:
    tables = load("gradual").scenario.model_dump(exclude_none=True) | {"title": "\U0001d11e \U0001f642 title"}
    tables["lift"] = {**tables["lift"]["lift"], "road": tables["lift"]["road"]}
    file = from_dict(tables)
    said = text_of(file, {"deadline"})
    start, end = said["spans"]["deadline"]
    assert said["text"].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") == "2026-12-31"


@EVERY
def test_relations_speak_of_controls_only(name: str) -> None:
    file, controls = made(name)
    relations = relations_of(file.scenario, set(controls))
    assert relations
    assert json.dumps(relations, allow_nan=False)
    for relation in relations:
        assert relation["keys"]
        assert set(relation["keys"]) <= set(controls)
