"""Options that commands share, and how their values are read."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.export import table_file
from sim.scenario.shipped import SCENARIOS, STUDIES, Shipped


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of options that are whole numbers between two bounds."""

    def read(text: Any) -> int:
        try:
            number = int(text)
        except ValueError:
            raise typer.BadParameter(f"must be a whole number from {low:,} to {high:,}, not {text}") from None
        if not low <= number <= high:
            raise typer.BadParameter(f"must be from {low:,} to {high:,}, not {number:,}")
        return number

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """Return a reader of options that are one of several words."""

    def read(text: str) -> str:
        if text not in words:
            raise typer.BadParameter(f"must be {', '.join(words[:-1])} or {words[-1]}, not {text}")
        return text

    return read


def shipped(kind: Shipped) -> Callable[[typer.Context, Any], Any]:
    """Return a reader of paths: of files, or names of shipped ones; if it takes one of those, it says so."""

    def find(ctx: typer.Context, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [find(ctx, entry) for entry in value]
        if value is None:
            return None
        path = kind.find(str(value))
        if (line := kind.said(str(value), path)) and not ctx.params.get("quiet"):
            typer.echo(line, err=True)
        return Path(path)

    return find


def study_or_results(ctx: typer.Context, value: Path) -> Any:
    """Return a folder as it is, and read anything else as the path of a study."""
    return value if value.is_dir() else shipped(STUDIES)(ctx, value)


MOST = 1_000_000
"""The most replications that may be asked for."""
MOST_WORKERS = 1000

File = Annotated[Path, typer.Argument(
    metavar="FILE", callback=shipped(SCENARIOS), help="Scenario file, or the name of one that comes with the program.")]
Files = Annotated[list[Path], typer.Argument(
    metavar="FILE", callback=shipped(SCENARIOS), help="Scenario files, or names of those that come with the program.")]
StudyFile = Annotated[Path, typer.Argument(
    metavar="STUDY", callback=shipped(STUDIES), help="Study file, or the name of one that comes with the program.")]
StudyResults = Annotated[Path, typer.Argument(
    metavar="STUDY", callback=study_or_results, help="Study file, or the folder with its results.")]
Set = Annotated[list[str] | None, typer.Option(
    "--set", metavar="KEY=VALUE", help="Change a value of the scenario; may be given several times.")]
By = Annotated[list[str] | None, typer.Option(
    "--by", metavar="DATE", help="Print the chance of completion and of every milestone by this date too, such as "
    "2026-12-31; may be given several times.")]
Workers = Annotated[int | None, typer.Option(
    parser=whole_number(1, MOST_WORKERS), metavar="N",
    help="Threads, or worker processes of the SimPy clock; all processors when left out.")]
Clock = Annotated[str, typer.Option(
    parser=one_of("auto", "simpy", "compiled"), metavar="auto|simpy|compiled",
    help="Which clock plays; the results are the same, only the speed differs.")]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")]
NoReport = Annotated[bool, typer.Option("--no-report", help="Write no report.html beside the figures.")]
Force = Annotated[bool, typer.Option(
    "--force", help="Replace whatever results the folder has. Files that this program did not write always stay.")]
Quiet = Annotated[bool, typer.Option(
    "--quiet", is_eager=True, help="Show no progress and no messages on the way.")]
Seed = Annotated[int, typer.Option(parser=whole_number(0, 2**63 - 1), metavar="S", help="Seed of the random numbers.")]
TableFile = Annotated[Path | None, typer.Option(
    "--table", parser=table_file, metavar="FILE", help="Write the table to a file too: .md or .tex as printed, .csv or "
    ".xlsx with the numbers in full.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
