"""The command that searches a study's levers for the best timelines."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.options import Json, one_of, whole
from sim.terminal import print_table, progress_bar

if TYPE_CHECKING:
    from sim.study.estimates import Estimate
    from sim.study.front import Candidate, Front


def optimise(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="Study file, with levers and two outcomes or more.")],
    evaluations: Annotated[int, typer.Option(
        parser=whole(1, 100_000), metavar="N", help="Timelines to try at most.")] = 400,
    replications: Annotated[int, typer.Option(
        parser=whole(2, 100_000), metavar="N", help="Futures that each meets in the search; the best meet twice as "
        "many fresh ones.")] = 500,
    workers: Annotated[int | None, typer.Option(
        parser=whole(1, 1000), metavar="N", help="Threads; all processors when left out.")] = None,
    clock: Annotated[str, typer.Option(
        parser=one_of("auto", "simpy", "compiled"), metavar="auto|simpy|compiled",
        help="What plays them: the same results, sooner or later.")] = "auto",
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Folder for what is written; results/optimise/NAME when left out.")] = None,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Do not show progress.")] = False,
    as_json: Json = False,
) -> None:
    """Search a study's levers for the timelines that no other beats in every outcome, over what is not known.

    The first two or three outcomes of the study are weighed against one another.
    """
    from sim.study.front_files import json_text
    from sim.study.optimise import optimise as search

    folder = out or Path("results") / "optimise" / study.stem
    with progress_bar(study.stem, quiet) as (progress, say):
        front = search(study, evaluations, replications, workers, clock, folder, not no_figures, progress, say)
    if as_json:
        typer.echo(json_text(front), nl=False)
        return
    _print(front)
    typer.echo(f"Written: {folder / 'optimise.json'}")
    typer.echo("This compares schedules; it does not predict the war.")


def _print(front: "Front") -> None:
    """Print the front, with the scenarios as they are below it."""
    goals = [goal.name for goal in front.goals]
    typer.echo(f"{front.title or front.name}\n{front.tried:,} timelines tried in {front.replications:,} futures each, "
               f"seed {front.seed}; those below confirmed in {front.fresh:,} fresh ones\n")
    rows = [(one.name, *map(_text, one.confirmed)) for one in front.front]
    rows += [(f"{one.name}, as it is", *map(_text, one.confirmed)) for one in front.base]
    print_table(("Timeline", *goals), rows, right=goals, whole=("Timeline",))
    typer.echo("\n± is half a 95 % interval of sampling error. All timelines meet the same futures: their differences "
               "are surer than that.")
    typer.echo("The search itself had them better, by luck: " + "; ".join(
        f"{name} by {estimate.value:.3g}" for name, estimate in zip(goals, front.optimism, strict=True)) + ".")
    if front.dropped:
        typer.echo(f"Dropped in the fresh futures: {_counted(front.dropped)}.")
    for note in front.notes:
        typer.echo(f"Note: {note}")


def _text(estimate: "Estimate") -> str:
    return f"{estimate.value:,.4g} ± {1.96 * estimate.se:,.2g}"


def _counted(dropped: "tuple[Candidate, ...]") -> str:
    words = [one.status for one in dropped]
    return ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))
