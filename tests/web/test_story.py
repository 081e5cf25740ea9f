"""The page tells a replication from its log as `sim.words.story` tells it from its states."""

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from worlds import START, day

from clocks.wild import wild_tables
from sim.clocks.budget import GivenUp
from sim.clocks.compiled import CompiledClock
from sim.clocks.reference import play
from sim.model.setup import Model, set_up
from sim.report.scene import of_result
from sim.report.story import _notable
from sim.report.told import SENTENCES, cast, sentences
from sim.rules.told import TOLD
from sim.scenario.load import ScenarioFile, from_dict, load
from sim.words.story import Event, trace
from tests.web.page_code import Call

SCENARIOS = sorted(Path(__file__).parents[2].glob("scenarios/**/*.toml"))
ORDERS = sorted(Path(__file__).parents[1].glob("valid/*.toml"))
ABOUT = ("history", "replication", "drawn", "today")
"""Kinds of events that do not come from the log."""
STATES = "equipment not all out"
"""Of what never happened, what the log does not tell."""
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


def check(page: list[dict[str, Any]], package: list[Event]) -> None:
    """Make sure that the page tells what the package tells, and says nothing that the package does not say."""
    ours = [event for event in package if event.kind not in ABOUT and not event.text.startswith(STATES)]
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
        assert not re.search(r"[\[\]{}|]|undefined|null|NaN|  ", told["text"] + told["why"]) or "[" in everything
        begins = told["text"].split(" until ")[0].split(";")[0].split(" in answer")[0].split(", its garrison")[0]
        assert event.text.startswith(begins), (told, event)


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
    assert made_up(10, call).total() > 500


@pytest.mark.exhaustive
def test_any_scenario_is_told_alike(call: Call) -> None:
    assert set(made_up(400, call)) == {entry.code for entry in TOLD}


def test_every_code_has_a_sentence() -> None:
    always = {one.code for one in SENTENCES if not one.when}
    by_driver = {one.code for one in SENTENCES if set(one.when) == {"detail"}}
    assert always | by_driver == {entry.code for entry in TOLD}
    assert {one.code for one in SENTENCES} == {entry.code for entry in TOLD}


def test_x(call: Call) -> None:
    pass
