"""From files to files: what the command `compare` does, and the Python interface with it."""

import csv
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.comparison import words
from sim.comparison.compare import Comparison, Side, play_comparison, ranked, sides_of
from sim.comparison.errors import ComparisonError
from sim.ensemble.choice import silent
from sim.ensemble.defaults import MOST_REPLICATIONS, REPLICATIONS
from sim.ensemble.folder import PROGRAM, Contents, work_folder
from sim.ensemble.identity import Identity, identity, rules_version
from sim.ensemble.kept import write_record
from sim.ensemble.room import require_room
from sim.ensemble.run import Means, Progress, Size
from sim.ensemble.storage import as_json
from sim.ensemble.targets import Target, targets_of
from sim.ensemble.work import COLUMNS
from sim.scenario.errors import suggest
from sim.scenario.load import ScenarioFile, load

EXPLAINED, LOOKED_INTO = 3, 1000
"""Outcomes that are explained when none is named, those that differ most; and replications in which, at most."""
AXES = (("completion_day", "killed_expected"), ("troop_days", "attacks_total"))
"""Pairs of outcomes of which the first that is measured everywhere is weighed against each other."""

CONTENTS = Contents("run.json", "scenario", ("run.json", "comparison.json", "comparison.csv", "figures"), (COLUMNS,),
                    lambda part: 0, "replications")


def compare(
    scenarios: Sequence[str | os.PathLike[str] | ScenarioFile],
    base: str | None = None,
    replications: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    out: str | os.PathLike[str] | None = None,
    figures: bool = True,
    progress: Progress | None = None,
    precision: Mapping[str, float | str] | Sequence[str] | None = None,
    max_replications: int = MOST_REPLICATIONS,
    clock: str = "auto",
    explain: bool = False,
    outcomes: Sequence[str] | None = None,
    trade_off: tuple[str, str] | None = None,
    say: Callable[[str], None] = silent,
) -> Comparison:
    """Play scenarios under the same chance, and compare each with one of them.

    Parameters
    ----------
    scenarios
        At least two scenario files, or what `load` returned, with the same start and end.
    base
        Name of the one that the others are compared with; the first when left out.
    replications
        How many futures each meets; when left out, as many as the precision takes, or 10,000 if none is asked for.
    seed, workers, clock, progress, say
        As for `sim.run`.
    out
        Folder for comparison.json, comparison.csv and figures; nothing is written when left out.
    figures
        Whether to draw figures into it.
    precision
        Half-widths of 95 % intervals of differences to reach, by outcome; ``"1%"`` is a share of the base's mean.
    max_replications
        How many futures to play at most to reach them.
    explain
        Whether to explain why each scenario differs from the base; see `sim.comparison.explain`.
    outcomes
        In which outcomes, of which figures are drawn; when left out, those that differ most.
    trade_off
        Two outcomes to weigh against each other in a figure; chosen when left out.

    Raises
    ------
    ScenarioError
        With all that is wrong with a scenario, or with the precision.
    ComparisonError
        If the scenarios cannot be compared.
    FolderError
        If the folder holds something else.
    Unplayable, WorkersLost, MemoryError
        As for `sim.run`.
    """
    require_room()
    files = [scenario if isinstance(scenario, ScenarioFile) else load(scenario) for scenario in scenarios]
    sides = sides_of(files, base)
    axes = trade_off_of(sides, trade_off)
    for name in outcomes or ():
        _refuse_unmeasured(name, sides)
    targets = _targets(sides, precision or ())
    size = Size(max_replications, targets) if targets and replications is None else Size(replications or REPLICATIONS)
    means = Means(workers, clock)
    with _work(out, comparison_identity(sides, seed)) as part:
        comparison = play_comparison(sides, seed, size, means, part / COLUMNS, progress, say)
        if explain:
            comparison = replace(comparison, explanations=_explain(comparison, outcomes or (), means, say))
        if out is not None:
            _write(comparison, part)
            if figures:
                from sim.figures.comparisons import draw_comparison

                draw_comparison(comparison, part / "figures", axes)
    return comparison


def comparison_identity(sides: Sequence[Side], seed: int) -> Identity:
    """Return what a comparison belongs to: its scenarios, the base first, a seed and a version of the rules."""
    scenarios = {side.name: identity(side.file, seed).scenario for side in sides}
    return Identity({"base": sides[0].name, "scenarios": scenarios}, seed, rules_version())


