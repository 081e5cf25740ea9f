"""The command that searches a study's levers for the best timelines."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.export import write_table
from sim.cli.options import Clock, Force, Json, NoFigures, Quiet, StudyFile, TableFile, Workers, whole
from sim.cli.terminal import print_end, print_table, print_text, progress_bar
from sim.scenario.files import stem
from sim.study.defaults import EVALUATIONS, MOST, REPLICATIONS

if TYPE_CHECKING:
    from sim.study.front import Candidate, Front


def optimise(
    study: StudyFile,
    evaluations: Annotated[int, typer.Option(
        parser=whole(1, MOST), metavar="N", help="Timelines to try at most.")] = EVALUATIONS,
    replications: Annotated[int, typer.Option(
        parser=whole(2, MOST), metavar="N", help="Futures that each meets in the search; the best meet twice as "
        "many fresh ones.")] = REPLICATIONS,
    workers: Workers = None,
    clock: Clock = "auto",
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Folder for what is written; results/optimise/NAME/HASH when left out.")] = None,
    force: Force = False,
    no_figures: NoFigures = False,
    quiet: Quiet = False,
    as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Search a study's levers for the timelines that no other beats in every outcome, over what is not known.

    The study has levers or several scenarios. Its first two or three outcomes are weighed against one another.
    """
    from sim.api.optimise import optimise as search
    from sim.study.file import read_study
    from sim.study.front_files import default_folder, json_text

    asked = read_study(study)
    folder = out or default_folder(asked, evaluations, replications)
    with progress_bar(stem(study), quiet) as (progress, say):
        front = search(asked, evaluations, replications, workers, clock, folder, not no_figures, progress, say, force)
    if table is not None:
        write_table(table, [front.as_table()], front.table)
    if as_json:
        typer.echo(json_text(front), nl=False)
        return
    _print(front)
    print_end(folder / "optimise.json", *([folder / "figures"] if (folder / "figures").is_dir() else []),
              *([table] if table is not None else []))


def _print(front: "Front") -> None:
    """Print the front, with the scenarios as they are below it."""
    from sim.words.phrases import counted

    print_text(front.title or front.name, f"{counted(front.tried, 'timeline')} tried in "
               f"{counted(front.replications, 'replication')} each, seed {front.seed}; those below confirmed in "
               f"{front.fresh:,} fresh ones", "")
    print_table(front.as_table())
    print_text("", "± is half the width of a 95 % interval (sampling error). All timelines are played with the same "
               "random numbers, so their differences are known more precisely than that.", *_luck(front))
    if front.dropped:
        print_text(f"Dropped after the fresh replications: {_counted(front.dropped)}.")
    print_text(*(f"Note: {note}" for note in front.notes))


def _luck(front: "Front") -> Iterator[str]:
    """Say how much better things looked in the search: by the luck of its replications, and by picking."""
    from sim.words.labels import in_sentence
    from sim.words.phrases import difference_unit, number, scale_of

    base = front.base[0]
    shifts = [goal.sign * (after.value - before.value)
              for goal, before, after in zip(front.goals, base.search, base.confirmed, strict=True)]
    for goal, estimate, shift in zip(front.goals, front.optimism, shifts, strict=True):
        unit = difference_unit(goal.kind, goal.unit)
        told = in_sentence(goal.said) if unit in goal.said.lower() else f"{in_sentence(goal.said)}, {unit}"
        luck, base_luck = (number(scale_of(goal.kind) * value) for value in (estimate.value, shift))
        yield (f"Optimism of the search in {told}: {luck} on average; for {base.name} as it is, which it did not pick, "
               f"{base_luck}.")


def _counted(dropped: "tuple[Candidate, ...]") -> str:
    words = [one.status for one in dropped]
    return ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))
