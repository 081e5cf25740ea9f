"""The command that searches a study's levers for the best timelines."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.export import write_table
from sim.cli.options import Clock, Force, Json, NoFigures, Quiet, StudyFile, TableFile, Workers, whole_number
from sim.cli.terminal import print_end, print_table, print_text, progress_bar, stamps
from sim.scenario.files import stem
from sim.study.defaults import EVALUATIONS, MOST, REPLICATIONS

if TYPE_CHECKING:
    from sim.study.front import Candidate, Front
    from sim.study.study import Goal


def optimise(
    study: StudyFile,
    evaluations: Annotated[int, typer.Option(
        parser=whole_number(1, MOST), metavar="N", help="Most timelines to try.")] = EVALUATIONS,
    replications: Annotated[int, typer.Option(
        parser=whole_number(2, MOST), metavar="N", help="Replications of each timeline in the search; the best are "
        "confirmed in twice as many new ones.")] = REPLICATIONS,
    workers: Workers = None,
    clock: Clock = "auto",
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Folder for the results; results/optimise/NAME/HASH when left out.")] = None,
    force: Force = False,
    no_figures: NoFigures = False,
    quiet: Quiet = False,
    as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Search a study's levers for timelines that no other timeline beats in every outcome, given all uncertainties.

    The study needs levers or several scenarios. Its first two or three outcomes are weighed against one another.
    """
    from sim.api.optimise import optimise as search
    from sim.study.file import read_study
    from sim.study.front_files import default_folder, json_text

    levers = read_study(study)
    folder = out or default_folder(levers, evaluations, replications)
    results, figures = folder / "optimise.json", folder / "figures"
    before = stamps(results, figures)
    with progress_bar(stem(study), quiet) as (progress, say):
        front = search(levers, evaluations, replications, workers, clock, folder, not no_figures, progress, say, force)
    if table is not None:
        write_table(table, [front.as_table()], front.table)
    if as_json:
        typer.echo(json_text(front), nl=False)
        return
    _print(front)
    print_end(results, *([figures] if figures.is_dir() else []), *([table] if table is not None else []), before=before)


def _print(front: "Front") -> None:
    """Print the front, and below it the scenarios as they are."""
    from sim.study.front import MARK
    from sim.words.phrases import counted

    print_text(front.title or front.name, f"{counted(front.tried, 'timeline')} tried in "
               f"{counted(front.replications, 'replication')} each, seed {front.seed}; those below confirmed in "
               f"{front.fresh:,} new ones", "")
    print_table(front.as_table())
    print_text("", "± is half the width of a 95 % interval (sampling error). All timelines are played with the same "
               "random numbers, so their differences are known more precisely than that.", *_luck(front))
    if at_ends := front.at_ends():
        print_text(*(f"{MARK} {line}" for line in at_ends))
    if front.dropped:
        print_text(f"Dropped in the new replications: {_counted(front.dropped)}.")
    print_text(*(f"Note: {note}" for note in front.notes))


def _luck(front: "Front") -> Iterator[str]:
    """Say how much better the timelines looked in the search than in new replications.

    What a scenario that was not picked shares is the luck of the search's replications. The rest comes from picking.
    """
    from sim.words.labels import in_sentence

    base = next(iter(front.unpicked), None)
    for i, (goal, estimate) in enumerate(zip(front.goals, front.optimism, strict=True)):
        line = (f"In {in_sentence(goal.said)}, these timelines looked {_better(goal, estimate.value)} in the search "
                "than in the new replications, on average")
        if base is not None:
            shift = goal.sign * (base.confirmed[i].value - base.search[i].value)
            line += f"; {base.name} as it is, which was not picked, looked {_better(goal, shift)}"
        yield f"{line}."


def _better(goal: "Goal", value: float) -> str:
    """Write by how much something looked better, or worse if the value is negative."""
    from sim.words.phrases import difference_unit, number, scale_of

    unit = difference_unit(goal.kind, goal.unit, short=True)
    return f"{number(scale_of(goal.kind) * abs(value))} {unit} {'worse' if value < 0 else 'better'}"


def _counted(dropped: "tuple[Candidate, ...]") -> str:
    words = [candidate.status for candidate in dropped]
    return ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))
