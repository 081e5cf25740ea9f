"""Measure how much the outcomes depend on each number that no data inform, and write the page on it.

``python docs/evidence_tables.py`` plays both ends of every range of `gradual.toml`, which takes some three minutes,
stores the figures in ``evidence.csv``, draws ``images/evidence.png`` and rewrites the tables of ``evidence.md``. With
``--page`` it rewrites the tables from the stored figures. What no program can know about a number is in
``evidence.toml``.
"""

import csv
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from functools import cache
from math import isnan
from typing import Any

from tables import FOLDER, QUESTIONS, SCENARIOS, known_by, markdown, rewrite

import sim
from sim.evidence.hinges import Effect, Number, measure, numbers
from sim.figures.tornado import draw
from sim.rules.outcomes import OUTCOMES
from sim.scenario.fields import plain
from sim.scenario.keys import spot_at, undotted
from sim.scenario.load import ScenarioFile, load
from sim.scenario.schema import Scenario
from sim.words.labels import outcome_label

PAGE, STORED, TEXTS = FOLDER / "evidence.md", FOLDER / "evidence.csv", FOLDER / "evidence.toml"
MAIN = "gradual"
REPLICATIONS = 2000
DRAWN = ("completion_day", "killed_expected")
"""Outcomes of the picture."""

MUCH, SOMETHING = 0.75, 0.25
"""Standard deviations of an outcome from which it depends much, or somewhat, on a number."""
NOTHING = 0.02
"""Standard deviations below which a change is not worth mentioning."""
SHOWN = 3
WORDS = ("number", "alone", "outcome")
"""Columns of the stored figures that are not numbers."""

UNITS = ("days", "persons", "troops", "troops per week", "troop-days", "million USD")
"""Units that are worth writing."""

OUTCOME = {outcome.name: outcome for outcome in OUTCOMES}


@dataclass(frozen=True)
class Line:
    """What is known about a number: the first shipped scenario that has it, the number there, and its effects."""

    file: ScenarioFile
    number: Number
    effects: tuple[Effect, ...]

    @property
    def most(self) -> float:
        """The largest change of an outcome, in its standard deviations."""
        return max((abs(effect.spreads) for effect in self.effects if effect.is_seen), default=0.0)


@cache
def texts() -> dict[str, dict[str, str]]:
    """Return what is written about each number."""
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


@cache
def lines() -> dict[str, Line]:
    """Return all numbers of the shipped scenarios that are not measured or have a range, the weightiest first."""
    stored: dict[str, list[Effect]] = {}
    for effect in read():
        stored.setdefault(effect.number, []).append(effect)
    found: dict[str, Line] = {}
    for name in QUESTIONS:
        file = load(SCENARIOS / f"{name}.toml")
        for number in numbers(file):
            found.setdefault(number.name, Line(file, number, tuple(stored.get(number.name, ()))))
    return dict(sorted(found.items(), key=lambda item: -item[1].most))


def much() -> str:
    """Return the table of numbers on which much depends."""
    return _table(line for line in lines().values() if line.most >= MUCH)


def something() -> str:
    """Return the table of numbers on which something depends."""
    return _table(line for line in lines().values() if SOMETHING <= line.most < MUCH)


def little() -> str:
    """Return the table of numbers on which little or nothing depends."""
    return _table(line for line in lines().values() if line.effects and line.most < SOMETHING)


def no_figure() -> str:
    """Return the table of numbers that were not moved."""
    return markdown(("number", "known by", "rests on", "why no figure", "what would settle it"), (
        (_name(line), _known(line), _rests(line), _why_not(line), texts()[line.number.name]["settled"])
        for line in lines().values() if not line.effects))


TABLES = {table.__name__: table for table in (much, something, little, no_figure)}


def _table(shown: Iterable[Line]) -> str:
    return markdown(
        ("number", "from – to", "known by", "rests on", "what it moves (elasticity)", "what would settle it"),
        ((_name(line), "<br>".join(ranges(line.number)), _known(line), _rests(line), _moves(line),
          texts()[line.number.name]["settled"]) for line in shown))


def _name(line: Line) -> str:
    return f"{texts()[line.number.name]['name']}<br>`{line.number.name}`"


