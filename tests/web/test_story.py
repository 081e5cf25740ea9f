"""The page tells a replication from its log as `sim.words.story` tells it from its states."""

import base64
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clocks.web import content, is_fresh
from clocks.wild import wild_tables
from hypothesis import HealthCheck, Phase, given, settings
from worlds import START, day

from sim.api.run import run
from sim.clocks.budget import GivenUp
from sim.clocks.compiled import CompiledClock
from sim.clocks.reference import ReferenceClock, play
from sim.model.setup import Model, set_up
from sim.report.scene import of_result
from sim.report.story import _notable
from sim.report.told import SENTENCES, cast, drawn, sentences
from sim.report.world import World
from sim.rules.state import TOLD_ATTACK, TOLD_HARM, TOLD_HELD, TOLD_KIND
from sim.rules.told import TOLD, Told
from sim.scenario.load import from_dict, load
from sim.words.labels import one_line
from sim.words.story import Event, trace
from tests.web.page_code import Call

SCENARIOS = sorted(Path(__file__).parents[2].glob("scenarios/**/*.toml"))
ORDERS = sorted(Path(__file__).parents[1].glob("valid/*.toml"))
ABOUT = ("history", "replication", "drawn", "today")
"""Kinds of events that do not come from the log."""
STATES = "equipment not all out"
"""Of what never happened, what the log does not tell."""
UNLESS_POSSIBLE = ("no fatal attack by the end", "no mass-casualty attack by the end")
"""The package leaves this out where a replication drew that there are no attacks at all."""
SAME_REASON = ("round", "report", "resumed", "ordered", "lapsed", "renewed")
"""Kinds of events whose reason the log tells in full."""
LEFT_OPEN = re.compile(r"[\[\]{}|]|undefined|null|NaN|  |^,|;$")
NUMBER = re.compile(r"\d[\d,.]*\d|\d")


def log_of(model: Model, replication: int, seed: int) -> list[dict[str, Any]]:
    """Return the log of the compiled clock as the page has it."""
    entries = CompiledClock(model, seed, np.zeros((0, 3), np.int64)).log(replication)
    return [dict(zip(entries.dtype.names, entry.tolist(), strict=True)) for entry in entries]


def subject_of(model: Model) -> dict[str, Any]:
    scenario = model.scenario
    deadline = {} if scenario.deadline is None else {"deadline": (scenario.deadline - scenario.start).days}
    return {"sentences": sentences(), "cast": cast(model), "horizon": model.parameters.horizon,
            "span": {"start": scenario.start.isoformat(), "end": scenario.end.isoformat()}, **deadline}


def facts(event: Any) -> tuple[Any, ...]:
    """Return what the two tell alike: when, where, what, and its numbers."""
    if isinstance(event, Event):
        return event.date.isoformat(), event.day, event.place, event.kind, event.amount, event.detail
    return tuple(event[name] for name in ("date", "day", "place", "kind", "amount", "detail"))


def beginning(text: str) -> str:
    """Return what the page has in the words of the package: up to where the package knows more."""
    return text.split(" until ")[0].split(";")[0].split(" in answer")[0].split(", its garrison")[0]


def check(page: list[dict[str, Any]], package: list[Event]) -> None:
    """Make sure that the page tells what the package tells, and says nothing that the package does not say."""
    ours = [event for event in package if event.kind not in ABOUT and not event.text.startswith(STATES)]
    said = {event.text for event in ours}
    page = [told for told in page if told["text"] not in UNLESS_POSSIBLE or told["text"] in said]
    assert [facts(event) for event in page] == [facts(event) for event in ours]
    for told, event in zip(page, ours, strict=True):
        everything = f"{event.text} {event.why}"
        if event.kind == "end":
            shared = ["attacks?", "killed", "(?:round|rounds) of talks", "strikes?"]
            for count in (re.findall(rf"[\d,]+ (?:\w+ )?{what}", told["text"]) for what in shared):
                assert set(count) <= set(re.findall("|".join(map(re.escape, count)), event.text)), (told, event)
            continue
        assert not Counter(NUMBER.findall(told["text"])) - Counter(NUMBER.findall(everything)), (told, event)
        if event.kind != "tension" and "date set" not in event.why:
            assert not Counter(NUMBER.findall(told["why"])) - Counter(NUMBER.findall(everything)), (told, event)
        if event.kind in SAME_REASON:
            assert told["why"].split("; ")[0] == event.why.split("; ")[0], (told, event)
        assert not LEFT_OPEN.search(told["text"] + told["why"]) or re.search(r"[\[{]", everything)
        assert event.text.startswith(beginning(told["text"])), (told, event)


