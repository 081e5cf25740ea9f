"""What a file says about sites and about who stays where: sites that are alike, targets, files on top of others."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.model.setup import set_up
from sim.scenario.keys import dotted, spot_at
from sim.scenario.load import from_dict, load
from sim.scenario.places import every_site, sites_named, sites_of
from sim.scenario.resolve import resolve_text
from sim.words.labels import labels

VALID = Path(__file__).parents[1] / "valid"
START = date(2024, 2, 12)
SITES: dict[str, Any] = {"hub": {"hub": True, "label": "The hub"}, "post": {"label": "Post", "count": 3}, "west": {}}


def scenario(**phase: Any) -> dict[str, Any]:
    return {"start": START, "end": date(2025, 2, 12), "theatres": {"iraq": {"troops": 2500, "sites": SITES}},
            "phases": {"out": {"theatre": "iraq", "start": START, "over_days": 90, **phase}}}


def test_sites_that_are_alike_have_numbers_in_their_names_and_labels() -> None:
    s = from_dict(scenario(target=0)).scenario
    sites = s.theatres["iraq"].sites
    assert every_site(sites) == {"post_1": "post", "post_2": "post", "post_3": "post", "west": "west", "hub": "hub"}
    assert sites_named(sites, ["west", "post", "post_2"]) == ["west", "post_1", "post_2", "post_3", "post_2"]
    assert set_up(s).names["sites"] == ["iraq/post_1", "iraq/post_2", "iraq/post_3", "iraq/west", "iraq/hub"]
    assert labels(s, "sites") == ["Post 1", "Post 2", "Post 3", "West", "The hub"]


@pytest.mark.parametrize(("phase", "sites"), [
    ({}, ["post_1", "post_2", "post_3", "west", "hub"]),
    ({"to": ["hub", "post_2"]}, ["post_1", "post_3", "west"]),
    ({"sites": ["west", "post"]}, ["west", "post_1", "post_2", "post_3"]),
    ({"sites": ["post_3", "post_1"], "to": ["post_2"]}, ["post_3", "post_1"]),
])
def test_the_sites_of_a_phase_are_those_it_names_or_all_but_those_its_troops_go_to(
        phase: dict[str, Any], sites: list[str]) -> None:
    s = from_dict(scenario(target=0, **phase)).scenario
    assert sites_of(s.theatres["iraq"].sites, s.phases["out"]) == sites


def test_what_is_kept_stands_beside_its_site_and_may_be_uncertain() -> None:
    drawn = {"dist": "uniform", "low": 100.0, "high": 300.0}
    model = set_up(from_dict(scenario(keep={"hub": drawn, "post": 20})).scenario)
    assert model.parameters.phase_keep == [20, 20, 20, 0, 200]
    assert [draw.key for draw in model.draws] == ["phases.out.keep.hub"]
    spot = spot_at(("phases", "out", "keep", "hub"))
    assert spot is not None
    assert spot.numeric is not None
    assert spot.numeric["unit"] == "troops"


@pytest.mark.parametrize(("override", "given"), [
    ("phases.west.keep.west=20", {"keep": {"west": 20}}),
    ("phases.west.target_percent=20", {"target_percent": 20}),
    ("phases.west.theatre_target=900", {"theatre_target": 900}),
    ("phases.west.target=20", {"target": 20}),
])
def test_a_target_replaces_an_inherited_one_whatever_its_kind(override: str, given: dict[str, Any]) -> None:
    phase = load(VALID / "whole.toml", [override]).scenario.phases["west"]
    assert {key: value for key in ("target", "keep", "target_percent", "theatre_target")
            if (value := getattr(phase, key)) is not None} == given


def test_sites_to_be_kept_are_added_to_inherited_ones() -> None:
    phase = load(VALID / "keep_airfield_and_embassy.toml", ["phases.down.keep.embassy=60"]).scenario.phases["down"]
    assert phase.keep == {"airfield": 200, "embassy": 60}


@pytest.mark.parametrize("name", ["close_five_then_wait", "two_hubs_then_fly", "keep_airfield_and_embassy"])
def test_an_order_resolved_is_the_same_order(name: str, tmp_path: Path) -> None:
    file = load(VALID / f"{name}.toml")
    assert file.warnings == ()
    path = tmp_path / "resolved.toml"
    path.write_text(resolve_text(file), encoding="utf-8")
    again = load(path).scenario
    assert again.phases == file.scenario.phases
    assert again.theatres == file.scenario.theatres


@pytest.mark.parametrize("phase", [
    {"sites": ["west"], "target_percent": 100}, {"theatre_target": 2500}, {"keep": {"hub": 2500}},
    {"sites": ["hub"], "to": ["west"], "target": 500}])
def test_as_many_may_stay_as_there_are(phase: dict[str, Any]) -> None:
    from_dict(scenario(**phase))


def test_where_troops_have_been_gathered_more_may_stay_than_there_were() -> None:
    data = scenario(to=["hub"], target=0)
    data["phases"]["down"] = {"theatre": "iraq", "sites": ["hub"], "after": "phases.out", "target": 1800, "per_day": 5}
    from_dict(data)


@pytest.mark.parametrize(("phase", "said"), [
    ({"target": 0, "sites": ["west"]}, ["theatres.iraq.sites.hub.handover_on"]),
    ({"keep": {"hub": 200}}, ["theatres.iraq.sites.hub.handover_on"]),
    ({"target": 0}, []),
    ({"target": 9000, "reinforce": True}, ["theatres.iraq.sites.hub.handover_on"]),
])
def test_a_date_of_a_site_that_no_phase_drains_is_warned_of(phase: dict[str, Any], said: list[str]) -> None:
    data = scenario(**phase)
    data["theatres"]["iraq"]["sites"] = SITES | {"hub": {"hub": True, "handover_on": date(2024, 6, 1)}}
    warnings = from_dict(data).warnings
    assert [warning.key for warning in warnings] == said
    assert all(warning.message == "has no effect: no phase drains the site" for warning in warnings)


@pytest.mark.parametrize(("key", "value"), [("at_once", 2), ("hand_over", "at_start")])
def test_how_sites_are_closed_does_not_matter_to_reinforcements(key: str, value: Any) -> None:
    (warning,) = from_dict(scenario(target=9000, reinforce=True, **{key: value})).warnings
    assert (warning.key, warning.message) == (f"phases.out.{key}", "has no effect on a phase that brings troops in")
    assert dotted(("phases", "out", key)) == warning.key
