"""The command that searches a study's levers for the best timelines."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.options import Clock, Force, Json, NoFigures, Quiet, StudyFile, Workers, whole
from sim.scenario.files import stem
from sim.study.defaults import EVALUATIONS, REPLICATIONS
from sim.terminal import print_end, print_table, progress_bar

if TYPE_CHECKING:
    from sim.study.estimates import Estimate
    from sim.study.front import Candidate, Front
    from sim.study.study import Goal


def optimise(
    study: StudyFile,
    evaluations: Annotated[int, typer.Option(
        parser=whole(1, 100_000), metavar="N", help="Timelines to try at most.")] = EVALUATIONS,
    replications: Annotated[int, typer.Option(
        parser=whole(2, 100_000), metavar="N", help="Futures that each meets in the search; the best meet twice as "
        "many fresh ones.")] = REPLICATIONS,
    workers: Workers = None,
    clock: Clock = "auto",
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Folder for what is written; results/optimise/NAME/HASH when left out.")] = None,
    force: Force = False,
    no_figures: NoFigures = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Search a study's levers for the timelines that no other beats in every outcome, over what is not known.

    The study has levers or several scenarios. Its first two or three outcomes are weighed against one another.
    """
    from sim.study.file import read_study
    from sim.study.front_files import default_folder, json_text
    from sim.study.optimise import optimise as search

    asked = read_study(study)
    folder = out or default_folder(asked, evaluations, replications)
    with progress_bar(stem(study), quiet) as (progress, say):
        front = search(asked, evaluations, replications, workers, clock, folder, not no_figures, progress, say, force)
    if as_json:
        typer.echo(json_text(front), nl=False)
        return
    _print(front)
    print_end(folder / "optimise.json", *([folder / "figures"] if (folder / "figures").is_dir() else []))


def _print(front: "Front") -> None:
    """Print the front, with the scenarios as they are below it."""
    names = [goal.name for goal in front.goals]
    typer.echo(f"{front.title or front.name}\n{front.tried:,} timelines tried in {front.replications:,} futures each, "
               f"seed {front.seed}; those below confirmed in {front.fresh:,} fresh ones\n")
    rows = [(one.name, *_cells(front, one)) for one in front.front]
    rows += [(f"{one.name}, as it is", *_cells(front, one)) for one in front.base]
    print_table(("Timeline", *names), rows, right=names, whole=("Timeline",))
    typer.echo("\n± is half a 95 % interval of sampling error. All timelines meet the same futures: their differences "
               "are surer than that.")
    for line in _luck(front):
        typer.echo(line)
    if front.dropped:
        typer.echo(f"Dropped in the fresh futures: {_counted(front.dropped)}.")
    for note in front.notes:
        typer.echo(f"Note: {note}")


def _cells(front: "Front", one: "Candidate") -> list[str]:
    return [_text(front, goal, estimate) for goal, estimate in zip(front.goals, one.confirmed, strict=True)]


def _text(front: "Front", goal: "Goal", estimate: "Estimate") -> str:
    """Write an estimate with half its interval: days as dates, chances as percentages."""
    from sim.analysis.phrases import mean_text
    from sim.ensemble.intervals import REACH

    half = REACH * estimate.se
    if goal.kind == "day":
        day = mean_text(estimate.value, goal.kind, front.start, front.end)
        return f"{day} ± {half:.0f} days" if math.isfinite(half) else day
    scale, unit = (100.0, " %") if goal.kind == "yes_no" else (1.0, "")
    if not 0 < half < math.inf:
        return f"{scale * estimate.value:,.4g}{unit}"
    decimals = max(0, 1 - math.floor(math.log10(scale * half)))
    return f"{scale * estimate.value:,.{decimals}f} ± {scale * half:,.{decimals}f}{unit}"


def _luck(front: "Front") -> Iterator[str]:
    """Say how much better things looked in the search: what all had is luck of its futures, the rest of the picking."""
    base = front.base[0]
    shifts = [goal.sign * (after.value - before.value)
              for goal, before, after in zip(front.goals, base.search, base.confirmed, strict=True)]
    for goal, estimate, shift in zip(front.goals, front.optimism, shifts, strict=True):
        unit = "days" if goal.kind == "day" else goal.unit
        yield (f"Optimism of the search in {goal.name}, {unit}: {estimate.value:.2g} on average; for {base.name} as it "
               f"is, which it did not pick, {shift:.2g}.")


def _counted(dropped: "tuple[Candidate, ...]") -> str:
    words = [one.status for one in dropped]
    return ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))
