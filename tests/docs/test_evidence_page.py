"""The page on what no data inform: complete, and in step with the stored figures and with the model."""

import re

import evidence_tables
import pytest
import tables
from pydantic_core import PydanticUndefined

from sim.evidence.hinges import is_number, measure, outcomes
from sim.scenario.keys import general, spot_at, values
from sim.scenario.load import load

PAGE = evidence_tables.PAGE.read_text(encoding="utf-8")
LINES = re.findall(r"^\| [^|]*<br>`([^`]+)` \|", PAGE, re.MULTILINE)
GRADUAL = tables.SCENARIOS / "gradual.toml"


def test_every_assumed_number_of_a_shipped_scenario_has_its_line():
    assumed = set()
    for path in sorted(tables.SCENARIOS.glob("*.toml")):
        file = load(path)
        assumed |= {general(key) for key, value in values(file.scenario) if value is not None
                    and is_number(spot_at(key)) and file.origins[tables.dotted(key)].mark in ("", "assumed")}
    assert len(assumed) > 60
    assert assumed <= set(LINES)


def test_every_assumed_default_of_the_schema_has_its_line():
    numbers = {tables.dotted((*path, name)): spot
               for path, table in tables._tables() for name, spot in tables._keys(path, table)}
    assumed = {key for key, spot in numbers.items() if is_number(spot)
               and spot.field.default not in (None, PydanticUndefined)
               and (spot.numeric is None or spot.numeric["mark"] == "assumed")}
    assert {"closing.crews", "phases.NAME.faster_by"} <= assumed
    assert assumed <= set(LINES)


def test_each_number_has_one_line_and_each_text_a_number():
    assert sorted(LINES) == sorted(set(LINES))
    assert set(LINES) == evidence_tables.texts().keys() == evidence_tables.lines().keys()


def test_the_prose_names_every_number_on_which_much_depends():
    prose = PAGE.partition("## What no data inform")[2].partition("### Much depends on these")[0]
    named = set(re.findall(r"`([a-z_]+\.[\w.]+)`", prose))
    much = {name for name, line in evidence_tables.lines().items() if line.most >= evidence_tables.MUCH}
    little = {name for name, line in evidence_tables.lines().items() if line.most < evidence_tables.SOMETHING}
    assert much <= named
    assert not named & little


def test_figures_are_stored_for_every_number_with_a_range_between_the_ends_of_today():
    stored = {}
    for effect in evidence_tables.read():
        stored.setdefault(effect.number, []).append(effect)
    moved = {name: line.number for name, line in evidence_tables.lines().items()
             if line.file.name == "gradual" and line.number.moves}
    assert stored.keys() == moved.keys()
    for name, effects in stored.items():
        assert [effect.outcome for effect in effects] == outcomes(load(GRADUAL))
        for effect in effects:
            (move,) = [move for move in moved[name].moves if effect.alone in ("", *move)]
            assert effect.low == pytest.approx(sum(low for low, _ in move.values()), rel=1e-5)
            assert effect.high == pytest.approx(sum(high for _, high in move.values()), rel=1e-5)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["threat.noise", "lift.NAME.per_week", "closing.crews"])
def test_stored_figures_are_those_of_the_model(name):
    """Up to a tenth of an interval: another C library may give a few attacks more or less."""
    stored = {effect.outcome: effect for effect in evidence_tables.read() if effect.number == name}
    measured = measure(GRADUAL, [name], evidence_tables.REPLICATIONS)
    assert [effect.outcome for effect in measured] == list(stored)
    for effect in measured:
        slack = 0.05 * (effect.ci_high - effect.ci_low) + 1e-5 * abs(effect.difference)
        assert stored[effect.outcome].difference == pytest.approx(effect.difference, abs=slack, rel=0), \
            "run python docs/evidence_tables.py"


def test_cells_of_the_tables():
    lines, line = evidence_tables.lines(), evidence_tables.lines()["pressure.demand_chance"]
    assert evidence_tables._known(line) == "assumed"
    assert evidence_tables._rests(line) == "judgement"
    first, second, _ = evidence_tables._moves(line).split("<br>")
    assert re.fullmatch(r"Demand to leave \+\d\d points \(\+1\.00\)", first)  # no demand at the low end
    assert re.fullmatch(r"Date of completion -\d{3} days \(-0\.\d\d\)", second)
    assert evidence_tables._rests(lines["casualties.fatal_chance"]).startswith("one attack in about 170 was fatal")
    assert evidence_tables._known(lines["casualties.fatal_chance"]) == "can be fitted"
    assert evidence_tables.ranges(lines["attack_kinds.NAME.gets_through"].number) == ["0.1–0.3", "0.4–0.8", "0.2–0.6"]
    assert evidence_tables._moves(lines["phases.NAME.faster_by"]) == "no visible effect"