def default_folder(sides: Sequence[Side], seed: int) -> Path:
    """Return the folder for a comparison: ``results/compare/NAMES/HASH``."""
    names = "-".join(side.name for side in sides[:4]) + (f"-and-{len(sides) - 4}-more" if len(sides) > 4 else "")
    return Path("results", "compare", names, comparison_identity(sides, seed).hash)


@contextmanager
def _work(out: str | os.PathLike[str] | None, own: Identity) -> Iterator[Path]:
    """Give a folder to work in, which becomes the results folder, or goes where none is asked for."""
    if out is not None:
        with work_folder(Path(out), own, of=CONTENTS) as part:
            yield part
        return
    with TemporaryDirectory() as scratch:
        yield Path(scratch)


def trade_off_of(sides: Sequence[Side], named: tuple[str, str] | None) -> tuple[str, str] | None:
    """Return the two outcomes to weigh against each other; None if none is named and the usual ones are not measured.

    Raises
    ------
    ComparisonError
        If one that is named is not measured in every scenario, or neither direction of it is better.
    """
    common = [item.name for item in sides[0].catalogue.outcomes if item.outcome.better and all(
        item.name in side.catalogue.names for side in sides)]
    if named is None:
        return next((pair for pair in AXES if set(pair) <= set(common)), None)
    for name in named:
        if name not in common:
            raise ComparisonError(f"{name} is no outcome that every scenario measures and of which more or less is "
                                  f"better; {suggest(name, common)}")
    return named


def _targets(sides: Sequence[Side], precision: Mapping[str, float | str] | Sequence[str]) -> tuple[Target, ...]:
    """Return what precision is asked of every difference; scenarios' own tables ask it of means and do not count."""
    texts = [f"{name}={value}" for name, value in precision.items()] if isinstance(precision, Mapping) else precision
    asked: tuple[Target, ...] = ()
    for side in sides:
        plain = replace(side.file, scenario=side.file.scenario.model_copy(update={"precision": {}}))
        asked = targets_of(plain, texts, side.catalogue)
    for target in asked:
        if target.percent is not None:
            raise ComparisonError(f"{target.label}: between scenarios means are compared, not quantiles; ask for "
                                  f"{target.name}")
    return asked


def _refuse_unmeasured(name: str, sides: Sequence[Side]) -> None:
    common = [item.name for item in sides[0].catalogue.outcomes if all(
        item.name in side.catalogue.names for side in sides)]
    if name not in common:
        raise ComparisonError(f"{name} is no outcome that every scenario measures; {suggest(name, common)}")


def _explain(comparison: Comparison, named: Sequence[str], means: Means, say: Callable[[str], None]) -> Any:
    """Explain why each scenario differs from the base: in the outcomes named, or in those that differ most."""
    from sim.comparison.explain import explain

    base, found = replace(comparison.base.file, name=comparison.base.name), {}
    for side in comparison.sides[1:]:
        say(f"looking into why {side.name} differs from {base.name}")
        named_so = replace(side.file, name=side.name)
        found[side.name] = explain(base, named_so, named or most_different(comparison, side.name),
                                   min(LOOKED_INTO, comparison.replications), comparison.seed, means.workers,
                                   means.clock)
    return found


def most_different(comparison: Comparison, name: str) -> list[str]:
    """Return the main outcomes in which a scenario differs most from the base."""
    entries = [entry for entry in comparison.differences[name] if entry.main and entry.kind != "ratio"]
    return [entry.outcome for entry in ranked(entries) if entry.outcome != "killed"][:EXPLAINED]


def _write(comparison: Comparison, folder: Path) -> None:
    own = comparison_identity(comparison.sides, comparison.seed)
    files = {side.name: str(side.file.path) if side.file.path else None for side in comparison.sides}
    run = {"program": PROGRAM, "holds": "comparison", "hash": own.hash, "files": files, "seed": own.seed,
           "replications": comparison.replications, "rules": own.rules, "command": sys.argv, "scenario": own.scenario}
    data = words.as_dict(comparison)
    write_record(folder / CONTENTS.record, run)
    (folder / "comparison.json").write_text(as_json(data), encoding="utf-8")
    columns = ("mean", "difference", "ci95_low", "ci95_high", "p_worse", "p_adjusted", "verdict", "unit")
    with (folder / "comparison.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["scenario", "outcome", *columns])
        for name, scenario in data["scenarios"].items():
            for outcome, entry in scenario["outcomes"].items():
                low, high = entry["ci95"] or (None, None)
                cells = entry | {"ci95_low": low, "ci95_high": high}
                writer.writerow([name, outcome, *(cells.get(column) for column in columns)])
