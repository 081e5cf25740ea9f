"""Reading a study file: all errors in it and in its scenarios are reported at once."""

import math
import os
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sim.estimate.targets import unknown_outcome
from sim.model.catalogue import Catalogue, expand
from sim.model.setup import set_up
from sim.play.choice import Say
from sim.rules.outcomes import BY_NAME
from sim.scenario.called import called_first
from sim.scenario.errors import ScenarioError, shown
from sim.scenario.fields import plain
from sim.scenario.files import stem
from sim.scenario.lines import KeyPath
from sim.scenario.load import ScenarioFile, load
from sim.scenario.shipped import SCENARIOS
from sim.study.factors import Reader
from sim.study.page import Page
from sim.study.policies import Loader
from sim.study.schema import DesignTable, OutcomeTable
from sim.study.study import Design, Factor, Goal, Policy, Study
from sim.words.labels import outcome_label
from sim.words.phrases import counted

MOST_FUTURES = 100_000
MOST_REPLICATIONS = 2_000_000_000
"""Replications of all policies in all futures: about ten days on four processors."""
DEFAULT_POINTS = 200
"""Number of futures of a Latin hypercube; for other designs the file must give points."""
NEEDED = {"sobol": "the size of the base sample, a power of two such as 256", "morris": "the number of trajectories",
          "grid": "the number of values of each uncertainty"}
"""The meaning of points in these designs."""
LARGEST = 1e15
"""Thresholds must be smaller than this."""
RANKING = ("sobol", "morris")
"""Designs that rank uncertainties, and so need at least two."""


def read_study(path: str | os.PathLike[str], say: Say = print) -> Study:
    """Read a study file and load all its policies.

    Parameters
    ----------
    path
        The TOML file, or the name of a study that comes with the program. Paths of scenarios in it are relative to
        its folder.
    say
        Called with a line of text before a step that takes some seconds.

    Raises
    ------
    ScenarioError
        With all errors, in order of file and line; an error inside a scenario has that scenario's file and line.
    """
    page = Page(path)
    scenarios = _scenarios(page)
    reader = Reader(page, scenarios)
    levers, uncertainties = reader.levers(), reader.uncertainties()
    goals = _goals(page, scenarios)
    design = _design(page, levers, uncertainties)
    policies: tuple[Policy, ...] = ()
    if design is not None:
        policies = Loader(page, levers, uncertainties).load_all(scenarios, design, say)
        _within_reason(page, count_futures(design, uncertainties), len(policies), design)
    page.check()
    assert design is not None
    file = Path(page.file)
    return Study(stem(file), file, page.tables.title, page.tables.question, tuple(scenarios), levers, uncertainties,
                 tuple(goals), design, policies)


def _scenarios(page: Page) -> list[ScenarioFile]:
    """Load the scenarios that can be loaded."""
    tables, given = page.tables, page.given()
    if ("scenario" in given) == ("scenarios" in given):
        page.wrong((), "has both scenario and scenarios; give only one of them" if "scenario" in given else
                   'has no scenarios; give scenarios = ["FILE", ...], or scenario = "FILE"',
                   ("scenario",), ("scenarios",))
        return []
    places: dict[KeyPath, str] = {("scenario",): tables.scenario} if tables.scenario is not None else {
        ("scenarios", i): name for i, name in enumerate(tables.scenarios or ())}
    names = list(places.values())
    files = [file for place, name in places.items() if (file := _scenario(page, place, name))]
    for called, count in Counter(map(stem, names)).items():
        if count > 1:
            same = len({os.path.normpath(name) for name in names if stem(name) == called}) == 1
            page.wrong(("scenarios",), f"{called} is listed {count} times; once is enough" if same else
                       f"{count} scenarios are called {called}; policies need different names, so rename a file")
    for file in files[1:]:
        first, other = files[0].scenario, file.scenario
        if (other.start, other.end) != (first.start, first.end):
            page.wrong(("scenarios",), f"{file.path} runs from {other.start} to {other.end}, and {files[0].path} from "
                       f"{first.start} to {first.end}; policies can be compared only over the same days")
        if other.follow_up_days != first.follow_up_days:
            page.wrong(("scenarios",), f"{file.path} has a follow-up of {counted(other.follow_up_days, 'day')}, and "
                       f"{files[0].path} of {first.follow_up_days:,}; policies can be compared only over the same time "
                       "after completion")
    return files


def _scenario(page: Page, place: KeyPath, name: str) -> ScenarioFile | None:
    path = os.path.normpath(SCENARIOS.find(name, os.path.dirname(page.file)))
    try:
        return load(path)
    except ScenarioError as error:
        for problem in error.problems:
            if problem.file == path and problem.line is None and not problem.key:
                page.wrong(place, f"{path}: {problem.message}")
            else:
                page.note(problem)
    return None


