"""Turns errors of the schema's validator into messages for somebody who writes scenario files."""

from typing import Any, get_args

from annotated_types import Ge, Le
from pydantic_core import ErrorDetails

from sim.scenario.dates import date_fault
from sim.scenario.days import DateDistribution
from sim.scenario.errors import shown, suggest
from sim.scenario.fields import Distribution, Table, allowed_text, plain
from sim.scenario.keys import Spot, dotted, spot_at
from sim.scenario.lines import KeyPath
from sim.scenario.precision import NAME_RULES as OUTCOME_RULES
from sim.scenario.schema import Scenario

NAME_RULE = "names consist of lower-case letters, digits and _, begin with a letter and have at most 40 characters"

GONE = {
    "threat.sensitivity": "threat.rests_without says where the index comes to rest with nobody left",
    "threat.holding_pressure": "threat.rests_today says where the index comes to rest with today's presence",
    "threat.enablers_weight": "threat.rests_without says what enablers do, threat.capability_elasticity what the host "
                              "nation's forces do",
}
"""Keys of earlier versions, and what has taken their place."""

LARGEST = 10**15
"""Bounds above this are not shown."""
EXPECTED = {
    "bool_type": "true or false",
    "string_type": "text in quotes",
    "string_unicode": "text in UTF-8",
    "date_type": "a date like 2024-02-12 without quotes",
    "list_type": "a list in square brackets",
}


def wording(details: ErrorDetails, path: KeyPath, root: type[Table] = Scenario) -> str:
    """Return a line that says what is wrong at a path of a file, and what is allowed there."""
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    spot, parent = spot_at(path, root), spot_at(path[:-1], root)
    if kind == "date_type" and isinstance(value, str) and (fault := date_fault(value)):
        return f"must be {EXPECTED[kind]}; {fault.partition('; ')[0]}"
    if kind in EXPECTED:
        return f"must be {EXPECTED[kind]}, not {shown(value)}"
    if kind in ("float_type", "finite_number"):
        return f"must be {_number(spot)}, not {shown(value)}"
    if kind in ("int_type", "int_from_float", "greater_than_equal", "less_than_equal"):
        return f"must be {_whole_number(spot)}, not {shown(value)}"
    match kind:
        case "missing":
            return _missing(spot, distribution_of(parent, details))
        case "extra_forbidden" if path[0] == "outcomes" and len(path) == 3 and isinstance(value, dict):
            return f"a name with a dot must be in quotes, [{dotted((path[0], f'{path[1]}.{path[2]}'))}]"
        case "extra_forbidden":
            return _unknown_key(path, root, parent, distribution_of(parent, details))
        case "model_type" | "dict_type":
            entry = spot_at((*path, "NAME"), root)
            header = dotted((*path, "NAME") if entry is not None and entry.is_table else path)
            return f"must be a table, [{header}], not {shown(value)}"
        case "literal_error":
            allowed = context["expected"].replace("'", '"')
            return f"must be {'one of ' if allowed.count(chr(34)) > 2 else ''}{allowed}, not {shown(value)}"
        case "string_pattern_mismatch" | "string_too_long" if path[0] in OUTCOME_RULES:
            return f"is not the name of an outcome; {OUTCOME_RULES[str(path[0])]}"
        case "string_pattern_mismatch":
            return f"is not a possible name; {NAME_RULE}"
        case "string_too_long" if details["loc"][-1] == "[key]":
            return f"is too long for a name; {NAME_RULE}"
        case "string_too_long":
            return f"must have at most {context['max_length']} characters, not {len(value)}"
        case "string_too_short":
            return "must not be empty; leave it out for the default"
        case "too_short":
            return f"must have at least {_entries(context['min_length'])}"
        case "too_long":
            return f"must have at most {_entries(context['max_length'])}, not {len(value):,}"
        case "bad_size" if isinstance(value, dict) and value:
            return f'{details["msg"]}; a name with a dot must be in quotes, "{path[-1]}.{next(iter(value))}"'
        case "greater_than":
            return f"must be above {context['gt']:g}, not {shown(value)}"
    return details["msg"]


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _number(spot: Spot | None) -> str:
    bounds = allowed_text(spot.numeric) if spot is not None and spot.numeric else ""
    return f"a number {bounds}".rstrip()


def _whole_number(spot: Spot | None) -> str:
    if spot is not None and spot.numeric:
        return f"a whole number {allowed_text(spot.numeric)}".rstrip()
    bounds: dict[Any, Any] = {type(b): b for b in spot.field.metadata} if spot is not None and spot.field else {}
    if Ge in bounds and Le in bounds and bounds[Le].le < LARGEST:
        return f"a whole number from {plain(bounds[Ge].ge)} to {plain(bounds[Le].le)}"
    return "a whole number" + (f" of at least {plain(bounds[Ge].ge)}" if Ge in bounds else "")


def distribution_of(parent: Spot | None, details: ErrorDetails) -> type[Table] | None:
    """Return the distribution that contains a wrong key, if any; its tag comes before the key in the location."""
    if parent is None or not (parent.numeric or parent.is_day):
        return None
    kinds: dict[Any, type[Table]] = {
        kind.__name__.lower().removesuffix("dates"): kind
        for kind in get_args(Distribution if parent.numeric else DateDistribution)}
    return kinds.get(details["loc"][-2])


def _missing(spot: Spot | None, distribution: type[Table] | None) -> str:
    if distribution:
        needed = [key for key, field in distribution.model_fields.items() if field.is_required() and key != "dist"]
        kind = distribution.__name__.lower().removesuffix("dates")
        return f"is missing; a {kind} distribution needs {', '.join(needed)}"
    text = spot.field.description if spot is not None and spot.field else None
    if not text:
        return "is missing; it must be given"
    first = text[0].lower() if text[1:2].islower() else text[0]
    return f"is missing; it must be given: {first}{text[1:].rstrip('.')}"


def _unknown_key(path: KeyPath, root: type[Table], parent: Spot | None, distribution: type[Table] | None) -> str:
    if root is Scenario and dotted(path) in GONE:
        return f"this key is gone; {GONE[dotted(path)]}"
    key, extends = str(path[-1]), ["extends", "theatres_only"] if root is Scenario else []
    table = parent.table if parent is not None and parent.table is not None else distribution
    allowed = [*(table.model_fields if table is not None else []), *(extends if len(path) == 1 else [])]
    advice = suggest(key, allowed)
    if advice.startswith("allowed") and (key in extends or key in root.model_fields):
        spot = spot_at((key,), root)
        is_table = spot is not None and spot.is_table
        advice = f"[{key}] is a table of its own" if is_table else (
            f"{key} belongs at the top of the file, before the first [table]")
    return f"unknown key; {advice}"