@pytest.mark.parametrize("file", [*SCENARIOS, *ORDERS], ids=lambda file: file.stem)
def test_shipped_scenarios_are_told_alike(file: Path, call: Call) -> None:
    loaded = load(file)
    model = set_up(loaded.scenario)
    for replication in (0, 17):
        page = call("story", log_of(model, replication, 5), subject_of(model))
        check(page, trace(loaded, replication, 5))


def made_up(examples: int, call: Call) -> Counter[int]:
    """Compare what is told of made-up scenarios; return how often each code was told."""
    codes: Counter[int] = Counter()

    @settings(max_examples=examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(wild_tables())
    def compare(tables: dict[str, Any]) -> None:
        file = from_dict(tables)
        model = set_up(file.scenario)
        try:
            records = play(model, 3, 1)[2]
            package = trace(file, 1, 3)
        except (GivenUp, ArithmeticError):
            return
        codes.update(record.what for record in records)
        check(call("story", [record._asdict() for record in records], subject_of(model)), package)

    compare()
    return codes


def test_some_made_up_scenarios_are_told_alike(call: Call) -> None:
    assert made_up(20, call).total() > 500


@pytest.mark.exhaustive
def test_any_scenario_is_told_alike(call: Call) -> None:
    assert made_up(60, call).total() > 2_000


@pytest.mark.parametrize("entry", TOLD, ids=lambda entry: entry.name)
def test_every_code_is_told_whatever_its_numbers(entry: Told, call: Call) -> None:
    model = set_up(load("truce").scenario)
    process = model.parameters.process_lift
    for where in range(1 if entry.where not in ("milestone", "theatre") else model.parameters.theatres):
        for amount in (0, 1, 2):
            for detail in (0, 1, 2) if entry.code != TOLD_HELD else (1, 2, 3):
                record = {"time": 40.5, "process": process, "what": entry.code, "where": where, "amount": amount,
                          "detail": detail}
                kind = record | {"what": TOLD_KIND, "amount": 0}
                log = [record, kind] if entry.code == TOLD_ATTACK else [record]
                event = call("story", log, subject_of(model))[0]
                assert facts(event)[:2] == ("2024-03-23", 40.5)
                assert event["text"] or entry.code in (TOLD_KIND, TOLD_HARM)
                assert not LEFT_OPEN.search(event["text"] + event["why"]), event


def test_every_code_has_a_sentence() -> None:
    always = {one.code for one in SENTENCES if not one.when}
    by_driver = {one.code for one in SENTENCES if set(one.when) == {"detail"}}
    assert always | by_driver == {entry.code for entry in TOLD}
    assert {one.code for one in SENTENCES} == {entry.code for entry in TOLD}


def test_without_routine_it_is_the_story_of_the_article(call: Call, tmp_path: Path) -> None:
    result = run("gradual", replications=20, seed=5, out=tmp_path, figures=False)
    scene = of_result(result)
    for replication in (0, 17):
        kept = [event for event in _notable(scene, replication, trace(scene.file, replication, 5))
                if event.kind not in ABOUT]
        page = call("story", log_of(scene.model, replication, 5), subject_of(scene.model))
        assert [facts(event) for event in page if not event["routine"]] == [facts(event) for event in kept]
        assert 10 < len(kept) < len(page) / 2


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("gradual", {"lift.per_week": 300}), ("gradual", {"phases.iraq.delay_days": 60}),
    ("truce", {"couplings.contagion": False}), ("baseline", {"attacks.branching_ratio": 0.9}),
]


def steps_of(model: Model, replication: int, seed: int) -> list[list[tuple[Any, ...]]]:
    """Return what was told step by step, as the SimPy clock takes them."""
    records: list[Any] = []
    found: list[list[tuple[Any, ...]]] = []

    def observe(*_: Any) -> None:
        if records:
            found.append([(r.time, r.what, r.where, r.amount, r.detail) for r in records])
            records.clear()

    ReferenceClock(model, seed, replication, on_record=records.append).play(observe)
    return found


@pytest.mark.parametrize(("name", "changes"), CHANGES)
def test_base_and_changed_part_where_they_first_differ(name: str, changes: dict[str, Any], call: Call) -> None:
    models = [set_up(load(name, overrides).scenario) for overrides in ({}, changes)]
    parted = 0
    for replication in range(4):
        sides = [part for model in models for part in (log_of(model, replication, 2), subject_of(model))]
        found = call("parting", *sides)
        first, second = (steps_of(model, replication, 2) for model in models)
        same = next((i for i, (one, other) in enumerate(zip(first, second, strict=False)) if one != other), None)
        if same is None:
            assert first == second
            assert (found["date"], found["base"], found["changed"]) == (None, [], [])
            continue
        parted += 1
        start = models[0].scenario.start
        assert found["date"] == (start + timedelta(days=int(min(first[same][0][0], second[same][0][0])))).isoformat()
        assert len(found["together"]) == same
        for side, alone in ((0, found["base"]), (1, found["changed"])):
            whole = call("story", *sides[2 * side : 2 * side + 2])
            shared = [one.pop("shared") for one in alone]
            assert found["together"] + alone == whole
            assert not all(shared)
        assert any(first[:same])
    assert parted > 0


