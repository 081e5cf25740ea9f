"""Traces of a scenario in which everything happens: what is told adds up, and is told in words."""

import csv
import io
import math
import re
from collections import Counter
from datetime import date

import pytest

from sim.clocks.reference import play
from sim.model.setup import set_up
from sim.rules import state as codes
from sim.scenario.load import from_dict
from sim.scenario.places import EXECUTION
from sim.words.labels import date_of, label, labels, one_line
from sim.words.phrases import date_text, days, some
from sim.words.story import WORDS, Event, as_csv, as_text, trace

CODES = {name: value for name, value in vars(codes).items() if name.startswith("TOLD_")}
RICH = {
    "title": "Everything\nat once", "start": date(2024, 2, 12), "end": date(2025, 8, 31),
    "deadline": date(2025, 6, 1), "follow_up_days": 30,
    "theatres": {
        "west_iraq": {"troops": 2500, "attacks_per_day": 0.05, "sites": {
            "small_one": {"closing_days": 10}, "small_two": {},
            "hub_west": {"hub": True, "weight": 5, "cargo_per_troop": 0.5}}},
        "north_syria": {
            "troops": 900, "attacks_per_day": {"dist": "uniform", "low": 0.02, "high": 0.06},
            "true_over_reported": {"dist": "uniform", "low": 1.0, "high": 2.3},
            "sites": {"outpost": {}, "base_green": {"label": 'Green, "the" Village', "hub": True, "weight": 3}}},
        "south_iraq": {"troops": 210, "sites": {
            "south_gate": {"handover_on": date(2024, 4, 2)}, "south_tower": {}, "south_yard": {"hub": True}}}},
    "phases": {
        "first_out": {"label": "First phase", "theatre": "west_iraq", "after": "agreement", "delay_days": 10,
                      "target": 1000, "over_days": 120, "hold_after_fatal_days": 14, "hold_when_suspended": True,
                      "hold_above_threat": 1.2, "hold_at_most_days": 40, "faster_after": "demand", "kind": "conditions",
                      "unevenness": 0.3},
        "all_out": {"theatre": "west_iraq", "after": "phases.first_out", "target": 0, "over_days": 100,
                    "hold_after_fatal_days": 5, "after_hold": "catch_up"},
        "syria_out": {"theatre": "north_syria", "start": date(2024, 6, 1), "target": 0, "over_days": 200,
                      "cancel_after": "resurgence", "quiet_days": 20, "threat_at_most": 1.3,
                      "hold_above_threat": 1.2, "hold_at_most_days": 40},
        "pull_in": {"theatre": "south_iraq", "start": date(2024, 5, 3), "keep": {"south_tower": 90},
                    "to": ["south_yard"], "over_days": 51},
        "surge": {"theatre": "north_syria", "after": "resurgence", "reinforce": True, "target": 1500,
                  "per_week": 200}},
    "lift": {"per_week": 300, "cargo_per_week": 0, "dirt_road": {"per_week": 0}}, "closing": {"crews": 1},
    "attack_kinds": {"one_way_drone": {"label": "One-way drone", "weight": 6, "gets_through": 0.4},
                     "ied": {"label": "IED"}},
    "tension": {"initial": "high", "high_multiplier": 5, "mean_high_days": 60, "mean_low_days": 60},
    "suppressions": {"spring_truce": {"start": date(2024, 3, 11), "mean_days": 30},
                     "tied": {"start": date(2024, 4, 1), "while_talks": "progressing", "end_chance_per_day": 0.02,
                              "factor": 0.5}},
    "response": {"chance_after_attack": 0.1},
    "talks": {"first_round": date(2024, 2, 12), "stall_after_days": 50, "breakdown_chance": 0.05},
    "working_groups": {"isis_threat": {"label": "Level of threat"}, "needs": {"work_days": 80}},
    "pressure": {"demand_chance": 0.002},
    "threat": {"resurgence": 1.5},
    "joint": {"fit": {"keys": ["casualties.harm_chance", "attacks.elasticity"], "rows": [[0.4, 0.1], [0.3, 0.9]]}},
}
REPLICATIONS = 40


