"""The schema of scenario files as JSON Schema 2020-12, for editors that complete and check as one types."""

from typing import Any

from sim.scenario.schema import Scenario

WHOLE = ("Uniform", "Triangular", "Normal", "Lognormal", "Discrete", "CumulativeCount")
"""Tables that never merge with an inherited one, and so must always be complete."""

REMOVE = {"const": True, "description": "Deletes the table inherited from the file that this one extends."}

EXTRAS = ("unit", "mark", "source", "span", "fitted")
"""What is known of a number besides its bounds."""


def json_schema() -> dict[str, Any]:
    """Return the schema as JSON Schema; units, marks and sources stand in keys that begin with ``x-``.

    A file may leave to the file it extends what is otherwise required, so only tables that never merge state what
    they require, and the top level where nothing is extended.
    """
    schema = _plain(Scenario.model_json_schema())
    for name, table in schema["$defs"].items():
        if name not in WHOLE:
            table.pop("required", None)
            table["properties"]["remove"] = REMOVE
    required = schema.pop("required")
    schema["properties"]["extends"] = {
        "type": "string", "minLength": 1, "description": "The scenario file that this one builds on."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Drawdown scenario",
        **schema, "anyOf": [{"required": ["extends"]}, {"required": required}],
    }


def _plain(node: Any) -> Any:
    """Bring a part of the validator's schema into the form that TOML files need: no null, no generated titles."""
    if isinstance(node, list):
        return [_plain(part) for part in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("anyOf"), list):
        (branch,) = [part for part in node["anyOf"] if part.get("type") != "null"]
        node = {**{key: value for key, value in node.items() if key != "anyOf"}, **branch}
    if "at_least" in node:
        node = _number(node)
    if "patternProperties" in node:
        patterns = {pattern.replace("^", "^(?!remove$)"): part for pattern, part in node["patternProperties"].items()}
        node = {**node, "patternProperties": patterns, "properties": {"remove": REMOVE}, "additionalProperties": False}
    return {key: value if key == "default" else _plain(value) for key, value in node.items()
            if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)}


def _number(node: dict[str, Any]) -> dict[str, Any]:
    """State bounds as JSON Schema does, and the rest of what is known of a number in keys of our own."""
    bounds = {"exclusiveMinimum": node["above"]} if node["above"] is not None else {"minimum": node["at_least"]}
    if node["at_most"] != float("inf"):
        bounds["maximum"] = node["at_most"]
    extras = {f"x-{key}": node[key] for key in EXTRAS if node[key]}
    rest = {key: value for key, value in node.items()
            if key not in ("at_least", "at_most", "above", "absent", "oneOf", *EXTRAS)}
    plain, *distributions = node["oneOf"]
    return {**rest, **extras, "oneOf": [{**plain, **bounds}, *distributions]}