def test_what_is_the_same_never_parts(call: Call) -> None:
    model = set_up(load("gradual").scenario)
    side = log_of(model, 3, 2), subject_of(model)
    found = call("parting", *side, *side)
    assert (found["date"], found["base"], found["changed"]) == (None, [], [])
    assert found["together"] == call("story", *side)


def test_a_met_deadline_parts_from_a_missed_one(call: Call) -> None:
    """The log is the same; what is told of its end is not."""
    models = [set_up(load("gradual", {"deadline": end}).scenario) for end in (date(2025, 1, 1), date(2030, 12, 1))]
    found = call("parting", *(part for model in models for part in (log_of(model, 0, 2), subject_of(model))))
    assert [side[0]["why"].split("deadline ")[-1] for side in (found["base"], found["changed"])] == [
        "1 Jan 2025 missed", "1 Dec 2030 met"]
    assert [one["shared"] for one in found["base"]] == [True] * len(found["base"])


HOSTILE = "<script>{amount|troops}[x]</script> \u202e{phase} & $& $1"


def test_labels_are_text_and_not_sentences(call: Call) -> None:
    """What looks like a slot, a part, a tag or a pattern in a label stays as it is."""
    data = {"start": START, "end": day(100), "names": {"force": "{amount}", "threat": "[x]"},
            "theatres": {"north": {"label": HOSTILE, "troops": 900, "attacks_per_day": 2}},
            "response": {}, "threat": {}, "phases": {"out": {"label": HOSTILE, "theatre": "north", "start": day(3),
                                                            "target": 0, "over_days": 30}}}
    file = from_dict(data)
    model = set_up(file.scenario)
    page = call("story", log_of(model, 0, 1), subject_of(model))
    label = file.scenario.phases["out"].label
    begins = next(event for event in page if event["kind"] == "begins")
    assert begins["text"].startswith(f'"{one_line(label)}" begins: from 900 to 0 troops')
    assert begins["place"] == one_line(label)
    assert any(event["text"].startswith("{amount} strike in answer") for event in page)
    check(page, trace(file, 0, 1))


UNCERTAIN = {
    "start": START, "end": day(200), "lift": {"per_week": 700},
    "theatres": {"north": {"troops": {"dist": "normal", "mean": 1000, "sd": 1e-9, "low": 900, "high": 1100}, "sites": {
        "posts": {"count": 3, "garrison": {"dist": "uniform", "low": 1, "high": 9}},
        "base": {"hub": True, "closing_days": {"dist": "discrete", "values": [1e-7, 1234.5678]}}}}},
    "phases": {"out": {"theatre": "north", "target": 0, "over_days": 30,
                       "start": {"dist": "uniform", "low": day(3), "high": day(90)}}},
    "joint": {"together": {"keys": ["theatres.north.sites.posts.weight", "lift.spread"],
                           "rows": [[2, 0.5], [3, 0.25]]}},
}
"""Numbers of all sorts, some of them of sites that are alike, and a date."""


def test_a_drawn_number_is_written_as_in_the_trace(call: Call) -> None:
    file = from_dict(UNCERTAIN)
    model = set_up(file.scenario)
    listed = drawn(model, World(model, 1))
    for replication in range(6):
        events = [event for event in trace(file, replication) if event.kind == "drawn"]
        texts = [event.text.split(" = ") for event in events]
        assert [one["key"] for one in listed] == [key for key, _ in texts]
        assert [call("drawnText", one, event.amount, subject_of(model)["span"])
                for one, event in zip(listed, events, strict=True)] == [text.replace("-", "−") for _, text in texts]
    assert [one["is_date"] for one in listed].count(True) == 1
    assert {one["label"] for one in listed} >= {'"troops" of theatre North', '"spread" of lift'}


def test_a_drawn_number_stands_where_the_program_keeps_it(call: Call) -> None:
    """After a replication has been played in WebAssembly, by the page's own code; its log is that of the package."""
    if not is_fresh():
        pytest.skip("the WebAssembly program of the package is not made from these sources: python -m tools.build")
    program = base64.b64encode(content()).decode()
    for file in (load("gradual"), from_dict(UNCERTAIN)):
        model = set_up(file.scenario)
        world = World(model, 9)
        found = call("replayed", program, world.packed(), 17, [one["at"] for one in drawn(model, world)])
        assert found["values"] == [event.amount for event in trace(file, 17, 9) if event.kind == "drawn"]
        assert found["log"] == log_of(model, 17, 9)