def ranges(number: Number) -> list[str]:
    """Return the ranges of a number, each once."""
    ends = dict.fromkeys(ends for move in number.moves for ends in move.values())
    return [f"{plain(low)}{' to ' if low < 0 else '–'}{plain(high)}" for low, high in ends]


def _known(line: Line) -> str:
    spot = spot_at(undotted(line.number.keys[0]))
    assert spot is not None
    return ", ".join(dict.fromkeys(known_by(spot, mark) for mark in line.number.marks))


def _rests(line: Line) -> str:
    """Say what a number rests on: as written, or by its source in the scenario, or by that in the schema."""
    written = texts()[line.number.name].get("rests")
    if written:
        return written
    said = dict.fromkeys(line.file.origins[key].source for key in line.number.keys)
    sources = [source for source in said if source and not source.startswith("stated in ")]
    spot = spot_at(undotted(line.number.keys[0]))
    if not sources and spot is not None and spot.numeric:
        sources = [spot.numeric["source"]]
    return "; ".join(filter(None, sources)) or "judgement"


def _moves(line: Line) -> str:
    """Say which outcomes a number moves most, each from its low to its high end."""
    seen = [effect for effect in line.effects if effect.is_seen and abs(effect.spreads) >= NOTHING]
    shown = sorted(seen, key=lambda effect: -abs(effect.spreads))[:SHOWN]
    said = (f"{_change(effect, line.file.scenario)}{_elasticity(effect)}" for effect in shown)
    return "<br>".join(said) or "no visible effect"


def _elasticity(effect: Effect) -> str:
    return "" if isnan(effect.elasticity) else f" ({effect.elasticity:+.2f})"


def _change(effect: Effect, scenario: Scenario) -> str:
    outcome, change = OUTCOME[effect.outcome], effect.difference
    label = outcome_label(effect.outcome, scenario)
    unit = f" {outcome.unit}" if outcome.unit in UNITS else ""
    if outcome.kind == "yes_no":
        return f"{label} {100 * change:+.2g} points"
    if outcome.kind == "day":
        return f"{label} {change:+,.0f} days"
    return f"{label} {float(f'{change:.2g}'):+,.12g}{unit}"


def _why_not(line: Line) -> str:
    if line.file.name != MAIN:
        return f"`{MAIN}` has none; `{line.file.name}` has"
    if line.number.name.startswith("phases."):
        return "a choice in the plan"
    spot = spot_at(undotted(line.number.keys[0]))
    return f"not used in `{MAIN}`" if spot is not None and spot.span else "no range stated"


def read() -> list[Effect]:
    """Return the stored figures."""
    with STORED.open(encoding="utf-8", newline="") as source:
        return [Effect(**{name: cell if name in WORDS else float(cell) for name, cell in row.items()})
                for row in csv.DictReader(source)]


def store(effects: Iterable[Effect]) -> None:
    """Store figures, to six digits."""
    with STORED.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(field.name for field in fields(Effect))
        for effect in effects:
            writer.writerow(_cells(asdict(effect).values()))


def _cells(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield value if isinstance(value, str) else f"{value:.6g}"


def picture() -> None:
    """Draw the figure from the stored figures and the ensemble that they belong to."""
    named = {name: f"{texts()[name]['name']} ({_one_range(line.number)})" for name, line in lines().items()}
    result = sim.run(SCENARIOS / f"{MAIN}.toml", REPLICATIONS, clock="compiled", figures=False)
    draw(result, read(), DRAWN, named).savefig(FOLDER / "images" / "evidence.png", dpi=150)


def _one_range(number: Number) -> str:
    spot, said = spot_at(undotted(number.keys[0])), ranges(number)
    if len(said) != 1:
        return "each over its range"
    unit = spot.numeric["unit"] if spot is not None and spot.numeric else ""
    return f"{said[0]} {unit}" if unit in UNITS else said[0]


def main() -> None:
    """Measure, store, draw and rewrite the page; or only rewrite it."""
    if "--page" not in sys.argv:
        store(measure(SCENARIOS / f"{MAIN}.toml", replications=REPLICATIONS, progress=print))
        picture()
    PAGE.write_text(rewrite(PAGE.read_text(encoding="utf-8"), TABLES), encoding="utf-8")


if __name__ == "__main__":
    main()