@pytest.fixture(scope="module")
def file():
    return from_dict(RICH, "rich")


@pytest.fixture(scope="module")
def told(file):
    return [trace(file, replication, seed=3) for replication in range(REPLICATIONS)]


@pytest.fixture(scope="module")
def played(file):
    model = set_up(file.scenario)
    return [play(model, 3, replication) for replication in range(REPLICATIONS)]


def test_every_code_has_words():
    assert set(WORDS) == set(CODES.values())
    assert len(set(CODES.values())) == len(CODES)


def test_everything_that_can_be_told_is_told_here(played):
    seen = {record.what for _, _, records in played for record in records}
    assert [name for name, code in CODES.items() if code not in seen] == []


def test_every_step_that_tells_something_is_one_event(told, played):
    """No two steps of this scenario tell something at exactly the same time, but for those of one process."""
    frame = {"history", "replication", "drawn", "today", "end", "never"}
    for events, (_, _, records) in zip(told, played, strict=True):
        main = [event for event in events if event.kind not in frame]
        assert {event.day for event in main} == {record.time for record in records}
        assert [event.day for event in main] == sorted(event.day for event in main)
        clauses = sum(len(event.text.split("; ")) for event in main)
        whole = sum(record.what not in (codes.TOLD_KIND, codes.TOLD_HARM) for record in records)
        assert clauses >= whole  # some clauses come in two parts, none is lost


def test_counts_add_up_to_the_state_at_the_end(told, played):
    for events, (state, _, _) in zip(told, played, strict=True):
        kinds = Counter(event.kind for event in events)
        attacks = [event for event in events if event.kind == "attack"]
        assert len(attacks) == sum(state.attacks)
        assert sum(event.amount for event in attacks) == sum(state.killed)
        assert sum(event.detail for event in attacks) == sum(state.wounded_first)
        assert sum(final_count(event.text) for event in attacks) == sum(state.wounded_final)
        assert kinds["strike"] == sum(state.strikes)
        assert kinds["round"] == state.rounds
        assert kinds["report"] == state.reports
        loads = [int(n.replace(",", "")) for event in events for n in re.findall(LOAD, event.text)]
        assert (len(loads), sum(loads)) == (state.loads, sum(state.moved))
        boxes = [int(n.replace(",", "")) for event in events for n in re.findall(BOXES, event.text)]
        assert (len(boxes), sum(boxes)) == (state.cargo_loads, sum(state.cargo_moved))
        out = sum("the last equipment is out" in event.text for event in events)
        assert out == (state.cargo_out_at < math.inf)
        drivers = Counter(event.why.split(" ")[0] for event in attacks)
        assert [drivers[word] for word in ("background,", "driven", "part")] == state.attacks_by_driver
        suspensions = sum("talks suspended until" in event.text for event in attacks)
        assert suspensions == state.suspensions


BOXES = r"([\d,]+) box(?:es)? of equipment leaves? under"
LOAD = r"([\d,]+) (?:troops|soldier) (?:leaves? under|sets? out for)"


def final_count(text):
    found = re.search(r"([\d,]+) wounded(?: \(([\d,]+) in the end\))?", text)
    return int((found[2] or found[1]).replace(",", "")) if found else 0


def test_nothing_but_words_and_finite_numbers(told, file):
    keys = r"north_syria|west_iraq|small_one|small_two|hub_west|base_green|first_out|all_out|syria_out|spring_truce" \
           r"|south_iraq|pull_in|one_way|isis_threat|mass_casualty|dirt_road|cargo"
    for events in told:
        for event in events:
            assert not re.search(rf"\b(inf|nan|None|True|False)\b|\de[+-]|{keys}", event.why)
            if event.kind != "drawn":
                assert not re.search(rf"\b(inf|nan|None|True|False)\b|\de[+-]|{keys}", event.text)
            assert event.text == event.text.strip() != ""
            assert "\n" not in event.text + event.why
            assert file.scenario.start <= event.date <= file.scenario.end


