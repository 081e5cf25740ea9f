"""The command that compares scenarios."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.export import write_table
from sim.cli.options import MOST, Clock, Files, Force, Json, NoFigures, Quiet, Seed, Set, TableFile, Workers, whole
from sim.cli.terminal import print_end, print_table, print_text, progress_bar
from sim.play.defaults import MOST_REPLICATIONS

if TYPE_CHECKING:
    from sim.comparison.compare import Comparison

def compare(
    files: Files,
    base: Annotated[str | None, typer.Option(
        metavar="NAME", help="Scenario to compare the others with; the first when left out.")] = None,
    replications: Annotated[int | None, typer.Option(
        parser=whole(1, MOST), metavar="N",
        help="Futures that each meets; 10,000 when neither this nor a precision is given.")] = None,
    precision: Annotated[list[str] | None, typer.Option(
        metavar="OUTCOME=HALF_WIDTH", help="Play until the half-width of the 95 % interval of the outcome's difference "
        "is reached, e.g. completion_day=2 or attacks_total=1% (of the base's mean); may be given several "
        "times.")] = None,
    max_replications: Annotated[int, typer.Option(
        parser=whole(1, MOST), metavar="N", help="Futures to play at most for a precision.")] = MOST_REPLICATIONS,
    explain: Annotated[bool, typer.Option("--explain", help="Say why they differ: through which changes in the file, "
                                          "and through which couplings of the model.")] = False,
    outcome: Annotated[list[str] | None, typer.Option(
        metavar="NAME", help="Outcome to explain; those that differ most when left out. May be given several "
        "times.")] = None,
    trade_off: Annotated[tuple[str, str] | None, typer.Option(
        metavar="X Y", help="Two outcomes to weigh against each other in a figure.")] = None,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Folder for what is written; results/compare/NAMES/HASH when left out.")] = None,
    set_: Set = None,
    workers: Workers = None,
    clock: Clock = "auto",
    force: Force = False,
    no_figures: NoFigures = False,
    quiet: Quiet = False,
    as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Play scenarios under the same chance, and say how each differs from a base, and how sure that is.

    Every scenario meets the same futures, replication by replication. --set changes all of them.
    """
    if replications is not None and precision:
        raise typer.BadParameter("give --precision or --replications, not both; --max-replications limits a precision")
    if outcome and not explain:
        raise typer.BadParameter("--outcome says what to explain; it needs --explain")
    from sim.api import compare as api
    from sim.comparison import words
    from sim.comparison.compare import sides_of
    from sim.play.storage import as_json as json_text
    from sim.scenario.load import load_all

    scenarios = load_all(files, set_)
    sides = sides_of(scenarios, base)
    folder = out or api.default_folder(sides, seed, explain, outcome, trade_off)
    with progress_bar("compare", quiet) as (progress, say):
        comparison = api.compare(
            scenarios, base, replications, seed, workers, folder, not no_figures, progress, precision, max_replications,
            clock, explain, outcome, trade_off, say, force)
    if table is not None:
        write_table(table, words.tables(comparison), comparison.table)
    if as_json:
        typer.echo(json_text(words.as_dict(comparison)), nl=False)
        return
    _print(comparison)
    print_end(folder / "comparison.json", *([folder / "figures"] if (folder / "figures").is_dir() else []),
              *([table] if table is not None else []))


def _print(comparison: "Comparison") -> None:
    """Print all means side by side, how each scenario differs, why, and what a reader has to know."""
    from sim.comparison import words
    from sim.words.phrases import counted

    print_text(f"{len(comparison.sides)} scenarios, {counted(comparison.replications, 'replication')} each, seed "
               f"{comparison.seed}, with the same random numbers in all")
    for table in words.tables(comparison):
        print_text("", table.title, "")
        print_table(table)
    print_text("", *words.sentences(comparison), *words.notes(comparison))
    for name, explanation in comparison.explanations.items():
        played = f"in the first {counted(explanation.replications, 'replication')}"
        print_text("", f"Why {name} differs from {comparison.base.name}, {played}", "", *explanation.sentences())
