"""Reading a study file: all that is wrong with it, and with its scenarios, is reported at once."""

import math
import os
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sim.estimate.targets import unknown_outcome
from sim.model.catalogue import Catalogue, expand
from sim.model.setup import set_up
from sim.play.choice import Say
from sim.rules.outcomes import OUTCOMES, RATIOS, Outcome, Ratio
from sim.scenario.errors import Problem, ScenarioError, shown, told
from sim.scenario.fields import plain
from sim.scenario.files import stem
from sim.scenario.load import ScenarioFile, load
from sim.scenario.shipped import SCENARIOS
from sim.study.factors import Reader
from sim.study.page import Entry, Page, read_page
from sim.study.policies import Loader
from sim.study.study import DESIGNS, STATISTICS, Design, Factor, Goal, Policy, Study
from sim.words.labels import outcome_label

MOST_FUTURES = 100_000
MOST_REPLICATIONS = 2_000_000_000
"""Replications of all policies in all futures: some ten days on four processors."""
POINTS = {"latin_hypercube": (1, 100_000), "sobol": (2, 65_536), "morris": (2, 10_000), "grid": (2, 1000)}
"""How many points may be asked for, by kind of design."""
DEFAULT_POINTS = 200
"""Futures of a Latin hypercube; of other designs, a file has to say."""
RANKING = ("sobol", "morris")
"""Designs that rank uncertainties against one another, so that there have to be two."""


def read_study(path: str | os.PathLike[str], say: Say = print) -> Study:
    """Read a study file and load all its policies.

    Parameters
    ----------
    path
        The TOML file, or the name of a study that comes with the program. Paths of scenarios in it are relative to
        its folder.
    say
        Told, in a line, what will take some seconds.

    Raises
    ------
    ScenarioError
        With all that is wrong, in order of file and line; what is wrong inside a scenario, with its own file and line.
    """
    page, root = read_page(path)
    root.only("title", "question", "scenario", "scenarios", "levers", "uncertainties", "outcomes", "design")
    title, question = root.text("title", ""), root.text("question", "")
    scenarios = _scenarios(root)
    reader = Reader(scenarios)
    levers = [reader.lever(name, entry) for name, entry in root.tables("levers")]
    uncertainties = [reader.uncertainty(name, entry) for name, entry in root.tables("uncertainties")]
    goals = _goals(root, scenarios)
    design = _design(root, _known(levers), _known(uncertainties))
    policies: tuple[Policy, ...] = ()
    if design is not None:
        futures = count_futures(design, _known(uncertainties))
        loader = Loader(page, _known(levers), _known(uncertainties))
        policies = loader.load_all(scenarios, design, say)
        _within_reason(root, futures, len(policies), design)
    if page.problems or design is None:
        raise ScenarioError(_in_order(page))
    file = Path(page.layer.file)
    return Study(stem(file), file, title or "", question or "", tuple(scenarios),
                 _known(levers), _known(uncertainties), tuple(goals), design, policies)


def _known(factors: Sequence[Factor | None]) -> tuple[Factor, ...]:
    return tuple(factor for factor in factors if factor is not None)


def _in_order(page: Page) -> tuple[Problem, ...]:
    """Sort problems: those of the study by line, then those of each scenario file."""
    files = list(dict.fromkeys([page.layer.file, *(problem.file for problem in page.problems)]))
    return told(sorted(page.problems, key=lambda p: (files.index(p.file), p.line or 0)))


def _scenarios(root: Entry) -> list[ScenarioFile]:
    """Load the scenarios that can be loaded."""
    if root.has("scenario") == root.has("scenarios"):
        root.wrong("has both scenario and scenarios; give only one of them" if root.has("scenario") else
                   'has no scenarios; give scenarios = ["FILE", ...], or scenario = "FILE"')
        return []
    if root.has("scenario"):
        text = root.text("scenario")
        names, places = [] if text is None else [text], [("scenario",)]
    else:
        names = root.texts("scenarios") or []
        places = [("scenarios", i) for i in range(len(names))]  # type: ignore[misc]
    files = [file for name, place in zip(names, places, strict=False) if (file := _scenario(root, name, *place))]
    for called, count in Counter(map(stem, names)).items():
        if count > 1:
            same = len({os.path.normpath(name) for name in names if stem(name) == called}) == 1
            root.wrong(f"{called} is listed {count} times; once is enough" if same else
                       f"{count} scenarios are called {called}; policies need names of their own, so rename a file",
                       "scenarios")
    for file in files[1:]:
        first, own = files[0].scenario, file.scenario
        if (own.start, own.end) != (first.start, first.end):
            root.wrong(f"{file.path} goes from {own.start} to {own.end}, and {files[0].path} from {first.start} to "
                       f"{first.end}; policies can be compared only over the same days", "scenarios")
    return files


def _scenario(root: Entry, name: str, *place: str | int) -> ScenarioFile | None:
    path = os.path.normpath(SCENARIOS.find(name, os.path.dirname(root.page.layer.file)))
    try:
        return load(path)
    except ScenarioError as error:
        for problem in error.problems:
            if problem.file == path and problem.line is None and not problem.key:
                root.wrong(f"{path}: {problem.message}", *place)
            else:
                root.page.note(problem)
    return None


