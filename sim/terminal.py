"""What the command line shows: progress, tables, the summary of a run; on any terminal, or on none."""

import os
import sys
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 140
LEAST_WIDTH = {"Unit": 110, "95 % interval": 80, "5–95 %": 60}
"""Columns left out on terminals that are narrower."""
NUMBERS = ("Mean", "95 % interval", "Median", "5–95 %")
UNBROKEN = ("Outcome", "Mean", "Median")


def _console(stream: Any) -> "Console":
    from rich.console import Console

    width = None if stream.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


@contextmanager
def progress_bar(name: str, replications: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar with the time left, on a terminal; give what tells it how many more replications are done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = _console(sys.stderr)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn(elapsed_when_finished=True))
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task(name, total=replications)

        def advance(done: int) -> None:
            bar.advance(task, done)
            if bar.finished:
                bar.update(task, description=f"{name}: summing up and drawing")

        yield advance


def print_summary(summary: dict[str, Any], folder: Path, figures: bool) -> None:
    """Print the main outcomes of a run, and where its results and figures lie."""
    from sim.analysis.table import HEAD, main_outcomes, notes

    console = _console(sys.stdout)
    played = f"{summary['replications']:,} replications, seed {summary['seed']}"
    console.print("\n".join([summary["title"] or summary["scenario"], played, ""]))
    fits = [i for i, name in enumerate(HEAD) if console.width >= LEAST_WIDTH.get(name, 0)]
    rows = [[row[i] for i in fits] for row in main_outcomes(summary)]
    print_table([HEAD[i] for i in fits], rows, NUMBERS)
    lines = ["", *notes(summary), "Intervals are sampling error alone; 5–95 % is how far replications differ.",
             f"Results: {folder}", *([f"Figures: {folder / 'figures'}"] if figures else []),
             "This compares schedules; it does not predict the war."]
    console.print("\n".join(lines), soft_wrap=True)


def print_table(head: Iterable[str], rows: Iterable[Iterable[str]], right: Container[str] = ()) -> None:
    """Print a table, with the columns named in ``right`` to the right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in head:
        justify: Any = "right" if name in right else "left"
        table.add_column(name, justify=justify, overflow="fold", no_wrap=name in UNBROKEN)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    _console(sys.stdout).print(table)
