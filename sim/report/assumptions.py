"""Every number and date of a scenario, with its mark, its source and its range."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.days import DateDistribution, DiscreteDates
from sim.scenario.fields import Discrete, Distribution
from sim.scenario.keys import dotted, look_up, spot_at, values
from sim.scenario.lines import KeyPath
from sim.scenario.load import Base, ScenarioFile
from sim.scenario.merge import parse_source
from sim.scenario.places import EXECUTION, RECORD, Phase
from sim.scenario.resolve import unquoted
from sim.words.labels import key_label, one_line
from sim.words.phrases import date_text, listed, number

PLAN = "choice"
"""The mark of what the plan chooses."""
UNMARKED = "not stated"
FORMS = {
    "uniform": "evenly between {low} and {high}",
    "triangular": "from {low} to {high}, most likely {mode}",
    "normal": "around {mean}, standard deviation {sd}, from {low} to {high}",
    "lognormal": "around {median}, from {low} to {high}",
}
"""How a number is drawn."""
MOST_VALUES = 6


@dataclass(frozen=True)
class Assumption:
    """A number or date of a scenario, in words.

    Attributes
    ----------
    key, label
        Its dotted key, and what it is called.
    value
        Its value; of an uncertain number, how it is drawn.
    unit
        Of the value.
    mark, source
        How certain it is, and where it comes from.
    range
        Whether it is drawn or, if it is held fixed without being known, what it could be; empty for anything else.
    drawn
        Whether each replication draws its own.
    """

    key: str
    label: str
    value: str
    unit: str
    mark: str
    source: str
    range: str
    drawn: bool


Spans = Mapping[str, tuple[float, float] | None]
"""By key of a number that is held fixed though nobody has measured it: what it could be, if that is known."""


def assumptions(file: ScenarioFile, held: Spans) -> list[Assumption]:
    """Return every number and date that a scenario gives or takes as a default, in the schema's order."""
    together = {key for table in file.scenario.joint.values() for key in table.keys}
    found = []
    for path, value in values(file.scenario):
        spot = spot_at(path)
        if spot is None or not (spot.numeric or spot.day):
            continue
        if value is not None:
            found.append(_assumption(file, path, value, dotted(path) in together, held.get(dotted(path))))
        elif path[-1] in EXECUTION and isinstance(phase := look_up(file.scenario, path[:-1]), Phase) and phase.kind:
            found.append(Assumption(dotted(path), _label(file, path), f"as in plans of kind {phase.kind}", "",
                                    "derived", RECORD, "drawn from the record of drawdowns", True))
    return found


def with_origins(file: ScenarioFile) -> ScenarioFile:
    """Return a scenario that knows where its values come from; one that was read back from results does not."""
    return file if file.origins else Base.of(file.scenario, file.name).load()


def stated(file: ScenarioFile, path: KeyPath) -> tuple[str, str]:
    """Return the mark and the source of a value."""
    key, spot = dotted(path), spot_at(path)
    origin, said = file.origins.get(key), parse_source(file.scenario.sources.get(key))
    if origin is not None and origin.mark:
        return origin.mark, origin.source
    if said is not None:
        return said
    if path[0] == "phases":
        return PLAN, ""
    extra = spot.numeric if spot is not None else None
    return (str(extra["mark"]), str(extra["source"])) if extra else (UNMARKED, "")


def _assumption(
    file: ScenarioFile, path: KeyPath, value: Any, together: bool, span: tuple[float, float] | None
) -> Assumption:
    spot = spot_at(path)
    mark, source = stated(file, path)
    said, drawn = _value(value)
    if together:
        could_be = "drawn together with others, from a table"
    elif drawn:
        could_be = "drawn"
    else:
        could_be = "" if span is None else f"held fixed; could be {number(span[0])} to {number(span[1])}"
    unit = str(spot.numeric["unit"]) if spot is not None and spot.numeric else ""
    return Assumption(dotted(path), _label(file, path), said, unit, mark, one_line(source), could_be,
                      drawn or together)


def _label(file: ScenarioFile, path: KeyPath) -> str:
    label = one_line(key_label(path, [file.scenario]))
    return label[:1].upper() + label[1:]


def _value(value: Any) -> tuple[str, bool]:
    """Write a value, and say whether it is drawn."""
    if isinstance(value, Discrete | DiscreteDates):
        return f"one of {listed(map(_plain, value.values), MOST_VALUES)}", True
    if isinstance(value, Distribution | DateDistribution):
        return FORMS[value.dist].format_map({name: _plain(part) for name, part in value if name != "dist"}), True
    return _plain(value), False


def _plain(value: Any) -> str:
    if hasattr(value, "isoformat"):
        return date_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(float(value))
    return unquoted(value)
