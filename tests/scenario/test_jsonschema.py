import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sim.scenario.jsonschema import json_schema
from sim.scenario.load import load
from sim.scenario.resolve import as_data

TESTS = Path(__file__).parents[1]
FILES = sorted((TESTS / "valid").glob("*.toml"))
SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def complaints(data: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(data)]


def test_it_is_a_json_schema_without_infinities_or_nulls() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    text = json.dumps(SCHEMA, allow_nan=False)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert '{"type": "null"}' not in text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_valid_files_are_valid_as_written_and_as_resolved(path: Path) -> None:
    assert complaints(as_json(tomllib.loads(path.read_text()))) == []
    assert complaints(as_data(load(path).scenario)) == []


@pytest.mark.parametrize("name", [
    "unknown_key_near", "unknown_key_far", "unknown_table", "unknown_key_in_list", "dist_unknown_key", "dist_unknown",
    "dist_incomplete", "name_capital", "name_too_long", "type_number_is_text", "type_switch_is_number", "type_choice",
    "type_list_of_numbers", "bound_negative", "bound_exclusive", "bound_whole_number", "start_missing",
    "precision_half_width", "precision_name", "precision_name_without_quotes", "precision_is_number",
    "practical_size", "practical_name",
])
def test_invalid_files_are_invalid(name: str) -> None:
    assert complaints(as_json(tomllib.loads((TESTS / "invalid" / f"{name}.toml").read_text())))


def test_what_an_editor_shows_of_a_number() -> None:
    branching = SCHEMA["$defs"]["Attacks"]["properties"]["branching_ratio"]
    assert branching["oneOf"][0] == {"type": "number", "minimum": 0.0, "maximum": 0.95}
    assert {key: value for key, value in branching.items() if key != "oneOf"} == {
        "default": 0.35, "description": "Mean number of further attacks that an attack sets off directly.",
        "x-unit": "ratio", "x-mark": "literature", "x-span": [0.2, 0.5], "x-fitted": True,
        "x-source": "Lewis et al. 2012; regimes first, modest self-excitation"}
    pace = SCHEMA["$defs"]["Phase"]["properties"]["per_week"]
    assert pace["oneOf"][0] == {"type": "number", "minimum": 0.1, "maximum": 1e6}
    assert "default" not in pace
    between = SCHEMA["$defs"]["Phase"]["properties"]["tranche_days"]
    assert between["oneOf"][0] == {"type": "number", "exclusiveMinimum": 0, "maximum": 3650.0}
