"""Options that commands share, and how their values are read."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.export import table_file
from sim.scenario.shipped import SCENARIOS, STUDIES, Shipped


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return what reads an option that is a whole number between two bounds."""

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
    """Return what reads an option that is one of some words."""

    def read(text: str) -> str:
        if text not in words:
            raise typer.BadParameter(f"must be {', '.join(words[:-1])} or {words[-1]}, not {text}")
        return text

    return read


def found(kind: Shipped) -> Callable[[typer.Context, Any], Any]:
    """Return what takes a path for a file, or for the name of one that comes with the program, and says so."""

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


def found_results(ctx: typer.Context, value: Path) -> Any:
    """Take a folder for itself, and all else for a study."""
    return value if value.is_dir() else found(STUDIES)(ctx, value)


MOST = 1_000_000
"""Replications at most."""
MOST_WORKERS = 1000

File = Annotated[Path, typer.Argument(
    metavar="FILE", callback=found(SCENARIOS), help="Scenario file, or the name of one that comes with the program.")]
Files = Annotated[list[Path], typer.Argument(
    metavar="FILE", callback=found(SCENARIOS), help="Scenario files, or names of those that come with the program.")]
StudyFile = Annotated[Path, typer.Argument(
    metavar="STUDY", callback=found(STUDIES), help="Study file, or the name of one that comes with the program.")]
StudyResults = Annotated[Path, typer.Argument(
    metavar="STUDY", callback=found_results, help="Study file, or the folder with its results.")]
Set = Annotated[list[str] | None, typer.Option(
    "--set", metavar="KEY=VALUE", help="Change a value of the scenario; may be given several times.")]
Workers = Annotated[int | None, typer.Option(
    parser=whole(1, MOST_WORKERS), metavar="N",
    help="Threads, or worker processes of the SimPy clock; all processors when left out.")]
Clock = Annotated[str, typer.Option(
    parser=one_of("auto", "simpy", "compiled"), metavar="auto|simpy|compiled",
    help="What plays them: the same results, sooner or later.")]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")]
Force = Annotated[bool, typer.Option(
    "--force", help="Replace whatever results the folder has. Files that this program did not write always stay.")]
Quiet = Annotated[bool, typer.Option(
    "--quiet", is_eager=True, help="Show neither progress nor what is being done.")]
Seed = Annotated[int, typer.Option(parser=whole(0, 2**63 - 1), metavar="S", help="Which futures.")]
TableFile = Annotated[Path | None, typer.Option(
    "--table", parser=table_file, metavar="FILE", help="Write the table to a file too: .md or .tex as printed, .csv or "
    ".xlsx with the numbers in full.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