def _goals(root: Entry, scenarios: list[ScenarioFile]) -> list[Goal]:
    catalogues = [(file, expand(set_up(file.scenario))) for file in scenarios]
    goals = [_goal(name, entry, catalogues) for name, entry in root.tables("outcomes")]
    if not root.data.get("outcomes"):
        root.wrong("has no outcomes; name at least one, e.g. [outcomes.killed_expected]")
    return [goal for goal in goals if goal is not None]


def _goal(name: str, entry: Entry, catalogues: list[tuple[ScenarioFile, Catalogue]]) -> Goal | None:
    inner = next((key for key, value in entry.data.items() if isinstance(value, dict)), None)
    if inner is not None:
        entry.wrong(f'a name with a dot stands in quotes, [outcomes."{name}.{inner}"]', inner)
        return None
    entry.only("threshold", "better", "statistic")
    statistic = entry.one_of("statistic", STATISTICS, "mean")
    stated = entry.one_of("better", ("low", "high"), "low") if entry.has("better") else ""
    for file, catalogue in catalogues:
        measured = [*(item.name for item in catalogue.outcomes), *(rate.name for rate in catalogue.rates)]
        if name not in measured:
            where = f" ({file.path})" if len(catalogues) > 1 else ""
            entry.wrong(unknown_outcome(name, measured, file) + where)
            return None
    if not catalogues:
        return None
    file, catalogue = catalogues[0]
    kinds = {item.name: item.outcome.kind for item in catalogue.outcomes}
    said: Outcome | Ratio = next(entry for entry in (*OUTCOMES, *RATIOS) if entry.name == name.partition(".")[0])
    kind = kinds.get(name, "ratio")
    better = stated or (said.better if stated == "" else None)
    if better == "":
        entry.wrong('neither low nor high is better in itself; say which with better = "low" or better = "high"')
    if statistic not in (None, "mean") and kind in ("yes_no", "ratio"):
        what = "yes or no in each replication" if kind == "yes_no" else "a ratio of means"
        entry.wrong(f'is {what}, and has no quantiles; must be "mean"', "statistic")
    threshold = _threshold(entry, kind, file) if entry.has("threshold") else None
    if not better or statistic is None:
        return None
    return Goal(name, better, statistic, threshold, kind, said.unit, outcome_label(name, file.scenario))


def _threshold(entry: Entry, kind: str, file: ScenarioFile) -> float | None:
    """Read a threshold; that of a day may be a date, up to the end of which it is met."""
    value = entry.data["threshold"]
    if kind == "day" and type(value) is date:
        return float((value - file.scenario.start).days + 1)
    if kind == "day" and not isinstance(value, int | float):
        entry.wrong(f"must be a date without quotes, or days after the start, not {shown(value)}", "threshold")
        return None
    threshold = entry.number("threshold")
    if threshold is not None and kind == "yes_no" and not 0 <= threshold <= 1:
        entry.wrong(f"is a chance; must be from 0 to 1, not {plain(threshold)}", "threshold")
    return threshold


def _design(root: Entry, levers: Sequence[Factor], uncertainties: Sequence[Factor]) -> Design | None:
    entry = root.table("design")
    if entry is None:
        return None
    entry.only("kind", "points", "policies", "replications", "seed")
    kind = entry.one_of("kind", DESIGNS, DESIGNS[0])
    points = None if kind is None else _points(entry, kind)
    policies = entry.whole("policies", 2, 1000, 20)
    is_needed = any(lever.dist is not None for lever in levers) or _is_faulty(root, "levers")
    if entry.has("policies") and policies is not None and not is_needed:
        entry.wrong("counts settings of levers that are ranges, and there are none; leave it out", "policies")
    replications = entry.whole("replications", 10, 1_000_000, 1000)
    seed = entry.whole("seed", 0, 2**63 - 1, 1)
    if kind in RANKING and len(uncertainties) < 2 and not _is_faulty(root, "uncertainties"):
        entry.wrong(f"a {kind} design ranks uncertainties, and needs at least 2, not {len(uncertainties)}", "kind")
        return None
    if kind is None or points is None or policies is None or replications is None or seed is None:
        return None
    return Design(kind, points, policies, replications, seed)


def _is_faulty(root: Entry, table: str) -> bool:
    return any(problem.key.startswith(table) for problem in root.page.problems)


def _points(entry: Entry, kind: str) -> int | None:
    if kind != "latin_hypercube" and not entry.has("points"):
        what = {"sobol": "how large the base sample is, a power of two such as 256", "morris": "how many trajectories",
                "grid": "how many values of each uncertainty"}[kind]
        entry.wrong(f"has no points; with a {kind} design they say {what}")
        return None
    points = entry.whole("points", *POINTS[kind], DEFAULT_POINTS)
    if points is not None and kind == "sobol" and points & (points - 1):
        below = 1 << points.bit_length() - 1
        entry.wrong(f"must be a power of two with a sobol design, such as {below} or {2 * below}, not {points}",
                    "points")
        return None
    return points


def count_futures(design: Design, uncertainties: Sequence[Factor]) -> int:
    """Return how many futures a design comes to."""
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


def _within_reason(root: Entry, futures: int, policies: int, design: Design) -> None:
    if futures > MOST_FUTURES:
        root.wrong(f"comes to {futures:,} futures; at most {MOST_FUTURES:,}", "design", "points")
    total = futures * policies * design.replications
    if total > MOST_REPLICATIONS:
        root.wrong(f"policies ({policies:,}) x futures ({futures:,}) x replications ({design.replications:,}) come to "
                   f"{total:,}; at most {MOST_REPLICATIONS:,}", "design", "replications")
