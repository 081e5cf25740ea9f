"""Sections that every article has: how far to trust it, and how to make it again."""

import json
import re
from collections import Counter
from functools import cache
from importlib.resources import files

from sim.report.article import Made, Section, Table, plain_table
from sim.report.assumptions import Assumption, assumptions
from sim.report.scene import Scene
from sim.scenario.held import MEASURED
from sim.scenario.keys import undotted
from sim.scenario.program import program
from sim.words.labels import key_label
from sim.words.phrases import counted, listed, share

MOST_HELD = 12
TABLES = {
    "theatres": "Theatres and sites", "phases": "Phases of the plan", "closing": "Closing of sites",
    "attack_kinds": "Kinds of attack", "suppressions": "Truces and stop orders", "tension": "Regional tension",
    "pressure": "Domestic pressure", "response": "Strikes",
}
"""What tables of a scenario are called, where that is not their key."""
MARKS = ("Marks: article and reported numbers were observed by somebody; literature and derived ones come from other "
         "cases or from a calculation; an assumed number is nobody's finding.")


def trust(scene: Scene) -> Section:
    """Say how far to trust it: first what is missed, then what it rests on."""
    paragraphs, tables = [], []
    if any(phase.kind for phase in scene.scenario.phases.values()):
        told, (missed, held) = told_of_the_past()
        paragraphs.append(
            "How plans are carried out was tested on drawdowns of the past, each forecast without what came of it. "
            f"{missed} {held} The cases are few and famous, and depend on one another (docs/hindcast.md).")
        head = ["Drawdown", "What came", "Forecast"]
        tables.append(plain_table("What these forecasts missed", head, told, folded=True))
    if "attacks_total" in scene.entries:
        paragraphs.append("Out of sample, the attack process forecasts no better than simple rivals "
                          "(docs/evidence.md). The threat and the talks were not part of these tests.")
    entries = [entry for entry in assumptions(scene.file, scene.held) if not entry.key.startswith("phases.")]
    guessed = sum(entry.mark not in MEASURED for entry in entries)
    part = share(guessed / len(entries))
    paragraphs.append(
        f"Of the {counted(len(entries), 'number')} that it takes besides the plan, {part} were not observed but "
        "assumed, derived or taken from other cases. So compare timelines under the same draws, and quote no figure "
        "without its range.")
    if scene.held:
        names = listed((key_label(undotted(key), [scene.scenario]) for key in scene.held), MOST_HELD)
        paragraphs.append(f"Held fixed, though nobody has measured them: {names}. No range here allows for that.")
    return Section("trust", "How far to trust it", paragraphs, tables, notes=warnings(scene))


def warnings(scene: Scene) -> list[str]:
    """Return what can be doubted about the file."""
    return [f"{warning.key}: {warning.message}" for warning in scene.file.warnings]


@cache
def told_of_the_past() -> tuple[list[list[str]], list[str]]:
    """Return what forecasts of past drawdowns missed, and sentences; written by docs/hindcast_tables.py.

    Returns
    -------
    tuple
        Of each observation that was missed: the drawdown, what came and what was forecast. How many there are, and what
        was held.
    """
    text = (files("sim.report") / "hindcast.json").read_text(encoding="utf-8")
    missed, *lines = json.loads(text)["told"]
    told = [re.split(r": |\. Forecast: ", line.removeprefix("- ")) for line in lines if line.startswith("- ")]
    return told, [f"{missed.removesuffix(':')}.", next(line for line in lines if line.startswith("Held:"))]


def assumed(scene: Scene) -> Section:
    """List every number and date, with its mark, its source and its range."""
    entries = assumptions(scene.file, scene.held)
    groups: dict[str, list[Assumption]] = {}
    for entry in entries:
        groups.setdefault(entry.key.partition(".")[0], []).append(entry)
    marks = Counter(entry.mark for entry in entries)
    told = listed(f"{count} {mark}" for mark, count in marks.most_common())
    drawn = sum(entry.drawn for entry in entries)
    return Section("assumptions", "Every assumption", [
        f"{counted(len(entries), 'number or date', 'numbers and dates')}, by mark: {told}. Each replication draws "
        f"{drawn} of them anew."], [_table(group, members) for group, members in groups.items()], notes=[MARKS])


def _table(group: str, members: list[Assumption]) -> Table:
    title = TABLES.get(group, group.replace("_", " ").capitalize())
    rows = [[e.label, f"{e.value} {e.unit}".strip(), e.mark, e.source, e.range, e.key] for e in members]
    return plain_table(f"{title}: {counted(len(rows), 'number')}", ["What", "Value", "Mark", "Source", "Range", "Key"],
                       rows, folded=True)


def reproduce(made: Made, names: list[str]) -> Section:
    """Say how to get the same numbers again."""
    kept = listed(f"{name}.toml" for name in names)
    are = "is" if len(names) == 1 else "are"
    text = f"{kept}, which this page contains, {are} complete: no other file is needed. " if names else ""
    again = (f"With the same version, {program()} run FILE --seed {made.seed} --replications {made.replications} gives "
             "the same numbers on every machine. " if names else "")
    first = f"The results that it shows were made by “{made.results_by}”. " if made.results_by else ""
    return Section("reproduce", "How to reproduce it", [
        f"{text}{again}{first}This page was made by version {made.version} (rules {made.rules}). The command below "
        "makes it again."])