def test_csv_gives_back_every_event(told):
    for events in told[:5]:
        rows = csv.DictReader(io.StringIO(as_csv(events)))
        assert [Event(date.fromisoformat(row["date"]), float(row["day"]), row["place"], row["kind"], row["text"],
                      row["why"], float(row["amount"]), float(row["detail"])) for row in rows] == events
    assert as_csv([]) == "date,day,place,kind,text,why,amount,detail\n"


def test_the_heading_holds_what_was_drawn(told, played, file):
    parameters = played[4][1]
    drawn = {event.text.split(" = ")[0]: event.amount for event in told[4] if event.kind == "drawn"}
    assert drawn == {
        "theatres.north_syria.attacks_per_day": parameters.theatre_attacks_per_day[1],
        "theatres.north_syria.true_over_reported": parameters.theatre_true_over_reported[1],
        "casualties.harm_chance": parameters.casualties_harm_chance,
        "attacks.elasticity": parameters.attacks_elasticity,
        **{f"phases.first_out.{key}": getattr(parameters, f"phase_{key}")[0]
           for key in EXECUTION if key != "unevenness"},
    }
    lines = as_text(told[4], file).splitlines()
    assert lines[:4] == ["Everything at once",
                         "Replication 4 of seed 3: one possible course of events among many, not a forecast.",
                         "", "Uncertain numbers drawn for it:"]
    assert f"  attacks.elasticity = {parameters.attacks_elasticity:g}" in lines[4:8]
    assert lines[14] == ""
    assert lines[15].startswith("12 Feb 2024: today: 2,500 troops in West iraq, ")


def test_a_replication_is_told_the_same_again_and_others_otherwise(told, file):
    assert trace(file, 7, seed=3) == told[7]
    assert trace(file, 7, seed=4)[10:] != told[7][10:]
    assert told[6][10:] != told[7][10:]


def test_labels_are_numbered_as_in_the_model(file):
    names = set_up(file.scenario).names
    for kind in ("theatres", "sites", "phases", "modes", "kinds", "suppressions", "groups", "milestones"):
        assert len(labels(file.scenario, kind)) == len(names[kind])
    assert names["sites"][3:5] == ["north_syria/outpost", "north_syria/base_green"]
    assert labels(file.scenario, "sites")[:5] == [
        "Small one", "Small two", "Hub west", "Outpost", 'Green, "the" Village']
    assert label(file.scenario, "phases", 1) == "All out"
    assert label(file.scenario, "kinds", 1) == "IED"
    assert label(file.scenario, "milestones", names["milestones"].index("demand")) == "Demand to leave"
    assert label(file.scenario, "milestones", names["milestones"].index("phases.surge")) == "Surge at its target"
    with pytest.raises(ValueError, match="nothing is called colours"):
        labels(file.scenario, "colours")


def test_dates_are_written_in_english_whatever_the_locale(file):
    written = [date_text(date(2024, month, month)) for month in range(1, 13)]
    assert written == ["1 Jan 2024", "2 Feb 2024", "3 Mar 2024", "4 Apr 2024", "5 May 2024", "6 Jun 2024",
                       "7 Jul 2024", "8 Aug 2024", "9 Sep 2024", "10 Oct 2024", "11 Nov 2024", "12 Dec 2024"]
    assert date_of(file.scenario, 1.99) == date(2024, 2, 13)
    assert date_of(file.scenario, -0.5) == date(2024, 2, 11)
    assert date_of(file.scenario, 1e9) == file.scenario.end


@pytest.mark.parametrize(("number", "written"), [
    (0.0, "0"), (0.0004, "less than 0.001"), (0.04512, "0.045"), (0.0996, "0.1"), (0.5, "0.5"), (1.0, "1"),
    (9.96, "10"), (12.4, "12"), (1234.0, "1,234")])
def test_numbers_have_two_digits_and_no_powers_of_ten(number, written):
    assert some(number) == written


def test_lengths_of_time_and_single_lines():
    assert [days(n) for n in (0.4, 1.2, 1.6, 14.0, 3650.0)] == \
        ["less than a day", "1 day", "2 days", "14 days", "3,650 days"]
    assert one_line("  a\tb\n\x1b[31mc ") == "a b [31mc"
