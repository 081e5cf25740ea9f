"""What outcomes and keys are called, and how labels stand in sentences."""

from datetime import date
from typing import Any

import pytest

from sim.rules.outcomes import BY_NAME, OUTCOMES, RATIOS
from sim.scenario.keys import undotted
from sim.scenario.load import from_dict
from sim.scenario.schema import Scenario
from sim.words.labels import in_sentence, key_label, kind_and_label, outcome_label, with_unit
from sim.words.phrases import all_of


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    data: dict[str, Any] = {
        "start": date(2024, 2, 12), "end": date(2024, 12, 31),
        "theatres": {"west": {"troops": 300, "label": "The west", "sites": {"hub_1": {"label": "Main hub"}}}},
        "phases": {"first": {"label": "Phase 1", "theatre": "west", "start": date(2024, 3, 1), "target": 0,
                             "over_days": 60},
                   "rest": {"theatre": "west", "start": date(2024, 3, 1), "target": 0, "over_days": 60}},
        "lift": {"per_week": 90, "dirt_road": {}, "air": {"label": "charter flights"}},
    }
    return from_dict(data).scenario


def test_every_outcome_has_a_label_of_its_own() -> None:
    labels = [entry.label for entry in (*OUTCOMES, *RATIOS)]
    assert all(labels)
    assert len(set(labels)) == len(labels) == len(BY_NAME)
    assert not any(c in label for label in labels for c in "_;()")


@pytest.mark.parametrize(("name", "label"), [
    ("killed_expected", "Expected deaths"), ("attacks_total.west", "Attacks (The west)"),
    ("attacks_in.2024q3", "Attacks in 2024 Q3"), ("killed_during.first", "Killed during Phase 1"),
    ("killed_during.rest", "Killed during phase Rest"), ("made_up", "made_up"),
    ("troops_moved_by.lift", "Troops moved by lift"), ("cargo_moved_by.dirt_road", "Equipment moved by dirt road"),
    ("troops_moved_by.air", "Troops moved by charter flights"),
])
def test_places_have_the_labels_of_the_scenario(scenario: Scenario, name: str, label: str) -> None:
    assert outcome_label(name, scenario) == label


def test_without_a_scenario_places_have_their_names() -> None:
    assert outcome_label("attacks_total.north_east") == "Attacks (North east)"


@pytest.mark.parametrize(("key", "label"), [
    ("phases.first.over_days", '"over days" of Phase 1'), ("phases.rest.over_days", '"over days" of phase Rest'),
    ("phases.first", "Phase 1"), ("attacks.elasticity", '"elasticity" of attacks'), ("deadline", "deadline"),
    ("theatres.west.sites.hub_1.weight", '"weight" of site Main hub of theatre The west'),
    ("couplings.attacks_to_response", "coupling Attacks to response"), ("phases.gone", "phase Gone"),
    ("lift.per_week", '"per week" of lift'), ("lift.air.per_week", '"per week" of mode charter flights'),
])
def test_keys_are_said_in_words(scenario: Scenario, key: str, label: str) -> None:
    assert key_label(undotted(key), [scenario]) == label


def test_a_label_that_says_what_it_is_is_not_told_so_again() -> None:
    assert kind_and_label("phase", "Phase 1") == "Phase 1"
    assert kind_and_label("phase", "Iraq, first phase") == "Iraq, first phase"
    assert kind_and_label("phase", "Iraq") == "phase Iraq"


def test_units_stand_where_the_label_does_not_say_them() -> None:
    assert with_unit("Exposure", "number", "troop-days") == "Exposure (troop-days)"
    assert with_unit("Exposure (Iraq)", "number", "troop-days") == "Exposure (Iraq; troop-days)"
    assert with_unit("Attacks", "number", "attacks") == "Attacks"
    assert with_unit("Date of completion", "day", "days after the start") == "Date of completion"


def test_labels_in_a_sentence_and_the_only_one_of_a_kind() -> None:
    assert [in_sentence(label) for label in ("Date of completion", "US strikes", "ISIS resurgence")] == [
        "date of completion", "US strikes", "ISIS resurgence"]
    assert (all_of(1, "future"), all_of(1200, "future")) == ("the only future", "all 1,200 futures")