def _goals(page: Page, scenarios: list[ScenarioFile]) -> list[Goal]:
    catalogues = [(file, expand(set_up(file.scenario))) for file in scenarios]
    if not page.tables.outcomes:
        page.wrong((), "has no outcomes; name at least one, e.g. [outcomes.killed_expected]", ("outcomes",))
    goals = [_goal(page, name, table, catalogues) for name, table in page.tables.outcomes.items() if catalogues]
    return [goal for goal in goals if goal is not None]


def _goal(page: Page, name: str, table: OutcomeTable, catalogues: list[tuple[ScenarioFile, Catalogue]]) -> Goal | None:
    path = "outcomes", name
    if any(isinstance(value, dict) for key, value in page.given(path).items() if key not in OutcomeTable.model_fields):
        return None  # a name with a dot, which was already reported
    for file, catalogue in catalogues:
        measured = [*(item.name for item in catalogue.outcomes), *(rate.name for rate in catalogue.rates)]
        if name not in measured:
            where = f" ({file.path})" if len(catalogues) > 1 else ""
            page.wrong(path, unknown_outcome(name, measured, file) + where)
            return None
    file, catalogue = catalogues[0]
    kinds = {item.name: item.outcome.kind for item in catalogue.outcomes}
    definition = BY_NAME[name.partition(".")[0]]
    kind = kinds.get(name, "ratio")
    better = table.better or definition.better
    if not better:
        page.wrong(path, 'neither low nor high is better in itself; say which with better = "low" or better = "high"',
                   (*path, "better"))
    if table.statistic != "mean" and kind in ("yes_no", "ratio"):
        what = "yes or no in each replication" if kind == "yes_no" else "a ratio of means"
        page.wrong((*path, "statistic"), f'is {what}, and has no quantiles; must be "mean"')
    threshold = None if table.threshold is None else _threshold(page, (*path, "threshold"), table.threshold, kind, file)
    return Goal(name, better, table.statistic, threshold, kind, definition.unit, outcome_label(name, file.scenario),
                called_first(definition.definition, file.scenario.names))


def _threshold(page: Page, path: KeyPath, value: Any, kind: str, file: ScenarioFile) -> float | None:
    """Read a threshold. That of a day may be a date, which counts to the end of that date."""
    if kind == "day" and type(value) is date:
        return float((value - file.scenario.start).days + 1)
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST
    if kind == "day" and not isinstance(value, int | float):
        page.wrong(path, f"must be a date without quotes, or days after the start, not {shown(value)}")
    elif not is_number:
        page.wrong(path, f"must be a number, not {shown(value)}")
    elif kind == "yes_no" and not 0 <= value <= 1:
        page.wrong(path, f"is a chance; must be from 0 to 1, not {plain(value)}")
    return float(value) if is_number else None


def _design(page: Page, levers: Sequence[Factor], uncertainties: Sequence[Factor]) -> Design | None:
    table, path = page.tables.design, ("design",)
    if "policies" in table.model_fields_set and not page.has_faults("levers") and not any(
            lever.dist is not None for lever in levers):
        page.wrong((*path, "policies"), "is for levers that are ranges, and there are none; leave it out")
    if table.kind in RANKING and len(uncertainties) < 2 and not page.has_faults("uncertainties"):
        page.wrong((*path, "kind"), f"a {table.kind} design ranks uncertainties, and needs at least 2, not "
                   f"{len(uncertainties)}")
        return None
    if table.points is None and table.kind in NEEDED:
        page.wrong(path, f"has no points; with a {table.kind} design, points is {NEEDED[table.kind]}",
                   (*path, "points"))
        return None
    if any(page.is_broken(*path, key) for key in DesignTable.model_fields):
        return None
    return Design(table.kind, table.points or DEFAULT_POINTS, table.policies, table.replications, table.seed)


def count_futures(design: Design, uncertainties: Sequence[Factor]) -> int:
    """Return the number of futures in a design."""
    if not uncertainties:
        return 1
    match design.kind:
        case "sobol":
            return design.points * (len(uncertainties) + 2)
        case "morris":
            return design.points * (len(uncertainties) + 1)
        case "grid":
            return math.prod(len(factor.values) or design.points for factor in uncertainties)
    return design.points


def _within_reason(page: Page, futures: int, policies: int, design: Design) -> None:
    if futures > MOST_FUTURES:
        page.wrong(("design", "points"), f"makes {futures:,} futures; at most {MOST_FUTURES:,}")
    total = futures * policies * design.replications
    if total > MOST_REPLICATIONS:
        page.wrong(("design", "replications"), f"policies ({policies:,}) x futures ({futures:,}) x replications "
                   f"({design.replications:,}) make {total:,}; at most {MOST_REPLICATIONS:,}")
