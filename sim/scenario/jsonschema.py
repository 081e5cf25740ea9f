"""The schema of scenario files as JSON Schema 2020-12, for editors that complete and check while you type."""

from typing import Any

from sim.scenario.schema import Scenario

WHOLE = ("Uniform", "Triangular", "Normal", "Lognormal", "Discrete", "UniformDates", "TriangularDates", "DiscreteDates",
         "CumulativeCount")
"""Tables that never merge with inherited ones, so they must be complete."""

REMOVE = {"const": True, "description": "Deletes the table inherited from the file that this one extends."}

EXTRAS = ("unit", "mark", "source", "span", "fitted")
"""What the schema says about a number besides its bounds."""


def json_schema() -> dict[str, Any]:
    """Return the schema as JSON Schema; units, marks and sources are in keys that begin with ``x-``.

    A required key may be in the file that a file extends. So only tables that never merge list their required keys, and
    the top level of a file that extends nothing.
    """
    schema = _plain(Scenario.model_json_schema())
    for name, table in schema["$defs"].items():
        if name not in WHOLE:
            table.pop("required", None)
            table["properties"]["remove"] = REMOVE
    _let_lift_be_a_mode(schema)
    required = schema.pop("required")
    schema["properties"]["extends"] = {
        "type": "string", "minLength": 1, "description": "The scenario file that this one builds on."}
    schema["properties"]["theatres_only"] = {
        "type": "array", "items": {"type": "string"}, "minItems": 1,
        "description": "The theatres to keep; all others go, with their phases, history and truces."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Drawdown scenario",
        **schema, "anyOf": [{"required": ["extends"]}, {"required": required}],
    }


def _let_lift_be_a_mode(schema: dict[str, Any]) -> None:
    """Allow the keys of a mode in ``[lift]`` itself."""
    lift, keys = schema["properties"]["lift"], schema["$defs"]["Mode"]["properties"]
    ((pattern, mode),) = lift["patternProperties"].items()
    lift["patternProperties"] = {pattern.replace("remove", f"(?:{'|'.join(keys)})"): mode}
    lift["properties"] = keys
    del lift["minProperties"], lift["maxProperties"]


def _plain(node: Any) -> Any:
    """Adapt a part of the validator's schema to TOML files: no null, no generated titles."""
    if isinstance(node, list):
        return [_plain(part) for part in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("anyOf"), list):
        (branch,) = [part for part in node["anyOf"] if part.get("type") != "null"]
        node = {**{key: value for key, value in node.items() if key != "anyOf"}, **branch}
    if "at_least" in node and "patternProperties" in node:  # freely named numbers
        said = {key: node.pop(key) for key in ("at_least", "at_most", "above", "absent", *EXTRAS)}
        node["patternProperties"] = {pattern: said | part for pattern, part in node["patternProperties"].items()}
    if "at_least" in node:
        node = _number(node)
    if node.get("day") is True:
        node = {key: value for key, value in node.items() if key not in ("day", "absent")}
    if "patternProperties" in node:
        patterns = {pattern.replace("^", "^(?!remove$)"): part for pattern, part in node["patternProperties"].items()}
        node = {**node, "patternProperties": patterns, "properties": {"remove": REMOVE}, "additionalProperties": False}
    return {key: value if key == "default" else _plain(value) for key, value in node.items()
            if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)}


def _number(node: dict[str, Any]) -> dict[str, Any]:
    """Write the bounds of a number as JSON Schema does, and its other properties in keys of our own."""
    bounds = {"exclusiveMinimum": node["above"]} if node["above"] is not None else {"minimum": node["at_least"]}
    if node["at_most"] != float("inf"):
        bounds["maximum"] = node["at_most"]
    extras = {f"x-{key}": node[key] for key in EXTRAS if node[key]}
    rest = {key: value for key, value in node.items()
            if key not in ("at_least", "at_most", "above", "absent", "whole", "oneOf", *EXTRAS)}
    plain, *distributions = node["oneOf"]
    return {**rest, **extras, "oneOf": [{**plain, **bounds}, *distributions]}
