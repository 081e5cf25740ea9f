"""Write the tables of the documentation from the schema, the rules and the catalogue of outcomes.

In the pages of this folder, ``python docs/tables.py`` rewrites everything between ``<!-- NAME: begin -->`` and
``<!-- NAME: end -->``. A test fails when a page is out of date.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sim.model.setup import set_up
from sim.rules.outcomes import OUTCOMES, RATIOS
from sim.rules.processes import KINDS
from sim.rules.streams import Streams
from sim.scenario.called import called_first
from sim.scenario.fields import Distribution, Table, allowed_text, plain
from sim.scenario.keys import Spot, dotted, general, spot_at, values
from sim.scenario.lines import KeyPath
from sim.scenario.load import load
from sim.scenario.names import COUPLINGS, MILESTONES
from sim.scenario.schema import Couplings

FOLDER = Path(__file__).parent
SCENARIOS = FOLDER.parent / "scenarios"
QUESTIONS = ("gradual", "fast", "slow", "status_quo", "conditions_based", "demand_to_leave", "announced_2024", "truce",
             "learned_since")
"""The shipped scenarios that answer a question, in the order to read them."""

DECIDES = {
    "tension": "how long spells of high and low tension last",
    "suppression": "how long a truce or stop order without a stated end lasts",
    "attack_times": "the rain of points under which attacks fall; each cell of time and intensity has its own place in "
                    "the stream",
    "attack_outcomes": "where an attack falls, its kind, its harm, whether it is answered and whether it suspends "
                       "talks; each point of the rain has its own place in the stream",
    "rounds": "when the next round is held",
    "breakdown": "whether a stalled round ends the talks",
    "working_group": "how much work a group has",
    "pressure": "whether a review ends in a demand",
    "lift": "how long a load takes",
    "closing": "how long a site takes to close",
    "threat": "the noise of the threat index",
    "execution": "when a date moves back or an order is reversed, and which tranches are put off",
    "parameter": "the value of one uncertain number, or of numbers drawn together: a table, or what becomes of a plan",
}
"""What the streams of each kind decide."""

MEASURED, CAN_BE_FITTED, BY_SCENARIO = "measured", "can be fitted", "set by the scenario"

ONE_FOR_EACH = {
    "suppression": "suppression", "attacks": "theatre", "response": "theatre", "group": "working group",
    "phase": "phase", "closing": "site", "lift": "mode of lift",
}


def parameters() -> str:
    """Return a table of all numbers for each table of the schema that has any."""
    return "\n\n".join(
        f"**{_header(path)}** {_summary(table)}\n\n" + markdown(
            ("key", "meaning", "default", "unit", "allowed", "scan over", "known by", "source"),
            (_parameter((*path, name), spot) for name, spot in _keys(path, table) if _is_number(spot)))
        for path, table in _tables() if any(_is_number(spot) for _, spot in _keys(path, table)))


def other_keys() -> str:
    """Return a table of everything that is not a number: texts, dates, switches, lists, names."""
    rows = ((f"`{dotted((*path, name))}`", _description(spot), _kind(spot), _default(spot))
            for path, table in _tables() if table is not Couplings
            for name, spot in _keys(path, table) if not _is_number(spot) and not spot.is_table)
    return markdown(("key", "meaning", "written as", "when left out"), rows)


def couplings() -> str:
    """Return the table of the switches."""
    return markdown(("switch in `[couplings]`", "from", "to", "when on", "when off"), (
        (f"`{name}`", *_ends(name), field.description, called_first(COUPLINGS[name].off))
        for name, field in Couplings.model_fields.items()))


def milestones() -> str:
    """Return the table of milestones."""
    return markdown(("milestone", "reached when"), [
        *((f"`{name}`", called_first(milestone.reached)) for name, milestone in MILESTONES.items()),
        ("`phases.NAME`", "The phase of that name has reached its target strength."),
    ])


def outcomes() -> str:
    """Return the table of outcomes, with those that a summary shows first in bold."""
    return markdown(("outcome", "definition", "unit", "better", "one for each", "only with"), (
        (f"**`{o.name}`**" if o.main else f"`{o.name}`", called_first(o.definition), o.unit, o.better,
         {"only_theatre": "theatre", "theatre": "theatre, and in total"}.get(o.per, o.per),
         " and ".join(f"`{part}`" for part in o.needs.split()))
        for o in (*OUTCOMES, *RATIOS)))


def processes() -> str:
    """Return the table of processes in the order that settles ties."""
    return markdown(("", "process", "one for each", "acts next (due rule)", "acts (step rule)"), (
        (str(i), kind.name, ONE_FOR_EACH.get(kind.name, ""), _summary(kind.due), _summary(kind.step))
        for i, kind in enumerate(KINDS, start=1)))


def streams() -> str:
    """Return the table of the random streams, with those of the main scenario as examples."""
    named = set_up(load(SCENARIOS / "gradual.toml").scenario).streams.names
    return markdown(("stream, e.g.", "in `gradual.toml`", "decides"), (
        (f"`{named[field.name][0]}`", str(len(named[field.name])), DECIDES[field.name]) for field in fields(Streams)))


def scenarios() -> str:
    """Return the table of the shipped scenarios."""
    loaded = ((name, load(SCENARIOS / f"{name}.toml").scenario) for name in QUESTIONS)
    return markdown(("scenario", "title", "question"), (
        (f"[`{name}`](../scenarios/{name}.toml)", scenario.title, scenario.question) for name, scenario in loaded))


def bounds() -> str:
    """Return the table of all bounds that the schema sets, with the keys that have each."""
    found: dict[tuple[str, str], list[str]] = {}
    for path, field, kind in (*_bounded(), *_of_distributions()):
        allowed, unit = _allowed(field, kind)
        if allowed:
            found.setdefault((unit, allowed), []).append(f"`{path}`")
    first = ("characters", "entries", "count")
    rows = sorted(found.items(), key=lambda row: (row[0][0] not in first, row[0][0]))
    return markdown(("allowed", "unit", "keys"), ((allowed, unit, ", ".join(keys)) for (unit, allowed), keys in rows))


TABLES = {table.__name__: table for table in (
    parameters, other_keys, couplings, milestones, outcomes, processes, streams, scenarios, bounds)}


def _bounded(path: KeyPath = ()) -> Iterator[tuple[str, FieldInfo, Any]]:
    """Walk all keys of the schema, with those of tables in lists."""
    spot = spot_at(path)
    if spot is None:
        return
    if spot.field is not None:
        yield re.sub(r"\[\d+\]", "", dotted(path)), spot.field, spot.kind
    for part in spot.table.model_fields if spot.table else {dict: ("NAME",), list: (0,)}.get(get_origin(spot.kind), ()):
        yield from _bounded((*path, part))


def _of_distributions() -> Iterator[tuple[str, FieldInfo, Any]]:
    """Walk the keys of the distributions."""
    for table in get_args(Distribution):
        for name, field in table.model_fields.items():
            yield f"{name} of a {table.__name__.lower()} distribution", field, field.annotation


def _allowed(field: FieldInfo, kind: Any) -> tuple[str, str]:
    """Say what bounds a key has, and in which unit; nothing if it has none, or only that it must not be negative."""
    extra = field.json_schema_extra
    if isinstance(extra, dict) and "at_most" in extra:
        return (allowed_text(extra), str(extra["unit"])) if extra["at_most"] < math.inf else ("", "")
    bounds = {name: getattr(bound, name) for bound in field.metadata for name in ("ge", "le", "max_length")
              if hasattr(bound, name)}
    if "max_length" in bounds:
        return f"at most {bounds['max_length']:,}", "characters" if kind is str else "entries"
    if "le" not in bounds:
        return "", ""
    low = f"from {bounds['ge']:,} to" if "ge" in bounds else "at most"
    return f"{low} {bounds['le']:,}", "count" if kind is int else ""


def _tables(path: KeyPath = ()) -> Iterator[tuple[KeyPath, type[Table]]]:
    """Walk the tables of the schema; NAME stands for a name that the file chooses."""
    spot = spot_at(path)
    if spot is None:
        return
    if spot.table is not None:
        yield path, spot.table
        for name in spot.table.model_fields:
            yield from _tables((*path, name))
    elif get_origin(spot.kind) is dict:
        yield from _tables((*path, "NAME"))


def _keys(path: KeyPath, table: type[Table]) -> Iterator[tuple[str, Spot]]:
    for name in table.model_fields:
        spot = spot_at((*path, name))
        if spot is not None and spot.has_numbers:
            name, spot = f"{name}.NAME", spot_at((*path, name, "NAME"))
        if spot is not None:
            yield name, spot


def _is_number(spot: Spot) -> bool:
    return spot.numeric is not None or spot.is_count


def known_by(spot: Spot, mark: str) -> str:
    """Say how a number with a mark is known: measured, can be fitted, literature, derived or assumed."""
    if mark in ("article", "reported"):
        return MEASURED
    return CAN_BE_FITTED if spot.numeric and spot.numeric["fitted"] else mark


def _parameter(path: KeyPath, spot: Spot) -> tuple[str, ...]:
    extra = spot.numeric
    span = " to ".join(plain(end) for end in spot.span) if spot.span else ""
    if extra is None:  # a count that sizes something
        bounds = {type(bound).__name__: bound for bound in spot.field.metadata} if spot.field else {}
        allowed = f"whole, from {bounds['Ge'].ge:,} to {bounds['Le'].le:,}"
        return f"`{path[-1]}`", _description(spot), _default(spot), "count", allowed, span, "assumed", ""
    default, mark, source = _default(spot), extra["mark"], extra["source"]
    known = known_by(spot, mark)
    if spot.field is None or spot.field.default in (PydanticUndefined, None):
        said = ", ".join(dict.fromkeys(known_by(spot, shipped) for shipped in _shipped_marks().get(general(path), ())))
        known, mark, source = f"{BY_SCENARIO}: {said}" if said else BY_SCENARIO, "", ""
    if mark and mark != known:
        source = f"{mark}: {source}"
    allowed = f"{'whole, ' if spot.is_count else ''}{allowed_text(extra)}"
    return f"`{path[-1]}`", _description(spot), default, extra["unit"], allowed, span, known, source


@cache
def _shipped_marks() -> dict[str, list[str]]:
    """Return the marks that a number has in the shipped scenarios, by its key with NAME for each name."""
    marks: dict[str, list[str]] = {}
    for name in QUESTIONS:
        file = load(SCENARIOS / f"{name}.toml")
        for path, value in values(file.scenario):
            if value is not None:
                marks.setdefault(general(path), []).append(file.origins[dotted(path)].mark)
    return marks


def _default(spot: Spot) -> str:
    """Say what applies when a key is left out."""
    default = spot.field.default if spot.field else None
    if default is PydanticUndefined:
        return "(must be given)"
    if default is None:
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, int | float):
        return plain(default)
    return f'"{default}"' if default and isinstance(default, str) else "empty"


def _kind(spot: Spot) -> str:
    kind: Any = spot.kind
    if spot.is_day:
        return "date, may be uncertain"
    if kind is bool:
        return "true or false"
    if get_origin(kind) is list:
        return "list"
    if get_args(kind) and NoneType not in get_args(kind) and get_origin(kind) is not dict:
        return " or ".join(f'"{choice}"' for choice in get_args(kind))
    return {"date": "date"}.get(getattr(kind, "__name__", ""), "text")


def _ends(coupling: str) -> tuple[str, str]:
    start, _, end = coupling.partition("_to_")
    return (start, end) if end else ("attacks", "attacks")


def _header(path: KeyPath) -> str:
    return f"`[{dotted(path)}]`" if path else "At the top of the file."


def _description(spot: Spot) -> str:
    return (spot.field.description or "") if spot.field else ""


def _summary(documented: Any) -> str:
    """Return the first line of a docstring."""
    return re.sub("``", "`", (documented.__doc__ or "").strip().split("\n")[0])


def markdown(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    """Write a table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def rewrite(page: str, tables: Mapping[str, Callable[[], str]] = TABLES) -> str:
    """Return a page with its tables rewritten; anything between markers with other names is left alone."""
    def fresh(match: re.Match[str]) -> str:
        name = match[1]
        return f"<!-- {name}: begin -->\n\n{tables[name]()}\n\n<!-- {name}: end -->" if name in tables else match[0]

    return re.sub(r"<!-- (\w+): begin -->.*?<!-- \1: end -->", fresh, page, flags=re.DOTALL)


def main() -> None:
    """Rewrite all pages."""
    for path in sorted(FOLDER.glob("*.md")):
        path.write_text(rewrite(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
