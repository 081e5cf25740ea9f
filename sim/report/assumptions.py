"""Every number and date of a scenario, with its mark, its source and its range."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.days import DateDistribution, DiscreteDates
from sim.scenario.fields import Discrete, Distribution
from sim.scenario.keys import dotted, look_up, spot_at, values
from sim.scenario.lines import KeyPath
from sim.scenario.load import ScenarioFile
from sim.scenario.places import EXECUTION, RECORD, Phase
from sim.scenario.resolve import unquoted
from sim.words.labels import key_label, one_line
from sim.words.phrases import date_text, listed, number

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


def _assumption(
    file: ScenarioFile, path: KeyPath, value: Any, together: bool, span: tuple[float, float] | None
) -> Assumption:
    spot, origin = spot_at(path), file.origins[dotted(path)]
    said, drawn = _value(value)
    if together:
        could_be = "drawn together with others, from a table"
    elif drawn:
        could_be = "drawn"
    else:
        could_be = "" if span is None else f"held fixed; could be {number(span[0])} to {number(span[1])}"
    unit = str(spot.numeric["unit"]) if spot is not None and spot.numeric else ""
    return Assumption(dotted(path), _label(file, path), said, unit, origin.mark or UNMARKED, one_line(origin.source),
                      could_be, drawn or together)


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
