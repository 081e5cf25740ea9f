"""The command that compares scenarios."""

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.export import write_table
from sim.cli.notices import as_data, doubts_of, warn_briefly
from sim.cli.options import (
    MOST,
    By,
    Clock,
    Files,
    Force,
    Json,
    NoFigures,
    NoReport,
    Quiet,
    Seed,
    Set,
    TableFile,
    Workers,
    whole_number,
)
from sim.cli.terminal import print_end, print_table, print_text, progress_bar, stamps
from sim.play.defaults import MOST_REPLICATIONS, PAGE

if TYPE_CHECKING:
    from sim.comparison.compare import Comparison

def compare(
    files: Files,
    base: Annotated[str | None, typer.Option(
        metavar="NAME", help="Scenario to compare the others with; the first when left out.")] = None,
    replications: Annotated[int | None, typer.Option(
        parser=whole_number(1, MOST), metavar="N",
        help="Replications of each scenario; 10,000 when neither this nor a precision is given.")] = None,
    precision: Annotated[list[str] | None, typer.Option(
        metavar="OUTCOME=HALF_WIDTH", help="Play until the half-width of the 95 % interval of the outcome's difference "
        "is reached, e.g. completion_day=2 or attacks_total=1% (of the base's mean); may be given several "
        "times.")] = None,
    max_replications: Annotated[int, typer.Option(
        parser=whole_number(1, MOST), metavar="N",
        help="Most replications to play for a precision.")] = MOST_REPLICATIONS,
    explain: Annotated[bool, typer.Option("--explain", help="Say why they differ: because of which changes in the "
                                          "file, and through which couplings of the model.")] = False,
    outcome: Annotated[list[str] | None, typer.Option(
        metavar="NAME", help="Outcome to explain; those that differ most when left out. May be given several "
        "times.")] = None,
    trade_off: Annotated[tuple[str, str] | None, typer.Option(
        metavar="X Y", help="Two outcomes to draw against each other in a figure.")] = None,
    by: By = None,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Folder for the results; results/compare/NAMES/HASH when left out.")] = None,
    set_: Set = None,
    workers: Workers = None,
    clock: Clock = "auto",
    force: Force = False,
    no_figures: NoFigures = False,
    no_report: NoReport = False,
    quiet: Quiet = False,
    as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Play scenarios with the same random numbers, and say how each differs from a base and how sure that is.

    Replication by replication, all scenarios meet the same chance events. --set changes all of them. A verdict needs a
    difference that is shown and large enough to matter; from what size on, a table [practical] of the base can say.
    """
    if replications is not None and precision:
        raise typer.BadParameter("give --precision or --replications, not both; --max-replications limits a precision")
    if outcome and not explain:
        raise typer.BadParameter("--outcome says what to explain; it needs --explain")
    from sim.api import compare as api
    from sim.comparison import by_date, words
    from sim.comparison.compare import sides_of
    from sim.estimate.by_date import check_dates
    from sim.play.storage import as_json as json_text
    from sim.scenario.load import load_all

    scenarios = load_all(files, set_)
    sides = sides_of(scenarios, base)
    check_dates(by or (), [sides[0].file])
    folder = out or api.default_folder(sides, seed, explain, outcome, trade_off)
    results, figures, page = folder / "comparison.json", folder / "figures", folder / PAGE
    before = stamps(results, figures, page)
    warnings = {file.name: doubts_of(file) for file in scenarios}
    warn_briefly(list(dict.fromkeys(chain.from_iterable(warnings.values()))))
    with progress_bar("compare", quiet) as (progress, say):
        comparison = api.compare(
            scenarios, base, replications, seed, workers, folder, not no_figures, progress, precision, max_replications,
            clock, explain, outcome, trade_off, say, force, not no_report)
    if table is not None:
        write_table(table, [*words.tables(comparison), *by_date.tables_by(comparison, by or [])], comparison.table)
    if as_json:
        asked = {"by": by_date.as_dict(comparison, by)} if by else {}
        doubts = {"warnings": {name: as_data(of_file) for name, of_file in warnings.items()}}
        typer.echo(json_text(words.as_dict(comparison) | asked | doubts), nl=False)
        return
    _print(comparison, by or [])
    shown = [path for path in (figures, page) if path.exists()]
    print_end(results, *shown, *([table] if table is not None else []), before=before)


def _print(comparison: "Comparison", by: list[str]) -> None:
    """Print all means side by side, how each scenario differs and why, and what a reader has to know."""
    from sim.comparison import by_date, words
    from sim.words.by_date import NOTHING
    from sim.words.phrases import counted

    print_text(f"{len(comparison.sides)} scenarios, {counted(comparison.replications, 'replication')} each, seed "
               f"{comparison.seed}, all with the same random numbers")
    for table in [*words.tables(comparison), *by_date.tables_by(comparison, by)]:
        print_text("", table.title, "")
        print_table(table)
    if by and not by_date.tables_by(comparison, by):
        print_text("", NOTHING)
    print_text("", *words.sentences(comparison), *words.notes(comparison))
    for name, explanation in comparison.explanations.items():
        print_text("", f"Why {name} differs from {comparison.base.name}, in the first "
                   f"{counted(explanation.replications, 'replication')}", "", *explanation.sentences())
