import json
import math
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.keys import values
from sim.scenario.load import from_dict, load
from sim.scenario.resolve import as_data, resolve_text, toml

VALID = Path(__file__).parents[1] / "valid"
FILES = sorted(VALID.glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_resolved_scenario_loads_to_an_equal_one(path: Path, tmp_path: Path) -> None:
    loaded = load(path)
    text = resolve_text(loaded)
    (tmp_path / path.name).write_text(text)
    again = load(tmp_path / path.name)
    assert again.scenario == loaded.scenario
    assert [key for key, _ in values(again.scenario)] == [key for key, _ in values(loaded.scenario)]
    assert from_dict(tomllib.loads(text)).scenario == loaded.scenario


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_value_stands_in_the_resolved_scenario_with_its_origin(path: Path) -> None:
    loaded = load(path)
    text = resolve_text(loaded)
    given = sum(value is not None for _, value in values(loaded.scenario))
    assert sum(" = " in line.partition("#")[0] and not line.startswith(" ") for line in text.splitlines()) == given
    assert text.count("  # ") == given


def test_lines_of_the_resolved_scenario() -> None:
    lines = resolve_text(load(VALID / "uncertain.toml", ["cost.per_troop_moved=0.03"])).splitlines()
    for line in [
        'title = "Everything at once"  # whole.toml:2',
        "start = 2024-02-12  # whole.toml:4; assumed; stated in whole.toml",
        'troops = { dist = "triangular", low = 2300, mode = 2500, high = 2700 }  '
        "# uncertain.toml:4; assumed; stated in uncertain.toml",
        "hub = true  # whole.toml:13; assumed; stated in whole.toml",
        'label = ""  # default',
        "fixed_per_day = 4  # whole.toml:117; assumed; stated in whole.toml; held fixed, could be "
        '{ dist = "uniform", low = 2, high = 8 }',
        "per_troop_moved = 0.03  # --set; assumed; set on the command line; held fixed, could be "
        '{ dist = "uniform", low = 0.01, high = 0.05 }',
        "severity_exponent = { dist = \"discrete\", values = [2.3, 2.5, 2.7], weights = [1, 2, 1] }  "
        "# uncertain.toml:18; assumed; stated in uncertain.toml",
        "wounded_per_death = 7  # default; derived; Iraq 2003-2011; held fixed, could be "
        '{ dist = "uniform", low = 4, high = 11 }',
        "# threat_at_most is not given: The phase starts only while threat divided by capability is at most "
        "this.",
        "[theatres.iraq.sites.west]",
        "  { date = 2023-11-08, total = 22 },",
        "]  # whole.toml:123; reported; Pentagon counts",
        "  [0.4, 12],",
        "[precision]",
        "completion_day = 2  # whole.toml:134",
        'attacks_total = "1%"  # whole.toml:135',
        '"attacks_total:q95" = 20  # whole.toml:136',
    ]:
        assert line in lines
    assert ("# [lift] is not given: Shared transport; unlimited if left out. [lift] is one mode, [lift.NAME] another."
            in resolve_text(load(VALID / "minimal.toml")).splitlines())


def test_what_is_drawn_from_the_record_says_so() -> None:
    tables = tomllib.loads((VALID / "whole.toml").read_text())
    phase = next(iter(tables["phases"]))
    tables["phases"][phase] |= {"kind": "handover", "redatings": 2}
    lines = resolve_text(from_dict(tables)).splitlines()
    assert "redatings = 2  # scenario; assumed; stated in scenario" in lines
    assert "# redating_days is drawn for plans of kind handover (derived; the record of 46 drawdowns, drawn by the " \
        "kind of plan: docs/record.md): By how much it moves back each time." in lines


def test_a_comment_cannot_break_out_of_its_line() -> None:
    tables = tomllib.loads((VALID / "minimal.toml").read_text())
    tables["sources"] = {"theatres.iraq.troops": "article: first\nend = 1999-01-01\x07\u2028!"}
    text = resolve_text(from_dict(tables))
    assert "troops = 2500  # scenario; article; first\\nend = 1999-01-01\\x07\\u2028!" in text.splitlines()
    assert from_dict(tomllib.loads(text)).scenario == from_dict(tables).scenario


SCALARS = (st.booleans() | st.text() | st.integers(-2**60, 2**60) | st.dates()
           | st.floats(allow_nan=False, allow_infinity=False))


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10))
def test_values_are_written_as_toml(value: Any) -> None:
    assert tomllib.loads(f"value = {toml(value)}")["value"] == value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_plain_data_is_json_without_infinities(path: Path) -> None:
    scenario = load(path).scenario
    data = as_data(scenario)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    plain = dict(_flat(data))
    assert plain["start"] == scenario.start.isoformat()
    assert None not in plain.values()
    assert not any(isinstance(value, date) or value in (math.inf, -math.inf) for value in plain.values())
    assert ("cost" in data) == (scenario.cost is not None)
    assert plain["closing.crews"] == scenario.closing.crews


def _flat(data: Any, key: str = "") -> list[tuple[str, Any]]:
    if not isinstance(data, dict):
        return [] if isinstance(data, list) else [(key.removeprefix("."), data)]
    return [pair for part, value in data.items() for pair in _flat(value, f"{key}.{part}")]
